import { describe, expect, it } from 'vitest';
import { parseImageReference } from '../../runtime/api/image-reference.ts';
import {
  type ContainerConfig,
  containerPortsAnnotation,
  type PodSandboxConfig,
  podNameLabel,
  podNamespaceLabel,
} from '../../runtime/containers/cri.ts';
import { createImageStore } from '../../runtime/containers/simulated/image-store.ts';
import { parseProgram } from '../../runtime/containers/simulated/program.ts';
import { createSimulatedRuntime } from '../../runtime/containers/simulated/simulated-runtime.ts';
import { createPodNetwork } from '../../runtime/network/pod-network.ts';
import { createSockets } from '../../runtime/network/sockets.ts';
import { createSeededRandom } from '../../runtime/simulation/seeded-random.ts';
import { createSteppedClock } from '../../runtime/simulation/stepped-clock.ts';
import { settle } from '../client/settle.ts';

const sandbox: PodSandboxConfig = {
  metadata: { name: 'web', namespace: 'default', uid: 'u1', attempt: 0 },
  hostname: 'web',
  logDirectory: '',
  portMappings: [],
  labels: {},
  annotations: {},
  hostNetwork: false,
};

function start() {
  const clock = createSteppedClock(0, settle);
  const images = createImageStore({ clock, startupDelay: 0 });
  const sockets = createSockets();
  const runtime = createSimulatedRuntime({
    ...{ clock, images, sockets, startupDelay: 0 },
    random: createSeededRandom(1),
    network: createPodNetwork('10.244.1.0/24'),
    nodeAddress: '172.18.0.3',
  });
  const run = async (image: string, config: Partial<ContainerConfig> = {}) => {
    await images.pullImage({ image });
    const sandboxId = await runtime.runPodSandbox(sandbox);
    const id = await runtime.createContainer(
      sandboxId,
      {
        metadata: { name: 'main', attempt: 0 },
        image: { image },
        ...{ command: [], args: [], workingDir: '', envs: [], mounts: [], labels: {}, annotations: {}, logPath: '' },
        ...{ stdin: false, stdinOnce: false, tty: false, linux: { resources: { cpuMillis: 0, memoryLimitInBytes: 0 } } },
        ...config,
      },
      sandbox,
    );
    await runtime.startContainer(id);
    return id;
  };
  const look = async (id: string) => {
    const { state, exitCode } = await runtime.containerStatus(id);
    return [state, exitCode, runtime.readLogs(id).map(({ text }) => text)];
  };
  return { clock, sockets, runtime, run, look };
}

