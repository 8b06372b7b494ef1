import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/cluster-process.ts';
import { type CodeServer, codeServerIsThere, startCodeServer } from './code-server.ts';
import { browserPath, launchBrowser, Workbench } from './workbench.ts';

const browser = browserPath();
const missing = browser === undefined ? 'chromium' : codeServerIsThere() ? undefined : 'the editor host (bash test/editor/host/setup.sh)';
if (missing !== undefined) console.warn(`editor tests skipped: install ${missing}`);

const pictures = resolve('test/output/editor');
const workspace = temporaryFolder();

/** From opening a manifest to its pods on the dashboard, as a person would go through it. */
describe.skipIf(missing !== undefined)('Kubeside in VS Code', () => {
  let server: CodeServer;
  let chromium: Browser;
  let workbench: Workbench;
  const shoot = (name: string) => workbench.page.screenshot({ path: join(pictures, `${name}.png`) });

  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    cpSync(resolve('media/samples'), workspace.path, { recursive: true });
    writeFileSync(join(workspace.path, 'draft.yaml'), 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: draft\nspec:\n  \n');
    writeFileSync(
      join(workspace.path, 'typo.yaml'),
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: typo\nspec:\n  containrs:\n    - name: a\n      image: nginx\n',
    );
    server = await startCodeServer({ vsix: resolve('kubeside.vsix'), folder: workspace.path });
    chromium = await launchBrowser(browser ?? '');
    workbench = await Workbench.open(chromium, server.url);
  });

  afterAll(async () => {
    if (workbench) await shoot('last');
    await chromium?.close();
    await server?.stop();
    workspace.remove();
  });

  it('completes fields of a Deployment', async () => {
    await workbench.openFile('draft.yaml');
    await workbench.goTo('6:3');
    const suggestions = workbench.page.locator('.suggest-widget.visible .monaco-list-row');
    await expect
      .poll(
        async () => {
          await workbench.page.keyboard.press('Escape');
          await workbench.page.keyboard.press('Control+Space');
          await suggestions
            .first()
            .waitFor({ timeout: 5000 })
            .catch(() => undefined);
          return (await suggestions.allInnerTexts()).join(' ');
        },
        { timeout: 60_000, interval: 500 },
      )
      .toContain('replicas');
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
    const log = execFileSync('bash', [
      '-c',
      `cat ${join(server.root, 'profile/logs')}/*/exthost*/output_logging_*/*Kubeside* 2>/dev/null || true`,
    ]).toString();
    expect(log).not.toMatch(/TypeError|ReferenceError|unhandled/i);
  });

  /** The process that the extension has started, found by its command line. */
  function clusterPid(): number {
    const running = execFileSync('bash', ['-c', 'grep -lz "dist/cli.js" /proc/[0-9]*/cmdline 2>/dev/null || true']).toString().split('\n');
    for (const file of running.filter((name) => name !== '')) {
      const words = readFileSync(file, 'utf8').split('\0');
      if (words.some((word) => word.startsWith(server.root)) && words.includes('up')) return Number(file.split('/')[2]);
    }
    return 0;
  }
});
