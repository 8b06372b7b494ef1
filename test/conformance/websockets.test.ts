import { expect } from 'vitest';
import { WebSocket } from 'ws';
import { behaviour, pausePod, ready } from './support/behaviour.ts';
import { config, core, eventually } from './support/cluster.ts';
import { shell } from './support/programs.ts';

behaviour('[sig-node] Pods should support retrieving logs from the container over websockets', async (scope) => {
  const namespace = await scope.namespace();
  const containers = [shell('echo container is alive; sleep 600')];
  await core.createNamespacedPod({ namespace, body: pausePod('pod-logs-websocket', {}, { containers }) });
  await ready(namespace, 'pod-logs-websocket');
  const options: object = {};
  await config.applyToHTTPSOptions(options);
  const server = (config.getCurrentCluster()?.server ?? '').replace(/^http/, 'ws').replace(/\/$/, '');
  const url = `${server}/api/v1/namespaces/${namespace}/pods/pod-logs-websocket/log?container=main`;
  const socket = new WebSocket(url, ['binary.k8s.io'], options);
  scope.finally(async () => socket.terminate());
  let text = '';
  socket.on('message', (data: Buffer) => {
    text += data.toString();
  });
  let failure: unknown;
  socket.on('error', (error) => {
    failure = error;
  });
  await eventually('the line arrives', async () => text !== '' || failure !== undefined, 10);
  expect([text, failure]).toEqual(['container is alive\n', undefined]);
});
