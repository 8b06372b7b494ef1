import { arrayAt, isDict } from '../../registry/api-object.ts';
import type { AdmissionPlugin } from '../admission.ts';
import { podOf, specOf } from './pods.ts';

const taints = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];
const seconds = 300;

/** A pod stays five minutes on a node that has gone, unless it says otherwise. Follows upstream's `DefaultTolerationSeconds`. */
export const defaultTolerationSeconds: AdmissionPlugin = {
  name: 'DefaultTolerationSeconds',
  admit(attributes) {
    const pod = podOf(attributes, ['CREATE', 'UPDATE']);
    if (pod === undefined) return;
    const spec = specOf(pod);
    const tolerations = arrayAt(spec, 'tolerations').filter(isDict);
    const missing = taints.filter(
      (key) =>
        !tolerations.some(
          (toleration) => (!toleration.key || toleration.key === key) && (!toleration.effect || toleration.effect === 'NoExecute'),
        ),
    );
    if (missing.length === 0) return;
    const added = missing.map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: seconds }));
    spec.tolerations = [...tolerations, ...added];
  },
};
