import { expect, test } from 'vitest';
import type { Pod } from '../../runtime/api/generated/types/core/v1.ts';
import { admitPod } from '../../runtime/kubelet/admission.ts';

const node = { name: 'n', labels: {}, allocatable: { cpu: '4', memory: '8Gi', pods: '110' } };
const pod = (hostIP: string | undefined, protocol: string): Pod => ({
  spec: { containers: [{ name: 'c', image: 'i', ports: [{ containerPort: 80, hostPort: 8080, protocol, ...(hostIP && { hostIP }) }] }] },
});

test.each([
  ['the same address and protocol', '127.0.0.1', 'TCP', true],
  ['another address', '10.0.0.1', 'TCP', false],
  ['another protocol', '127.0.0.1', 'UDP', false],
  ['every address', undefined, 'TCP', true],
])('a host port of %s', (_, hostIP, protocol, isRefused) => {
  const rejection = admitPod(pod(hostIP, protocol), node, [pod('127.0.0.1', 'TCP')]);
  expect(rejection?.reason).toBe(isRefused ? 'NodePorts' : undefined);
});
