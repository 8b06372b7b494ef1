import { afterAll, beforeAll, expect, test } from 'vitest';
import { equivalents } from '../../../server/rules/equivalents.ts';
import { rules } from '../../../server/rules/index.ts';
import { RuleSettings } from '../../../server/rules/rule-settings.ts';
import { Editor, fixture } from '../editor.ts';

let editor: Editor;
beforeAll(async () => {
  editor = await Editor.start();
});
afterAll(async () => {
  expect(editor.logged).toEqual([]);
  await editor.stop();
});

const configure = (settings: object) => editor.tell('workspace/didChangeConfiguration', { settings: { kubeside: settings } });
const codes = async (text: string) => {
  const found = await editor.diagnostics(await editor.open(text));
  return new Set(found.map(({ code, severity }) => `${code} ${severity}`));
};

test('a profile is where to start from, and single rules go their own way', async () => {
  const text = fixture('careless.yaml');
  await configure({ checks: { profile: 'strict' } });
  const strict = await codes(text);
  for (const told of ['cpu-limit 3', 'latest-image 2', 'docker-socket 2', 'bare-pod 3']) expect(strict).toContain(told);
  for (const { id } of rules.filter(({ house }) => house)) expect([...strict].filter((told) => told.startsWith(`${id} `))).toEqual([]);
  await configure({ checks: { profile: 'strict' }, rules: { 'cpu-limit': 'off', 'owner-label': 'error' } });
  const changed = await codes(text);
  expect(changed).toContain('owner-label 1');
  expect([...changed].filter((told) => told.startsWith('cpu-limit'))).toEqual([]);
  await configure({ checks: { profile: 'off' }, rules: { 'latest-image': 'warning' } });
  const ids = new Set<string>(rules.map(({ id }) => id));
  expect([...(await codes(text))].filter((told) => ids.has(told.slice(0, -2)))).toEqual(['latest-image 2']);
  await configure({ checks: { profile: 'nonsense' } });
  expect(await codes(text)).not.toContain('cpu-limit 3');
});

test('no rule of the strict profile is quieter than by default', () => {
  const by = (profile: string) => {
    const settings = new RuleSettings();
    settings.update({}, profile);
    return rules.map((rule) => ['off', 'hint', 'information', 'warning', 'error'].indexOf(settings.severity(rule, undefined)));
  };
  const strict = by('strict');
  expect(by('recommended').filter((severity, at) => severity > (strict[at] ?? 0))).toEqual([]);
});

test('the list of all rules, with what other linters call them', async () => {
  await configure({ rules: { 'host-ipc': 'error' } });
  const { profile, rules: told } = await editor.request<{ profile: string; rules: Record<string, unknown>[] }>('kubeside/rules', {});
  expect(profile).toBe('recommended');
  expect(told.map(({ id }) => id)).toEqual(rules.map(({ id }) => id));
  expect(told.find(({ id }) => id === 'host-ipc')).toEqual({
    id: 'host-ipc',
    title: "Pod that shares the node's shared memory",
    why: expect.stringMatching(/\.$/),
    usual: 'hint',
    severity: 'error',
    equivalents: ['kube-linter host-ipc', 'polaris hostIPCSet', 'monokle KSV008', 'datree CONTAINERS_INCORRECT_HOSTIPC_VALUE_TRUE'],
  });
});

test.each([
  ['kubeside/ignore: host-ipc'],
  ['ignore-check.kube-linter.io/host-ipc: "shared on purpose"'],
  ['kube-linter.io/ignore-all: "an example"'],
  ['polaris.fairwinds.com/hostIPCSet-exempt: "true"'],
  ['polaris.fairwinds.com/exempt: "true"'],
  ['datree.skip/CONTAINERS_INCORRECT_HOSTIPC_VALUE_TRUE: ""'],
])('%s silences', async (annotation) => {
  await configure({ rules: { 'host-ipc': 'warning', 'latest-image': 'warning' } });
  const pod = (annotations: string) =>
    `apiVersion: v1\nkind: Pod\nmetadata: { name: a, annotations: { ${annotations} } }\nspec:\n  hostIPC: true\n  containers: [{ name: a, image: b:latest }]\n`;
  expect([...(await codes(pod('a: b')))]).toEqual(expect.arrayContaining(['host-ipc 2', 'latest-image 2']));
  const told = await codes(pod(annotation));
  expect(told).not.toContain('host-ipc 2');
  expect(told.has('latest-image 2')).toBe(!/ignore-all|\/exempt/.test(annotation));
});

test('kube-score/ignore silences what its checks would find', async () => {
  await configure({ rules: { 'latest-image': 'warning' } });
  expect(equivalents['kube-score']['container-image-tag']).toBe('latest-image');
  const text =
    'apiVersion: v1\nkind: Pod\nmetadata: { name: a, annotations: { kube-score/ignore: "pod-probes, container-image-tag" } }\nspec: { containers: [{ name: a, image: b }] }\n';
  expect(await codes(text)).not.toContain('latest-image 2');
});
