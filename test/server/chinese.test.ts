import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { InlayHint } from 'vscode-languageserver';
import type { RuleInfo } from '../../server/protocol.ts';
import { rules } from '../../server/rules/index.ts';
import { useLocale } from '../../server/texts.ts';
import { Editor, fixture } from './editor.ts';

let editor: Editor;
beforeAll(async () => {
  editor = await Editor.start({}, 'zh-cn');
});
afterAll(async () => {
  expect(editor.logged).toEqual([]);
  await editor.stop();
  await useLocale(undefined);
});

const pod = (fields: string) => `apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n${fields}`;
const container = (fields: string) => pod(`  containers:\n    - name: web\n${fields}`);
const cronJob = (spec: string) => `apiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: backup\nspec:\n${spec}`;
const isChinese = /\p{Script=Han}/u;

describe('a hover in Chinese tells', () => {
  test.each([
    ['facts of a field', pod('  restart|Policy: Never\n'), '默认值：`Always`'],
    ['that a field must be there', pod('  contain|ers: []\n'), '必填'],
    ['that a field cannot be changed', 'apiVersion: v1\nkind: Pod\nmetadata:\n  na|me: web\n', '*对象创建后不能修改。*'],
    ['what a kind is', 'apiVersion: v1\nki|nd: Pod\nmetadata:\n  name: web\n', '属于命名空间'],
    ['amounts', container('      resources:\n        limits:\n          cpu: 15|00m\n'), '**1500m** · 1.5 核 · 1500 毫核'],
    [
      'when a container is restarted',
      container('      livenessProbe:\n        periodSeconds: 5|\n        failureThreshold: 2\n        httpGet: { port: 80 }\n'),
      '- 始终没有响应的容器会在启动约 **6 秒** 后被重启。\n- 停止响应的容器会在 **5 秒 到 11 秒** 后被重启。\n\n*0 秒后开始探测，之后每 5 秒一次，响应时限 1 秒，连续失败 2 次即生效。*',
    ],
    [
      'where an image comes from',
      container('      image: ng|inx\n'),
      '- 标签：latest，因为没有写标签\n- 拉取时机：每次启动时（Always，默认值）',
    ],
    [
      'when a schedule comes',
      cronJob('  schedule: "*/5 |* * * *"\n'),
      '**每隔 5 分钟**（UTC，控制器通常使用的时区：没有写 `timeZone`）\n\n接下来的运行时间：\n\n- 2026年1月1日星期四',
    ],
    [
      'what a role allows',
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n  name: a\nru|les:\n  - apiGroups: ["", apps]\n    resources: [pods, deployments]\n    verbs: [get, list]\n',
      '可以对核心组 和 `apps` 的 `pods` 和 `deployments`执行 **get 和 list**。',
    ],
    ['what a selector matches', 'apiVersion: v1\nkind: Service\nmetadata:\n  name: a\nspec:\n  sel|ector: {}\n', '什么都不选择。'],
  ])('%s', async (_, marked, expected) => {
    expect(await editor.hover(marked)).toContain(expected);
  });
});

test('every rule speaks Chinese, but where it uses the words of the API server', async () => {
  await editor.configure(Object.fromEntries(rules.map(({ id }) => [id, 'warning'])));
  const ofRules = new Set(rules.map(({ id }) => id));
  const found = (await editor.diagnostics(await editor.open(fixture('careless.yaml')))).filter(({ code }) => ofRules.has(String(code)));
  expect(found.length).toBeGreaterThan(60);
  const english = found.map(({ message }) => String(message)).filter((message) => !isChinese.test(message));
  expect(english.filter((message) => !message.includes('PodSecurity'))).toEqual([]);
  await editor.configure({});
});

test('the list of the rules is in Chinese', async () => {
  const { rules: told } = await editor.request<{ rules: RuleInfo[] }>('kubeside/rules', {});
  expect(told.length).toBe(rules.length);
  for (const { id, title, why } of told) {
    expect(title, id).toMatch(isChinese);
    expect(why, id).toMatch(isChinese);
  }
});

test('own explanations follow the words of Kubernetes', async () => {
  const messages = async (text: string) => (await editor.diagnostics(await editor.open(text))).map(({ message }) => message);
  expect(await messages(pod('  restartPolicy: yes\n  containers: [{name: a, image: "b:1"}]\n'))).toContain(
    'spec.restartPolicy: Invalid value: true: must be of type string: YAML 将 yes 读作 true，请加引号："yes"',
  );
  expect(await messages(pod('  restartPolicies: Never\n  containers: [{name: a, image: "b:1"}]\n'))).toContain(
    'unknown field "spec.restartPolicies"（是否想写“restartPolicy”？）',
  );
  expect(await messages('apiVersion: v1\nkind: Pod\nmetadata:\n\tname: a\n')).toEqual(['不允许用制表符缩进：请使用空格']);
});

test('completions are explained in Chinese', async () => {
  const details = async (marked: string) => Object.fromEntries((await editor.complete(marked)).map(({ label, detail }) => [label, detail]));
  expect(await details(cronJob('  schedule: |\n'))).toMatchObject({ '0 3 * * *': '每天 3:00', '*/5 * * * *': '每 5 分钟' });
  expect(await details('apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\ntype: |\n')).toMatchObject({ Opaque: '任意内容' });
});

test('what is shown in the text is in Chinese', async () => {
  const uri = await editor.open(cronJob('  schedule: "0 3 * * 1"\n'));
  const range = { start: { line: 0, character: 0 }, end: { line: 100, character: 0 } };
  const hints = await editor.request<InlayHint[]>('textDocument/inlayHint', { textDocument: { uri }, range });
  expect(hints.map(({ label }) => label)).toEqual(['在03:00, 仅星期一']);
});
