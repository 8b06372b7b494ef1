import { cpSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missing, Window } from './window.ts';
import type { Workbench } from './workbench.ts';

/** The extension's own texts in Simplified Chinese, from the manifest to the page. */
describe.skipIf(missing !== undefined)('Kubeside in Simplified Chinese', () => {
  let window: Window;
  let workbench: Workbench;

  beforeAll(async () => {
    window = await Window.open((path) => cpSync(resolve('media/samples'), path, { recursive: true }), {}, 'zh-cn');
    workbench = window.workbench;
  });

  afterAll(async () => {
    if (window) await window.shoot('chinese-last');
    await window?.close();
  });

  it('explains fields', async () => {
    await workbench.openFile('web.yaml');
    expect(await workbench.hover('9:5', /replicas/)).toContain('API 参考');
    await window.shoot('chinese-hover');
  });

  it('applies from the lens and shows the pods in the tree', async () => {
    await workbench.page.locator('.codelens-decoration a', { hasText: '应用' }).first().click();
    await workbench.command('Kubeside: Focus on 集群 View');
    await workbench.treeRow('节点').first().waitFor();
    await workbench
      .treeRow(/web.*3\/3/)
      .first()
      .waitFor();
  });

  it('tells on the page what happened', async () => {
    await workbench.command('Kubeside: 打开集群');
    const page = workbench.webview();
    await page.getByText('最新事件').waitFor();
    await page.getByText('容器已启动').first().waitFor();
    await window.shootInThemes('chinese-page');
  });
});
