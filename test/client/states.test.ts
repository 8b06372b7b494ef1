import { describe, expect, it } from 'vitest';
import { amount, formatBytes, formatDuration, millicores } from '../../client/cluster/state/amount.ts';
import { podState, schedulerReason } from '../../client/cluster/state/pod-state.ts';
import { findProblems } from '../../client/cluster/state/problems.ts';
import { deploymentState } from '../../client/cluster/state/workload-state.ts';
import { cacheOf, deployment, node, pod, readyPod, replicaSet } from './fixtures.ts';

const now = Date.parse('2026-01-01T00:02:10Z');

describe('the state of a pod', () => {
  const cases = [
    ['ready', undefined, readyPod('a', 'n1')],
    ['running', 'not ready', pod({ name: 'a', node: 'n1', statuses: [{ state: { running: {} } }] })],
    [
      'creating',
      'ContainerCreating',
      pod({ name: 'a', node: 'n1', phase: 'Pending', statuses: [{ state: { waiting: { reason: 'ContainerCreating' } } }] }),
    ],
    ['creating', undefined, pod({ name: 'a', node: 'n1', phase: 'Pending' })],
    ['pending', undefined, pod({ name: 'a', phase: 'Pending' })],
    [
      'pending',
      'Insufficient memory',
      pod({ name: 'a', phase: 'Pending', unschedulable: '0/3 nodes are available: 1 node(s) were unschedulable, 2 Insufficient memory.' }),
    ],
    [
      'failing',
      'CrashLoopBackOff',
      pod({ name: 'a', node: 'n1', statuses: [{ restartCount: 7, state: { waiting: { reason: 'CrashLoopBackOff' } } }] }),
    ],
    [
      'failing',
      'ImagePullBackOff',
      pod({ name: 'a', node: 'n1', phase: 'Pending', statuses: [{ state: { waiting: { reason: 'ImagePullBackOff' } } }] }),
    ],
    ['failing', 'OOMKilled', pod({ name: 'a', node: 'n1', statuses: [{ state: { terminated: { exitCode: 137, reason: 'OOMKilled' } } }] })],
    [
      'failing',
      'Error',
      pod({ name: 'a', node: 'n1', phase: 'Failed', statuses: [{ state: { terminated: { exitCode: 1, reason: 'Error' } } }] }),
    ],
    [
      'terminating',
      'Terminating',
      pod({ name: 'a', node: 'n1', deleted: true, ready: true, statuses: [{ ready: true, state: { running: {} } }] }),
    ],
    ['creating', 'Restarting', pod({ name: 'a', node: 'n1', statuses: [{ state: { terminated: { exitCode: 255, reason: 'Unknown' } } }] })],
    [
      'creating',
      'Restarting',
      pod({
        name: 'a',
        node: 'n1',
        statuses: [{ state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: { terminated: { exitCode: 255, reason: 'Unknown' } } }],
      }),
    ],
    ['succeeded', 'Completed', pod({ name: 'a', node: 'n1', phase: 'Succeeded' })],
  ] as const;
  it.each(cases)('is %s (%s)', (state, reason, given) => {
    expect(podState(given)).toMatchObject({ state, ...(reason === undefined ? {} : { reason }) });
  });

  it('is unknown on a node that does not answer, whatever it said before', () => {
    expect(podState(readyPod('a', 'n1'), false).state).toBe('unknown');
  });

  it('counts init containers and tells which one fails', () => {
    const given = pod({ name: 'a', node: 'n1', phase: 'Pending' });
    const init = (state: object) => ({ name: 'i', image: 'b', imageID: '', ready: false, restartCount: 0, state });
    const withInit = (...states: object[]) => ({ ...given, status: { ...given.status, initContainerStatuses: states.map(init) } });
    expect(podState(withInit({ terminated: { exitCode: 0 } }, { running: {} }))).toMatchObject({ state: 'creating', reason: 'Init:1/2' });
    expect(podState(withInit({ waiting: { reason: 'CrashLoopBackOff' } }))).toMatchObject({
      state: 'failing',
      reason: 'Init:CrashLoopBackOff',
    });
  });
});

describe("the scheduler's reason", () => {
  it.each([
    [
      '0/3 nodes are available: 3 Insufficient cpu. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.',
      'Insufficient cpu',
    ],
    ['0/4 nodes are available: 1 node(s) had untolerated taint {gpu: true}, 3 Insufficient memory.', 'Insufficient memory'],
    ["0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.", "Didn't match Pod's node affinity/selector"],
    ['no nodes available to schedule pods', 'No nodes available to schedule pods'],
    ['0/3 nodes are available: persistentvolumeclaim "nope" not found. not found', 'Claim "nope" not found'],
    [
      '0/3 nodes are available: 3 Insufficient cpu. no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
      'Insufficient cpu',
    ],
    ['0/3 nodes are available: persistentvolumeclaim "nope" not found. preemption: 0/3 nodes are available.', 'Claim "nope" not found'],
    ['persistentvolumeclaim "nope" not found', 'Claim "nope" not found'],
  ])('of %s', (message, reason) => {
    expect(schedulerReason(message)).toBe(reason);
  });
});

describe('the state of a Deployment', () => {
  it('is creating until the controller has seen the newest spec', () => {
    const given = deployment('web', 3, 3);
    expect(deploymentState(given).state).toBe('ready');
    expect(deploymentState({ ...given, metadata: { ...given.metadata, generation: 2 } }).state).toBe('creating');
  });
  it('is failing when its progress is over time', () => {
    const given = deployment('web', 3, 1);
    const conditions = [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }];
    expect(deploymentState({ ...given, status: { ...given.status, conditions } })).toMatchObject({
      state: 'failing',
      reason: 'ProgressDeadlineExceeded',
    });
  });
});

