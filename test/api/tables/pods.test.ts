import { describe, expect, it } from 'vitest';
import type { Pod } from '../../../runtime/api/generated/types/core/v1.ts';
import { tableFor } from '../../../runtime/api/tables/table.ts';
import { ago, kindOf, now, rowOf } from './rows.ts';

function pod(status: Pod['status'], spec: Partial<Pod['spec']> = {}, metadata: Pod['metadata'] = {}): Pod {
  return {
    metadata: { name: 'p', creationTimestamp: ago(310), ...metadata },
    spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
    ...(status && { status }),
  };
}

const container = (state: object, more: object = {}) => ({
  name: 'c',
  ready: false,
  restartCount: 0,
  image: 'i',
  imageID: '',
  state,
  ...more,
});

describe('pods', () => {
  it.each<[string, string, Pod]>([
    ['0/1', 'Pending', pod({ phase: 'Pending' })],
    [
      '0/1',
      'SchedulingGated',
      pod({ phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] }),
    ],
    ['0/1', 'CrashLoopBackOff', pod({ phase: 'Running', containerStatuses: [container({ waiting: { reason: 'CrashLoopBackOff' } })] })],
    ['0/1', 'Completed', pod({ phase: 'Succeeded', containerStatuses: [container({ terminated: { exitCode: 0, reason: 'Completed' } })] })],
    ['0/1', 'ExitCode:3', pod({ phase: 'Failed', containerStatuses: [container({ terminated: { exitCode: 3 } })] })],
    ['0/1', 'Signal:9', pod({ phase: 'Failed', containerStatuses: [container({ terminated: { exitCode: 137, signal: 9 } })] })],
    ['0/1', 'Evicted', pod({ phase: 'Failed', reason: 'Evicted' })],
    ['0/1', 'Terminating', pod({ phase: 'Running' }, {}, { deletionTimestamp: ago(1) })],
    ['0/1', 'Failed', pod({ phase: 'Failed' }, {}, { deletionTimestamp: ago(1) })],
    ['0/1', 'Unknown', pod({ phase: 'Running', reason: 'NodeLost' }, {}, { deletionTimestamp: ago(1) })],
    [
      '0/1',
      'Init:1/2',
      pod(
        { phase: 'Pending', initContainerStatuses: [container({ terminated: { exitCode: 0 } }), container({ running: {} })] },
        { initContainers: [{ name: 'a' }, { name: 'b' }] },
      ),
    ],
    [
      '0/1',
      'Init:Error',
      pod(
        { phase: 'Pending', initContainerStatuses: [container({ terminated: { exitCode: 1, reason: 'Error' } })] },
        { initContainers: [{ name: 'c' }] },
      ),
    ],
    [
      '2/2',
      'Running',
      pod(
        {
          phase: 'Running',
          initContainerStatuses: [container({ running: {} }, { name: 'side', started: true, ready: true })],
          containerStatuses: [container({ running: {} }, { ready: true })],
        },
        { initContainers: [{ name: 'side', restartPolicy: 'Always' }] },
      ),
    ],
    [
      '1/2',
      'NotReady',
      pod(
        {
          phase: 'Running',
          containerStatuses: [container({ terminated: { exitCode: 0, reason: 'Completed' } }), container({ running: {} }, { ready: true })],
        },
        { containers: [{ name: 'c' }, { name: 'd' }] },
      ),
    ],
  ])('%s %s', (ready, status, object) => {
    expect(rowOf(kindOf('Pod'), object)).toMatchObject({ Name: 'p', Ready: ready, Status: status, Age: '5m10s' });
  });

  it('says when a container was restarted last, and marks pods that are done', () => {
    const lastState = { terminated: { exitCode: 1, finishedAt: ago(300) } };
    const restarted = pod({ phase: 'Running', containerStatuses: [container({ running: {} }, { restartCount: 3, lastState })] });
    expect(rowOf(kindOf('Pod'), restarted).Restarts).toBe('3 (5m ago)');
    const { rows } = tableFor(kindOf('Pod'), [pod({ phase: 'Failed' })], { now });
    expect(rows[0]?.conditions).toEqual([{ type: 'Completed', status: 'True', reason: 'Failed', message: 'The pod failed.' }]);
  });
});
