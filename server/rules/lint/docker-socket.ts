import type { Rule } from '../rule.ts';
import { perPod } from '../shapes.ts';

export const dockerSocket: Rule = {
  id: 'docker-socket',
  title: 'Socket of the container runtime in a pod',
  why: 'Who can write to it is root on the node.',
  severity: 'warning',
  scope: 'object',
  check: perPod((spec) => {
    const paths = spec
      .get('volumes')
      .items()
      .map((volume) => volume.get('hostPath', 'path'));
    const socket = paths.find((path) => /\/(docker|containerd|crio)\.sock$/.test(path.text ?? ''));
    return socket && { at: socket, message: 'Through this socket the pod controls the node' };
  }),
};
