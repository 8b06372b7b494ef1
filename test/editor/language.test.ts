import { cpSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missing, Window } from './window.ts';
import type { Workbench } from './workbench.ts';

/** Every language feature once, as a person meets it: in lists, cards, menus and the text itself. */
describe.skipIf(missing !== undefined)('editing manifests in VS Code', () => {
  let window: Window;
  let workbench: Workbench;
  const errors = () => workbench.page.locator('.squiggly-error');

  beforeAll(async () => {
    window = await Window.open(
      (path) => {
        cpSync(resolve('test/editor/workspace'), path, { recursive: true });
        writeFileSync(join(path, 'big.yaml'), bigFile(9_000));
      },
      // What the tests type stays as it is typed, whatever a file looks like.
      { 'editor.detectIndentation': false, 'editor.tabSize': 2 },
    );
    workbench = window.workbench;
  });

  afterAll(async () => {
    if (window) await window.shoot('language-last');
    await window?.close();
  });

  it('marks a mistake where it is, and nothing in templates and kustomizations', async () => {
    for (const name of ['kustomization.yaml', 'more.yaml', 'deployment.yaml', 'typo.yaml']) await workbench.openFile(name);
    await errors().first().waitFor();
    await workbench.command('Problems: Focus on Problems View');
    const rows = workbench.page.locator('.markers-panel .monaco-list-row');
    await rows.filter({ hasText: 'unknown field "spec.containrs" (did you mean "containers"?)' }).getByText('[Ln 6, Col 3]').waitFor();
    expect((await rows.allInnerTexts()).filter((row) => row.includes('.yaml'))).toEqual([expect.stringContaining('typo.yaml')]);
    await window.shootInThemes('problems');
    await workbench.command('View: Toggle Panel Visibility');
  });

  it('mends it from the menu of the light bulb', async () => {
    await workbench.openFile('typo.yaml');
    await workbench.goTo('6:5');
    await workbench.openFixes('Change to containers');
    await window.shootInThemes('fixes');
    await workbench.page.keyboard.press('Escape');
    await workbench.goTo('6:5');
    await workbench.fix('Change to containers');
    await expect.poll(() => workbench.text()).toContain('  containers:');
    await errors().first().waitFor({ state: 'detached' });
  });

  it('completes in an empty file and writes whole manifests', async () => {
    await workbench.openFile('empty.yaml');
    await workbench.goTo('1');
    const offered = await workbench.complete('Deployment');
    expect(offered.slice(0, 3)).toEqual(['apiVersion', 'kind', 'metadata'].map((name) => expect.stringMatching(`^${name}\\b`)));
    await window.shootInThemes('empty-file');
    await workbench.complete('Deployment');
    await workbench.accept('Deployment');
    await expect
      .poll(() => workbench.text())
      .toMatch(/^apiVersion: apps\/v1\nkind: Deployment\n[\s\S]*\n {8}- name: app\n {10}image: nginx$/);
    await window.shoot('manifest');
    await workbench.page.keyboard.press('Escape');
  });

  it('completes fields with what they are for, required ones first', async () => {
    await workbench.openFile('draft.yaml');
    await workbench.goTo('6:3');
    const offered = await workbench.complete('replicas');
    expect(offered.slice(0, 3)).toEqual(['selector', 'template', 'replicas'].map((name) => expect.stringMatching(`^${name}\\b`)));
    const details = workbench.page.locator('.suggest-details');
    await workbench.insist(async () => {
      if (!(await details.isVisible())) await workbench.page.keyboard.press('Control+Space');
      await details.getByText('Label selector for pods').waitFor({ timeout: 4000 });
    });
    expect(await details.innerText()).toContain('LabelSelector · required');
    await window.shootInThemes('fields');
    await workbench.complete('selector');
    await workbench.accept('selector');
    await expect.poll(() => workbench.text()).toMatch(/\n {2}selector:\n {4}matchLabels:\n/);
    await workbench.page.keyboard.press('Escape');
  });

  it('tells of fields, schedules and references under the mouse', async () => {
    await workbench.openFile('reports.yaml');
    expect(await workbench.hover('6:15', /Every 15 minutes/)).toMatch(/\(Europe\/Berlin\)[\s\S]*Next runs:/);
    await window.shootInThemes('schedule');
    expect(await workbench.hover('18:30', /ConfigMap\/shop-settings/)).toContain('shop.yaml:5');
    await workbench.openFile('shop.yaml');
    expect(await workbench.hover('22:5', /Number of desired pods/)).toContain('default: 1');
  });

  it('renames an object and what refers to it in other files', async () => {
    await workbench.openFile('shop.yaml');
    await workbench.goTo('5:12');
    await workbench.rename('shop-config');
    await expect.poll(() => workbench.text()).toContain('name: shop-config');
    await workbench.openFile('reports.yaml');
    await expect.poll(() => workbench.text()).toContain('name: shop-config');
    expect(await workbench.text()).not.toContain('shop-settings');
    // Both files side by side, and then as before.
    await workbench.command('View: Split Editor Right');
    await workbench.openFile('shop.yaml');
    await window.shootInThemes('renamed');
    await workbench.command('View: Close All Editors in Group');
  });

  it('goes from a reference to the object', async () => {
    await workbench.goTo('18:30');
    await workbench.insist(async () => {
      await workbench.page.keyboard.press('F12');
      await workbench.tab('shop.yaml').waitFor({ timeout: 4000 });
    });
    await workbench.page.locator('.statusbar', { hasText: 'Ln 5, Col 9' }).waitFor();
  });

  it('shows what amounts come to, and explains fields', async () => {
    await workbench.goTo('48:16');
    await workbench.page.locator('.view-lines', { hasText: '= 1 core' }).first().waitFor();
    await workbench.command('Kubeside: Explain Field');
    await workbench.page.locator('.view-lines', { hasText: 'Deployment' }).filter({ hasText: 'FIELD:' }).waitFor();
    await window.shoot('explain');
    await workbench.command('View: Close All Editors in Group');
  });

  it('indents a document', async () => {
    await workbench.openFile('untidy.yaml');
    await workbench.insist(async () => {
      await workbench.command('Format Document');
      await expect.poll(() => workbench.text(), { timeout: 4000 }).toMatch(/ {2}containers:\n {4}- name: a\n {6}image: nginx:1\.27$/m);
    });
  });

  it('shows a value of a Secret only when asked', async () => {
    await workbench.openFile('shop.yaml');
    expect(await workbench.hover('15:14', /Show decoded/)).not.toContain('kubeside');
    await workbench.insist(async () => {
      await workbench.hover('15:14', /Show decoded/);
      await workbench.page.locator('.monaco-hover a', { hasText: 'Show decoded' }).first().click({ timeout: 4000 });
      await workbench.dialog.waitFor({ timeout: 4000 });
    });
    expect(await workbench.dialog.innerText()).toContain('kubeside');
    await window.shoot('decoded');
    await workbench.answer('OK');
  });

  it('checks for the version of Kubernetes that is chosen', async () => {
    await workbench.openFile('old.yaml');
    await workbench.hover('3:4', /metadata/);
    expect(await errors().count()).toBe(0);
    window.set({ 'kubeside.kubernetesVersion': '1.30' });
    await errors().first().waitFor();
    expect(await workbench.hover('1:20', /no matches for kind/)).toContain('added in Kubernetes 1.34');
    window.set({ 'kubeside.kubernetesVersion': 'newest' });
    await errors().first().waitFor({ state: 'detached' });
  });

  it('stays of use in a file of 9,000 lines', async () => {
    await workbench.openFile('big.yaml');
    await workbench.goTo('4504');
    await workbench.page.keyboard.press('End');
    await workbench.page.keyboard.type('\nresourcs: {}');
    await errors().first().waitFor();
    await workbench.page.keyboard.type('\nimageP');
    expect(await workbench.complete('imagePullPolicy')).toContainEqual(expect.stringMatching(/^imagePullPolicy\b/));
    await workbench.page.keyboard.press('Escape');
  });

  it('knows the objects of the running cluster', async () => {
    await workbench.command('Kubeside: Start Cluster');
    await workbench.command('Kubeside: Focus on Clusters View');
    await workbench.treeRow('Nodes').first().waitFor();
    await workbench.openFile('uses.yaml');
    await workbench.goTo('11:19');
    const named = await workbench.complete('kube-root-ca.crt');
    expect(named.map((row) => row.split(',')[0])).toEqual(['shop-config', 'kube-root-ca.crt']);
    await window.shootInThemes('names');
    await workbench.openFile('shop.yaml');
    expect(await workbench.hover('18:8', /In kubeside/)).toContain('not there');
    await workbench.command('Kubeside: Apply File');
    await workbench
      .treeRow(/shop.*2 of 2/)
      .first()
      .waitFor();
    expect(await workbench.hover('18:8', /In kubeside/)).toContain('2 of 2');
    await window.shootInThemes('live');
  });

  it('leaves no problem behind in its output', () => {
    const log = window.log();
    expect(log).toContain('deployment.apps/shop created');
    expect(log).not.toMatch(/TypeError|ReferenceError|unhandled/i);
  });
});

/** A file of Deployments, of at least so many lines. */
function bigFile(lines: number): string {
  const deployment = (name: string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
    spec:
      containers:
        - name: app
          image: nginx:1.27
`;
  const length = deployment('').split('\n').length;
  return Array.from({ length: Math.ceil(lines / length) }, (_, at) => deployment(`big-${at}`)).join('---\n');
}
