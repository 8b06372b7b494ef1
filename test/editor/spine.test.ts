import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missing, Window } from './window.ts';
import type { Workbench } from './workbench.ts';

/** From opening a manifest to its pods on the dashboard, as a person would go through it. */
describe.skipIf(missing !== undefined)('Kubeside in VS Code', () => {
  let window: Window;
  let workbench: Workbench;
  const shoot = (name: string) => window.shoot(name);

  beforeAll(async () => {
    window = await Window.open((path) => {
      cpSync(resolve('media/samples'), path, { recursive: true });
      for (const name of ['draft.yaml', 'typo.yaml']) cpSync(resolve('test/editor/workspace', name), join(path, name));
    });
    workbench = window.workbench;
  });

  afterAll(async () => {
    if (window) await shoot('last');
    await window?.close();
  });

  it('completes fields of a Deployment', async () => {
    await workbench.openFile('draft.yaml');
    await workbench.goTo('6:3');
    expect(await workbench.complete('replicas')).toContainEqual(expect.stringContaining('replicas'));
    await shoot('completion');
    await workbench.page.keyboard.press('Escape');
  });

  it('underlines a typo', async () => {
    await workbench.openFile('typo.yaml');
    await workbench.page.locator('.squiggly-error').first().waitFor();
    await workbench.command('Problems: Focus on Problems View');
    await workbench.page.locator('.markers-panel .monaco-list-row', { hasText: 'unknown field "spec.containrs"' }).first().waitFor();
    await shoot('typo');
    await workbench.command('View: Toggle Panel Visibility');
  });

  it('starts a cluster from its view', async () => {
    await workbench.command('Kubeside: Start Cluster');
    await workbench.command('Kubeside: Focus on Clusters View');
    await workbench.treeRow('Nodes').first().waitFor();
    await shoot('cluster-started');
  });

  it('applies a manifest from the lens and shows its pods running', async () => {
    await workbench.openFile('web.yaml');
    await workbench.page.locator('.codelens-decoration a', { hasText: 'Apply' }).first().click();
    await workbench
      .treeRow(/web.*3 of 3/)
      .first()
      .waitFor();
    await workbench.command('Kubeside: Focus on Clusters View');
    await shoot('applied');
  });

  it('shows the pods on their nodes', async () => {
    await workbench.command('Kubeside: Open Cluster');
    const page = workbench.webview();
    await expect.poll(() => page.locator('[role="gridcell"][data-s="ready"]').count(), { timeout: 60_000 }).toBe(3);
    expect(await page.locator('[role="row"]').count()).toBe(3);
    await shoot('dashboard');
  });

  it('says that the cluster died, starts it again and has lost nothing', async () => {
    const pid = clusterPid();
    process.kill(pid, 'SIGKILL');
    await workbench.page.locator('.notification-toast', { hasText: 'stopped' }).locator('a', { hasText: 'Restart' }).click();
    await expect.poll(() => clusterPid(), { timeout: 60_000 }).not.toBe(pid);
    await workbench.command('Kubeside: Open Cluster');
    await expect.poll(() => workbench.webview().locator('[role="gridcell"][data-s="ready"]').count(), { timeout: 60_000 }).toBe(3);
    await shoot('restarted');
  });

  it('leaves no problem behind in its output', () => {
    const log = window.log();
    expect(log).toContain('deployment.apps/web created');
    expect(log).not.toMatch(/TypeError|ReferenceError|unhandled/i);
  });

  /** The process that the extension has started, found by its command line. */
  function clusterPid(): number {
    const running = execFileSync('bash', ['-c', 'grep -lz "dist/cli.js" /proc/[0-9]*/cmdline 2>/dev/null || true']).toString().split('\n');
    for (const file of running.filter((name) => name !== '')) {
      const words = readFileSync(file, 'utf8').split('\0');
      if (words.some((word) => word.startsWith(window.server.root)) && words.includes('up')) return Number(file.split('/')[2]);
    }
    return 0;
  }
});