describe('the simulated runtime', () => {
  it.each([
    ['nginx', {}, ['CONTAINER_RUNNING', 0]],
    ['registry.example.com/team/nginx:1', {}, ['CONTAINER_RUNNING', 0]],
    ['busybox', {}, ['CONTAINER_EXITED', 0]],
    ['busybox', { stdin: true }, ['CONTAINER_RUNNING', 0]],
    ['postgres:16', {}, ['CONTAINER_EXITED', 1]],
    ['postgres:16', { envs: [{ key: 'POSTGRES_PASSWORD', value: 'x' }] }, ['CONTAINER_RUNNING', 0]],
    ['hello-world', {}, ['CONTAINER_EXITED', 0]],
    ['example.com/unheard-of', {}, ['CONTAINER_RUNNING', 0]],
    ['redis:5.0.4', { command: ['redis-server', '/redis-master/redis.conf'] }, ['CONTAINER_RUNNING', 0]],
    ['busybox', { command: ['sh', '-c', 'exit 3'] }, ['CONTAINER_EXITED', 3]],
    ['busybox', { command: ['sh', '-c', 'cat /none || exit 4'] }, ['CONTAINER_EXITED', 4]],
    ['busybox', { command: ['sh', '-c', 'wget -qO- http://web | grep ok'] }, ['CONTAINER_RUNNING', 0]],
  ])('%s %j', async (image, config, expected) => {
    const { run, look } = start();
    expect((await look(await run(image, config))).slice(0, 2)).toEqual(expected);
  });

  it('runs small scripts on the clock', async () => {
    const { clock, run, look } = start();
    const id = await run('busybox', {
      command: ['/bin/sh', '-c', 'i=`who`; while true; do echo "$(date) $WHO"; sleep 5; done'],
      envs: [{ key: 'WHO', value: 'me' }],
    });
    expect(await look(id)).toEqual(['CONTAINER_RUNNING', 0, []]);
    const loop = await run('busybox', {
      command: ['/bin/sh', '-c', 'echo start; while true; do\n  echo "$(date) $WHO"\n  sleep 5\ndone'],
      envs: [{ key: 'WHO', value: 'me' }],
    });
    await clock.advance(6_000);
    expect(await look(loop)).toEqual([
      'CONTAINER_RUNNING',
      0,
      ['start', 'Thu Jan 01 00:00:00 UTC 1970 me', 'Thu Jan 01 00:00:05 UTC 1970 me'],
    ]);
  });

  it('counts in the log, as the documentation of logging has it', async () => {
    const { clock, run, look } = start();
    const id = await run('busybox', { args: ['/bin/sh', '-c', 'i=0; while true; do echo "$i: $(date)"; i=$((i+1)); sleep 1; done'] });
    await clock.advance(1_500);
    expect(await look(id)).toEqual(['CONTAINER_RUNNING', 0, ['0: Thu Jan 01 00:00:00 UTC 1970', '1: Thu Jan 01 00:00:01 UTC 1970']]);
  });

  it.each<[script: string, code: number, lines: string[]]>([
    ['echo oops >&2; exit 1', 1, ['stderr oops']],
    ['echo oops 1>&2 && echo fine 2>&1', 0, ['stderr oops', 'stdout fine']],
    ['cat /none 2>/dev/null || echo "no file"', 0, ['stdout no file']],
    ['# echo to <somewhere>\necho a # not >&2', 0, ['stdout a']],
    ['echo all &> /dev/null; echo some 1>/dev/null', 0, []],
    ['echo "Hello from $(hostname)"; hostname; echo $HOSTNAME', 0, ['stdout Hello from web', 'stdout web', 'stdout web']],
    ['A=2; export B="$A$A"; echo "$((A * 3 - 1)) $(( $B + unset ))" \'$((A))\'', 0, ['stdout 5 22 $((A))']],
    ['env', 0, ['stdout HOSTNAME=web', 'stdout WHO=me']],
    ['printenv WHO; printenv NOBODY', 1, ['stdout me']],
    ['for i in 9 8 $WHO; do echo $i; done; echo "last: $i"', 0, ['stdout 9', 'stdout 8', 'stdout me', 'stdout last: me']],
    ['for i in $(seq 2 3) $(seq 1)\ndo\n  echo -$i\ndone', 0, ['stdout -2', 'stdout -3', 'stdout -1']],
    ['for i in $NONE; do echo $i; done', 0, []],
    ['ls -la /tmp/; touch /tmp/a; ls /tmp/a; ls /tmp/b', 1, ['stdout /tmp/a', 'stderr ls: /tmp/b: No such file or directory']],
  ])('runs %s', async (script, code, lines) => {
    const { runtime, run, look } = start();
    const id = await run('busybox', { command: ['sh', '-c', script], envs: [{ key: 'WHO', value: 'me' }] });
    expect((await look(id)).slice(0, 2)).toEqual(['CONTAINER_EXITED', code]);
    expect(runtime.readLogs(id).map(({ stream, text }) => `${stream} ${text}`)).toEqual(lines);
  });

  it('keeps variables that a script doubles short', async () => {
    const { runtime, run } = start();
    const id = await run('busybox', { command: ['sh', '-c', 'A=xy; for i in $(seq 100); do A=$A$A; done; echo $A'] });
    expect(runtime.readLogs(id).map(({ text }) => text.length)).toEqual([16_384]);
  });

  it('goes through the words of a loop on the clock', async () => {
    const { clock, run, look } = start();
    const id = await run('busybox', { command: ['sh', '-c', 'for i in a b; do echo $i; sleep 2; done'] });
    await clock.advance(1_000);
    expect(await look(id)).toEqual(['CONTAINER_RUNNING', 0, ['a']]);
    await clock.advance(3_000);
    expect(await look(id)).toEqual(['CONTAINER_EXITED', 0, ['a', 'b']]);
  });

  it('holds a loop that hardly sleeps to one round a second', async () => {
    const { clock, run, look } = start();
    const id = await run('busybox', { command: ['sh', '-c', 'while true; do echo round; sleep 0; done'] });
    await clock.advance(2_500);
    expect(await look(id)).toEqual(['CONTAINER_RUNNING', 0, ['round', 'round', 'round']]);
  });

  it('runs commands beside the container until they end or it does', async () => {
    const { clock, runtime, run } = start();
    const id = await run('busybox', { args: ['sleep', '1000'] });
    expect((await runtime.execSync(id, ['sh', '-c', 'echo a; exit 3'], 1)).exitCode).toBe(3);
    const slow = runtime.execSync(id, ['sleep', '5'], 0);
    const killed = runtime.execSync(id, ['sleep', '50'], 0);
    await clock.advance(5_000);
    expect((await slow).exitCode).toBe(0);
    void runtime.stopContainer(id, 1);
    await clock.advance(1_000);
    expect((await killed).exitCode).toBe(137);
    expect(clock.next()).toBeUndefined();
  });

  it('listens where the image or the manifest says, while it runs', async () => {
    const { clock, sockets, runtime, run, look } = start();
    const id = await run('nginx', { labels: { [podNamespaceLabel]: 'default', [podNameLabel]: 'a' } });
    const get = (path: string) =>
      sockets.connect('10.244.1.2', 80, 'TCP')?.http?.({ method: 'GET', scheme: 'http', host: '', path, headers: {} });
    expect(get('/x')?.status).toBe(404);
    expect(get('/?a=b')).toEqual({ status: 200, body: 'nginx, simulated in pod default/a\n' });
    expect(runtime.readLogs(id).at(-1)?.text).toBe('10.244.1.1 - - [01/Jan/1970:00:00:00 +0000] "GET /?a=b HTTP/1.1" 200 34 "-" "-" "-"');
    void runtime.stopContainer(id, 30);
    await clock.advance(1);
    expect((await look(id)).slice(0, 2)).toEqual(['CONTAINER_EXITED', 0]);
    expect(sockets.connect('10.244.1.2', 80, 'TCP')).toBeUndefined();
  });

  it.each([
    [
      'nginx',
      { command: ['nginx', '-g', 'daemon off;'] },
      '127.0.0.1 - - [01/Jan/1970:00:00:01 +0000] "HEAD / HTTP/1.1" 200 0 "-" "curl/8" "-"',
    ],
    ['httpd', {}, '127.0.0.1 - - [01/Jan/1970:00:00:01 +0000] "HEAD / HTTP/1.1" 200 0'],
    ['example.com/mine:1', { annotations: { [containerPortsAnnotation]: '[{"containerPort":80}]' } }, undefined],
  ])('%s writes of its requests what such a server writes', async (image, config, line) => {
    const { clock, sockets, runtime, run } = start();
    const id = await run(image, config);
    await clock.advance(1000);
    const headers = { 'user-agent': 'curl/8' };
    sockets.connect('10.244.1.2', 80, 'TCP')?.http?.({ method: 'HEAD', scheme: 'http', host: '', path: '/', headers, from: '127.0.0.1' });
    expect(runtime.readLogs(id).at(-1)?.text).toBe(line);
  });

  it('kills what does not hear SIGTERM when its grace is over', async () => {
    const { clock, runtime, run, look } = start();
    const id = await run('busybox', { args: ['sleep', '1000'] });
    void runtime.stopContainer(id, 30);
    await clock.advance(29_999);
    expect((await look(id))[0]).toBe('CONTAINER_RUNNING');
    await clock.advance(1);
    expect((await look(id)).slice(0, 2)).toEqual(['CONTAINER_EXITED', 137]);
  });

  it.each([
    ["trap '' TERM; sleep 10000", 30_000, ['CONTAINER_EXITED', 137, []]],
    // Ignored by a shell whose text is not understood otherwise.
    ["trap '' TERM; sleep 10000 | cat", 30_000, ['CONTAINER_EXITED', 137, []]],
    // Heeded when the command that runs has ended.
    ["trap 'echo bye; exit 3' TERM INT; while true; do sleep 5; done", 5_000, ['CONTAINER_EXITED', 3, ['bye']]],
    ["trap 'exit 3' SIGTERM; sleep 10000", 30_000, ['CONTAINER_EXITED', 137, []]],
    ['sleep 10000 & wait', 1, ['CONTAINER_EXITED', 0, []]],
  ])('takes SIGTERM as the shell says: %s', async (script, time, end) => {
    const { clock, runtime, run, look } = start();
    const id = await run('busybox', { args: ['sh', '-c', script] });
    void runtime.stopContainer(id, 30);
    await clock.advance(time - 1);
    expect((await look(id))[0]).toBe(time === 1 ? 'CONTAINER_EXITED' : 'CONTAINER_RUNNING');
    await clock.advance(1);
    expect(await look(id)).toEqual(end);
    expect(clock.next()).toBeUndefined();
  });

  it('does not pretend to understand what it does not', () => {
    for (const script of [
      'a | b',
      'sleep 1 & wait',
      'echo $(hostname -f)',
      'echo "$(whoami)"',
      'echo $((1 / 0))',
      'echo $(seq 1 999999999)',
      'for i in 1; do for j in 1; do echo; done; done',
      'for i; do echo; done',
      'A=b env',
      'A=$(whoami)',
      'ls 2> /tmp/errors',
      'while true; do foo; done',
      'echo "a',
      'if true; then exit 1; fi',
      '',
    ]) {
      expect(parseProgram(['sh', '-c', script])).toBeUndefined();
    }
  });
});

describe('image names', () => {
  it.each([
    ['nginx', 'docker.io', 'library/nginx', 'latest'],
    ['bitnami/redis:7', 'docker.io', 'bitnami/redis', '7'],
    ['localhost:5000/a/b', 'localhost:5000', 'a/b', 'latest'],
    ['registry.k8s.io/pause:3.10', 'registry.k8s.io', 'pause', '3.10'],
  ])('%s', (image, domain, path, tag) => {
    expect(parseImageReference(image)).toEqual({ domain, path, tag });
  });
  it.each(['', 'a:', ':a', 'a b', 'UPPER', 'a@sha256:1', 'http://a/b', '-a'])('%j is none', (image) => {
    expect(() => parseImageReference(image)).toThrow('invalid reference format');
  });
});
