import { spawn } from 'node:child_process';
import { expect } from 'vitest';
import { deployment } from './manifests.ts';
import { type ScriptSession, type Step, script, sharedCluster } from './script.ts';

const shared = sharedCluster('kubectl logs, exec, cp, debug, port-forward, proxy');
const simulated = 'containers of this cluster are simulated and run no commands';
const start: readonly Step[] = [
  { run: 'run p --image=nginx --port=80', says: 'pod/p created' },
  { run: 'wait --for=condition=Ready pod/p --timeout=30s', says: 'condition met' },
];

script(
  'logs',
  shared,
  [
    ...start,
    { run: 'apply -f {dir}/web.yaml', says: 'created' },
    { run: 'rollout status deployment/web --timeout=60s', says: 'successfully rolled out' },
    { run: 'logs p', says: 'start worker processes', eventually: true },
    { run: 'logs p --tail=1 --timestamps', says: /^\d{4}-\d\d-\d\dT[\d:.]+Z .*\n$/ },
    { run: 'logs p --limit-bytes=5', says: /^.{5}$/ },
    { run: 'logs p --since=1h', says: 'start worker processes' },
    { run: 'logs p --since-time=2100-01-01T00:00:00Z', hides: 'start' },
    { run: 'logs p --previous', fails: 'previous terminated container "p" in pod "p" not found' },
    { run: 'logs p -c none', fails: 'container none is not valid for pod p' },
    { run: 'logs -l app=web --all-containers --prefix', says: /^\[pod\/web-[\w-]+\/web\] /, eventually: true },
    { run: 'logs deployment/web', says: 'start worker processes' },
    { run: 'logs deployment/web --all-pods=true', says: /^\[pod\/web-/, since: '1.33' },
    { run: 'logs none', fails: 'pods "none" not found' },
    { run: 'run over --image=busybox --restart=Never -- date', says: 'created' },
    { run: 'logs -f over --pod-running-timeout=30s', says: /20\d\d/, eventually: true },
  ],
  { 'web.yaml': deployment() },
);

script(
  'commands in containers',
  shared,
  [
    ...start,
    {
      run: 'exec p -- ls',
      fails: `Internal error occurred: error executing command in container: not available: ${simulated}`,
      since: '1.30',
    },
    { run: 'exec none -- ls', fails: 'pods "none" not found' },
    { run: 'exec p -c none -- ls', fails: 'container none is not valid for pod p' },
    { run: 'attach p', fails: `Internal error occurred: error attaching to container: not available: ${simulated}`, since: '1.30' },
    { run: 'cp {dir}/file p:/tmp/x', fails: simulated, since: '1.30' },
    { run: 'cp p:/tmp/x {dir}/y', fails: simulated, since: '1.30' },
    // Older ones speak SPDY alone.
    ...['exec p -- ls', 'attach p', 'cp {dir}/file p:/tmp/x'].map(
      (run): Step => ({ run, fails: `not available: ${simulated}`, until: '1.29' }),
    ),
  ],
  { file: 'x' },
);

script('debug', shared, [
  ...start,
  { run: 'debug p --image=redis -c looker', says: '' },
  {
    run: 'get pod p -o jsonpath={.status.ephemeralContainerStatuses[0].name}:{.status.ephemeralContainerStatuses[0].state.running.startedAt}',
    says: /^looker:20\d\d-/,
    eventually: true,
  },
  { run: 'logs p -c looker', says: /\w/, eventually: true },
  { run: 'describe pod p', says: /Ephemeral Containers:\n +looker:[\s\S]*State: +Running/ },
  {
    run: 'debug p --copy-to=copy --set-image=*=redis',
    also: async (_, { session }) => expect(await session.run('get pod copy -o jsonpath={.spec.containers[0].image}')).toBe('redis'),
  },
  {
    run: 'debug node/node-1 --image=redis --profile=general',
    says: /Creating debugging pod node-debugger-node-1-\w+ with container debugger on node node-1/,
  },
  { run: 'debug none --image=busybox', fails: 'pods "none" not found' },
]);

script(
  'forward and proxy',
  shared,
  [
    ...start,
    { run: 'apply -f {dir}/web.yaml', says: 'created' },
    { run: 'rollout status deployment/web --timeout=60s', says: 'successfully rolled out' },
    ...['pod/p', 'deployment/web'].map(
      (target): Step => ({
        run: 'version --client',
        also: (_, where) =>
          besides(where, ['port-forward', target, ':80'], /Forwarding from 127\.0\.0\.1:(\d+)/, async (port) => {
            const answer = await fetch(`http://127.0.0.1:${port}/`);
            expect([answer.status, await answer.text()]).toEqual([200, expect.stringMatching(/^nginx.*, simulated in pod /)]);
          }),
      }),
    ),
    { run: 'logs p', says: /^127\.0\.0\.1 - - \[.+\] "GET \/ HTTP\/1\.1" 200 \d+ "-" "node" "-"$/m },
    { run: 'port-forward pod/none :80', fails: 'pods "none" not found' },
    {
      run: 'version --client',
      also: (_, where) =>
        besides(where, ['proxy', '--port=0'], /Starting to serve on 127\.0\.0\.1:(\d+)/, async (port) => {
          expect(await (await fetch(`http://127.0.0.1:${port}/api`)).json()).toMatchObject({ kind: 'APIVersions' });
          expect((await fetch(`http://127.0.0.1:${port}/api/v1/namespaces/${where.namespace}/pods/p/proxy/`)).status).toBe(200);
        }),
    },
  ],
  { 'web.yaml': deployment() },
);

/** Runs a kubectl that stays, looks at what it does once it has said where it listens, and ends it. */
async function besides(
  where: ScriptSession,
  args: readonly string[],
  listens: RegExp,
  look: (port: string) => Promise<void>,
): Promise<void> {
  const child = spawn(where.kubectl.path, [...args], { env: { HOME: where.folder, KUBECONFIG: where.kubeconfig } });
  let out = '';
  try {
    const port = await new Promise<string>((done, fail) => {
      const read = (chunk: Buffer) => {
        out += chunk;
        const [, found] = listens.exec(out) ?? [];
        if (found !== undefined) done(found);
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('exit', (code) => fail(new Error(`kubectl ${args.join(' ')} ended with ${code}: ${out}`)));
    });
    await look(port);
  } finally {
    child.kill();
  }
}
