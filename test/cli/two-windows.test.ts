import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { EmbeddedCluster } from '../../client/cluster/embedded-cluster.ts';
import { cli, temporaryFolder } from '../support/cluster-process.ts';

const folder = temporaryFolder();
const open: EmbeddedCluster[] = [];

/** The part of one editor window in the cluster they share. */
function openWindow(): EmbeddedCluster {
  const window = new EmbeddedCluster({
    name: 'kubeside',
    node: process.execPath,
    cli,
    data: join(folder.path, 'data'),
    kubeconfig: join(folder.path, 'kubeconfig'),
    args: () => ['--nodes', '1'],
    log: () => undefined,
  });
  open.push(window);
  return window;
}

function comesTo(window: EmbeddedCluster, phase: string): Promise<void> {
  return expect.poll(() => window.state.phase, { timeout: 30_000 }).toBe(phase);
}

afterEach(async () => {
  for (const window of open.splice(0)) await window.leave();
  folder.remove();
});

describe('a cluster that two windows use', () => {
  it('lives on in the second window when the first one closes, and ends for both when one stops it', { timeout: 90_000 }, async () => {
    const first = openWindow();
    const second = openWindow();
    await first.start();
    await second.start();
    expect([first.attached, second.attached]).toEqual([false, true]);
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'kept' } };
    await second.request('POST', '/api/v1/namespaces/default/configmaps', { body });

    const phases: string[] = [];
    second.onState(({ phase }) => phases.push(phase));
    await first.leave();
    await expect.poll(() => phases, { timeout: 30_000 }).toEqual(['starting', 'running']);
    expect(second.attached).toBe(false);
    expect((await second.request('GET', '/api/v1/namespaces/default/configmaps/kept')).code).toBe(200);

    await first.start();
    expect(first.attached).toBe(true);
    await second.stop();
    await comesTo(first, 'stopped');
    expect(first.kept).toBe(true);
  });
});