describe('what needs attention', () => {
  it('names crash loops, unplaceable pods together by owner, and nodes; the failing first', () => {
    const owner = { kind: 'ReplicaSet', name: 'checkout-abc' };
    const unschedulable = '0/2 nodes are available: 2 Insufficient memory.';
    const cache = cacheOf({
      nodes: [node('n1'), node('n2', false)],
      replicasets: [replicaSet('checkout-abc', 'checkout', 1, 3)],
      pods: [
        readyPod('fine', 'n1'),
        pod({ name: 'fresh', phase: 'Pending' }),
        pod({
          name: 'api',
          node: 'n1',
          statuses: [
            {
              restartCount: 7,
              state: { waiting: { reason: 'CrashLoopBackOff' } },
              lastState: { terminated: { exitCode: 1, message: 'DB_URL is empty' } },
            },
          ],
        }),
        ...['x', 'y', 'z'].map((name) => pod({ name, phase: 'Pending', owner, unschedulable })),
      ],
    });
    const problems = findProblems(cache, now);
    expect(problems.map(({ restarts }) => restarts)).toEqual([7, 0, 0]);
    expect(problems.map(({ subject, reason, title }) => [subject, reason, title])).toEqual([
      ['api', 'CrashLoopBackOff', 'api keeps restarting'],
      ['n2', 'NotReady 2m 10s', 'Node n2 is NotReady'],
      ['3 checkout pods', 'Insufficient memory', '3 checkout pods cannot be placed'],
    ]);
    expect(problems[0]?.detail).toBe('7 restarts. Last exit 1: DB_URL is empty');
  });

  it('names a stuck rollout once: by its pods, where they fail', () => {
    const given = deployment('checkout', 1, 0);
    const conditions = [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }];
    const deployments = [{ ...given, status: { ...given.status, conditions } }];
    const titles = (waiting: object) => {
      const owner = { kind: 'ReplicaSet', name: 'checkout-abc' };
      const pods = [pod({ name: 'checkout-abc-1', node: 'n1', owner, statuses: [{ state: waiting }] })];
      const replicasets = [replicaSet('checkout-abc', 'checkout', 1, 1)];
      return findProblems(cacheOf({ deployments, replicasets, pods, nodes: [node('n1')] }), now).map(({ title }) => title);
    };
    expect(titles({ waiting: { reason: 'CrashLoopBackOff' } })).toEqual(['checkout keeps restarting']);
    expect(titles({ waiting: { reason: 'ContainerCreating' } })).toEqual(['The rollout of checkout is stuck']);
  });
});

describe('amounts', () => {
  it('reads quantities as numbers', () => {
    expect([millicores('0.1'), millicores('250m'), millicores(2), amount('8Gi'), amount('1e3'), amount(undefined)]).toEqual([
      100,
      250,
      2000,
      8 * 2 ** 30,
      1000,
      0,
    ]);
  });
  it('writes them short', () => {
    expect([
      formatBytes(3.7 * 2 ** 30),
      formatBytes(128 * 2 ** 20),
      formatDuration(130_000),
      formatDuration(4_000),
      formatDuration(3 * 86_400_000),
    ]).toEqual(['3.7 Gi', '128 Mi', '2m 10s', '4s', '3d']);
  });
});

describe('what only events and time tell of a pod', () => {
  const event = (of: string, reason: string, message: string, type = 'Warning') => ({
    metadata: { name: `${of}.${reason}`, namespace: 'default' },
    involvedObject: { kind: 'Pod', name: of, uid: `uid-${of}` },
    reason,
    message,
    type,
    lastTimestamp: '2026-01-01T00:01:00Z',
  });
  const titles = (objects: ReturnType<typeof cacheOf>, at = now) =>
    findProblems(objects, at).map(({ title, reason, detail }) => [title, reason, detail]);

  it('says that a probe ended a container that then exited well', () => {
    const live = pod({
      name: 'live',
      node: 'n1',
      statuses: [
        {
          restartCount: 4,
          state: { waiting: { reason: 'CrashLoopBackOff' } },
          lastState: { terminated: { exitCode: 0, reason: 'Completed' } },
        },
      ],
    });
    const events = [
      event('live', 'Unhealthy', 'Liveness probe failed: HTTP probe failed with statuscode: 500'),
      event('live', 'Killing', 'Container app failed liveness probe, will be restarted', 'Normal'),
    ];
    expect(titles(cacheOf({ nodes: [node('n1')], pods: [live], events }))).toEqual([
      [
        'live keeps restarting',
        'CrashLoopBackOff',
        '4 restarts. Stopped because its liveness probe failed: HTTP probe failed with statuscode: 500',
      ],
    ]);
  });

  it('lists a pod whose volume does not come, and one that is not ready for more than a minute', () => {
    const stuck = pod({
      name: 'stuck',
      node: 'n1',
      phase: 'Pending',
      statuses: [{ state: { waiting: { reason: 'ContainerCreating' } } }],
    });
    const slow = pod({ name: 'slow', node: 'n1', statuses: [{ state: { running: {} } }] });
    const since = {
      ...slow,
      status: { ...slow.status, conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: '2026-01-01T00:01:00Z' }] },
    };
    const message = 'MountVolume.SetUp failed for volume "v" : configmap "late" not found';
    const objects = cacheOf({ nodes: [node('n1')], pods: [stuck, since], events: [event('stuck', 'FailedMount', message)] });
    expect(titles(objects)).toEqual([
      ['stuck waits for a volume', 'FailedMount', message],
      ['slow runs but is not ready', 'not ready', undefined],
    ]);
    expect(titles(objects, now - 60_000)).toHaveLength(1);
  });
});
