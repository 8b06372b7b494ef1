import type { V1Container } from '@kubernetes/client-node';
import { expect } from 'vitest';
import { behaviour, pausePod, ready, type Scope } from './support/behaviour.ts';
import { core, eventually } from './support/cluster.ts';
import { shell } from './support/programs.ts';

const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));
const http: V1Container = { name: 'main', image: 'nginx:1.29', ports: [{ containerPort: 80 }] };
const etcd: V1Container = {
  name: 'main',
  image: 'registry.k8s.io/etcd:3.6.6-0',
  command: ['/usr/local/bin/etcd'],
  ports: [{ containerPort: 2379 }],
};
const often = { periodSeconds: 1, failureThreshold: 1 };

async function run(scope: Scope, container: V1Container): Promise<string> {
  const namespace = await scope.namespace();
  await core.createNamespacedPod({ namespace, body: pausePod('probed', {}, { containers: [container] }) });
  return namespace;
}

async function restarts(namespace: string): Promise<number> {
  const { status } = await core.readNamespacedPod({ namespace, name: 'probed' });
  return status?.containerStatuses?.[0]?.restartCount ?? 0;
}

/** A container whose probe succeeds runs on. */
async function stays(scope: Scope, container: V1Container): Promise<void> {
  const namespace = await run(scope, container);
  await ready(namespace, 'probed');
  await pause(5000);
  expect(await restarts(namespace)).toBe(0);
}

/** A container whose probe fails is started again, and again. */
async function isRestarted(scope: Scope, container: V1Container, times = 1): Promise<void> {
  const namespace = await run(scope, container);
  let last = 0;
  await eventually(
    `${times} restarts`,
    async () => {
      const now = await restarts(namespace);
      expect(now).toBeGreaterThanOrEqual(last);
      last = now;
      return now >= times;
    },
    50,
  );
}

behaviour('[sig-node] Probing container should *not* be restarted with a /healthz http liveness probe', (scope) =>
  stays(scope, { ...http, livenessProbe: { httpGet: { path: '/', port: 80 }, initialDelaySeconds: 1, ...often } }),
);

behaviour('[sig-node] Probing container should be restarted with a /healthz http liveness probe', (scope) =>
  isRestarted(scope, { ...http, livenessProbe: { httpGet: { path: '/healthz', port: 80 }, initialDelaySeconds: 1, ...often } }),
);

behaviour('[sig-node] Probing container should have monotonically increasing restart count', (scope) =>
  isRestarted(scope, { ...http, livenessProbe: { httpGet: { path: '/healthz', port: 80 }, ...often } }, 2),
);

behaviour('[sig-node] Probing container should *not* be restarted with a tcp:8080 liveness probe', (scope) =>
  stays(scope, { ...http, livenessProbe: { tcpSocket: { port: 80 }, initialDelaySeconds: 1, ...often } }),
);

behaviour('[sig-node] Probing container should *not* be restarted with a GRPC liveness probe', (scope) =>
  stays(scope, { ...etcd, livenessProbe: { grpc: { port: 2379 }, initialDelaySeconds: 2, ...often } }),
);

behaviour('[sig-node] Probing container should be restarted with a GRPC liveness probe', (scope) =>
  isRestarted(scope, { ...etcd, livenessProbe: { grpc: { port: 2333 }, initialDelaySeconds: 1, ...often } }),
);

const health = { exec: { command: ['cat', '/tmp/health'] }, initialDelaySeconds: 2, ...often };

behaviour('[sig-node] Probing container should *not* be restarted with a exec "cat /tmp/health" liveness probe', (scope) =>
  stays(scope, shell('echo ok >/tmp/health; sleep 600', { livenessProbe: health })),
);

behaviour('[sig-node] Probing container should be restarted with a exec "cat /tmp/health" liveness probe', (scope) =>
  isRestarted(scope, shell('echo ok >/tmp/health; sleep 4; rm -rf /tmp/health; sleep 600', { livenessProbe: health })),
);

behaviour('[sig-node] Probing container with readiness probe should not be ready before initial delay and never restart', async (scope) => {
  const delay = 5;
  const namespace = await run(scope, { ...http, readinessProbe: { httpGet: { path: '/', port: 80 }, initialDelaySeconds: delay } });
  const { status } = await ready(namespace, 'probed');
  const at = (time: Date | undefined) => new Date(time ?? 0).getTime();
  const isReady = status?.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime;
  const started = status?.containerStatuses?.[0]?.state?.running?.startedAt;
  // Both times are of whole seconds, of the cluster's clock.
  expect(at(isReady) - at(started)).toBeGreaterThanOrEqual((delay - 1) * 1000);
  expect(await restarts(namespace)).toBe(0);
});

behaviour('[sig-node] Probing container with readiness probe that fails should never be ready and never restart', async (scope) => {
  const namespace = await run(scope, { ...http, readinessProbe: { exec: { command: ['/bin/false'] }, ...often } });
  await eventually('the container runs', async () => {
    const { status } = await core.readNamespacedPod({ namespace, name: 'probed' });
    return status?.containerStatuses?.[0]?.state?.running;
  });
  await pause(5000);
  const { status } = await core.readNamespacedPod({ namespace, name: 'probed' });
  expect([status?.containerStatuses?.[0]?.ready, status?.containerStatuses?.[0]?.restartCount]).toEqual([false, 0]);
});
