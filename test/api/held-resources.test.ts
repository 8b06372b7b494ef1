import { describe, expect, it } from 'vitest';
import type { Container, ContainerStatus, Pod, PodCondition } from '../../runtime/api/generated/types/core/v1.ts';
import { heldResources } from '../../runtime/api/held-resources.ts';

const container: Container = { name: 'main', resources: { requests: { cpu: '2', memory: '1Gi' }, limits: { cpu: '2' } } };
const given = {
  ...{ name: 'main', image: 'nginx', imageID: '', ready: true, restartCount: 0 },
  allocatedResources: { cpu: '1', memory: '2Gi', 'example.com/gpu': '1' },
  resources: { requests: { cpu: '500m', memory: '1536Mi' }, limits: { cpu: '3' } },
};

const podWith = (status: Pod['status']): Pod => ({ spec: { containers: [container] }, ...(status === undefined ? {} : { status }) });
const pending = (reason: string): PodCondition => ({ type: 'PodResizePending', status: 'True', reason });

describe('what a container holds while its pod is resized', () => {
  it('is what it asks for while its node has told nothing', () => {
    expect(heldResources(podWith(undefined), container, 'requests')).toBe(container.resources?.requests);
    const { resources: _, ...without } = given;
    expect(heldResources(podWith({ containerStatuses: [without] }), container, 'requests')).toBe(container.resources?.requests);
  });

  it('is the most of what it asks for, was given and has', () => {
    const pod = podWith({ containerStatuses: [given], conditions: [pending('Deferred')] });
    expect(heldResources(pod, container, 'requests')).toEqual({ cpu: '2', memory: '2Gi', 'example.com/gpu': '1' });
    expect(heldResources(pod, container, 'limits')).toEqual({ cpu: '3' });
  });

  it('does not count a wish that cannot be fulfilled', () => {
    const pod = podWith({ containerStatuses: [given], conditions: [pending('Infeasible')] });
    expect(heldResources(pod, container, 'requests')).toEqual({ cpu: '1', memory: '2Gi', 'example.com/gpu': '1' });
  });

  it('stands among the init containers for a sidecar', () => {
    const sidecar: Container = { ...container, restartPolicy: 'Always' };
    const more: ContainerStatus = { ...given, allocatedResources: { cpu: '4' } };
    const pod = podWith({ containerStatuses: [given], initContainerStatuses: [more] });
    expect(heldResources(pod, sidecar, 'requests')).toMatchObject({ cpu: '4' });
  });
});
