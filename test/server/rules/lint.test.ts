import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CodeAction } from 'vscode-languageserver';
import { rules } from '../../../server/rules/index.ts';
import { lintRules } from '../../../server/rules/lint/index.ts';
import { Editor, fixture, show } from '../editor.ts';

let editor: Editor;
beforeAll(async () => {
  editor = await Editor.start();
});
afterAll(async () => {
  expect(editor.logged).toEqual([]);
  await editor.stop();
});

const everything = Object.fromEntries(rules.map(({ id }) => [id, 'warning']));

async function codes(name: string): Promise<string[]> {
  const found = await editor.diagnostics(await editor.open(fixture(name)));
  return [...new Set(found.map(({ code }) => String(code)))].sort();
}

test('each rule has an id of its own, a title and a reason', () => {
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  for (const { id, title, why } of rules) {
    expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(title.length, id).toBeGreaterThan(10);
    expect(why, id).toMatch(/\.$/);
  }
});

test('every rule finds something in careless manifests and nothing in careful ones', async () => {
  await editor.configure(everything);
  const found = await codes('careless.yaml');
  expect(lintRules.map(({ id }) => id).filter((id) => !found.includes(id))).toEqual([]);
  expect(await codes('careful.yaml')).toEqual([]);
});

test('no rule fails on a manifest that is half written', async () => {
  await editor.configure(everything);
  const lines = fixture('careless.yaml').split('\n');
  for (let count = 1; count <= lines.length; count += 3) {
    const text = lines.slice(0, count).join('\n');
    await editor.diagnostics(await editor.open(text));
    await editor.diagnostics(await editor.open(text.replace(/[\w\]})"]+$/, '')));
  }
  expect(editor.logged).toEqual([]);
});

test('by default little is said, and no matter of opinion is louder than a hint', async () => {
  await editor.configure({});
  const found = await editor.diagnostics(await editor.open(fixture('careless.yaml')));
  const loud = found.filter(({ severity }) => (severity ?? 0) < 4).map(({ code }) => String(code));
  expect([...new Set(loud)].sort()).toEqual([
    'budget-blocks-drain',
    'deprecated-service-account',
    'docker-socket',
    'duplicate-env',
    'exposed-secret',
    'ingress-port',
    'unknown-kind',
  ]);
});

test('fixes write what is missing where it belongs, in block style and in flow style', async () => {
  await editor.configure({ 'privilege-escalation': 'warning' });
  const pod = (containers: string) => `apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec:\n  containers:${containers}\n`;
  const fixes = async (containers: string) => {
    const uri = await editor.open(pod(containers));
    const diagnostics = (await editor.diagnostics(uri)).filter(({ code }) => code === 'privilege-escalation');
    const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
    const actions = await editor.request<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri },
      range,
      context: { diagnostics },
    });
    return actions.flatMap(({ edit }) => (edit?.changes?.[uri] ?? []).map((one) => `${show(one.range)} ${JSON.stringify(one.newText)}`))[0];
  };
  expect(await fixes('\n  - name: a\n    image: b:1\n')).toBe('6:5-6:5 "securityContext: { allowPrivilegeEscalation: false }\\n    "');
  expect(await fixes(' [{ name: a, image: b:1 }]')).toBe('5:18-5:18 "securityContext: { allowPrivilegeEscalation: false }, "');
  expect(await fixes('\n  - name: a\n    image: b:1\n    securityContext:\n      runAsUser: 1\n')).toBe(
    '9:7-9:7 "allowPrivilegeEscalation: false\\n      "',
  );
});

test('what a container says of its confinement counts before what its pod says, and for it alone', async () => {
  await editor.configure({ 'seccomp-profile': 'warning', 'kernel-confinement': 'warning', 'pod-security-baseline': 'off' });
  const confined = async (container: string, pod = 'seccompProfile: { type: RuntimeDefault }', annotation = '') => {
    const text = `apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  annotations: { ${annotation} }\nspec:\n  securityContext: { ${pod} }\n  containers:\n  - { name: b, image: "b:1" }\n  - { name: a, image: "a:1", securityContext: { ${container} } }\n`;
    const found = (await editor.diagnostics(await editor.open(text))).filter(({ code }) => /seccomp|confine/.test(String(code)));
    const told = found.map(
      ({ code, range }) => `${String(code)} ${text.split('\n')[range.start.line]?.slice(range.start.character, range.end.character)}`,
    );
    return told.sort();
  };
  expect(await confined('')).toEqual([]);
  expect(await confined('seccompProfile: { type: Unconfined }')).toEqual(['kernel-confinement a', 'seccomp-profile Unconfined']);
  expect(await confined('seccompProfile: { type: Unconfined }, capabilities: { drop: [ALL] }')).toEqual(['seccomp-profile Unconfined']);
  const unconfined = 'seccompProfile: { type: Unconfined }';
  expect(await confined('seccompProfile: { type: RuntimeDefault }', unconfined)).toEqual([
    'kernel-confinement b',
    'seccomp-profile Unconfined',
  ]);
  expect(await confined('', unconfined)).toEqual(['kernel-confinement a', 'kernel-confinement b', 'seccomp-profile Unconfined']);
  const lacks = ['seccomp-profile a', 'seccomp-profile b'];
  expect(await confined('capabilities: { drop: [NET_RAW] }', 'seLinuxOptions: { level: s0 }')).toEqual(lacks);
  expect(await confined('capabilities: { drop: [NET_RAW], add: [ALL] }', 'seLinuxOptions: {}')).toEqual([
    'kernel-confinement a',
    'kernel-confinement b',
    ...lacks,
  ]);
  const annotation = 'container.apparmor.security.beta.kubernetes.io/a: runtime/default';
  expect(await confined('', '', annotation)).toEqual(['kernel-confinement b', ...lacks]);
});
