import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Editor } from '../editor.ts';

let editor: Editor;
beforeAll(async () => {
  editor = await Editor.start();
});
beforeEach(() => editor.tell('workspace/didChangeConfiguration', { settings: { kubeside: { checks: { profile: 'strict' } } } }));
afterAll(async () => {
  expect(editor.logged).toEqual([]);
  await editor.stop();
});

const hard = `securityContext: { seccompProfile: { type: RuntimeDefault }, runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }`;
const pod = (spec: string, container = hard) => `apiVersion: v1
kind: Pod
metadata: { name: a, namespace: shop }
spec:
  containers:
    - name: a
      image: example.org/a:1
      ${container}
${spec}`;
const namespace = (level: string) =>
  `---\napiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { pod-security.kubernetes.io/enforce: ${level} } }\n`;

/** What is told of the Pod Security Standards and of what they are about. */
async function told(text: string): Promise<string[]> {
  const matters = /pod-security|host-|privilege|capabilities|run-as-non-root|seccomp|unmasked|sysctls/;
  const found = await editor.diagnostics(await editor.open(text));
  return found
    .filter(({ code }) => matters.test(String(code)))
    .map(({ severity, code, message }) => `${severity} ${code}: ${message}`)
    .sort();
}

test.each([
  ['what pods share with the node', pod('  hostNetwork: true\n  hostPID: true\n'), ['host-network', 'host-pid']],
  ['a port of the node', pod('', `${hard}\n      ports: [{ containerPort: 8080, hostPort: 8080 }]`), ['host-port']],
  [
    'privileges',
    pod('', 'securityContext: { privileged: true }'),
    ['drop-capabilities', 'privilege-escalation', 'privileged-container', 'run-as-non-root', 'seccomp-profile'],
  ],
  [
    'paths of the node',
    pod('  volumes: [{ name: a, hostPath: { path: /opt/a } }, { name: b, hostPath: { path: /opt/b } }]\n'),
    ['host-path', 'host-path'],
  ],
  ['capabilities', pod('', hard.replace('drop: [ALL]', 'drop: [ALL], add: [SYS_ADMIN]')), ['added-capabilities']],
  ['a container that gives up a profile', pod('', hard.replace('RuntimeDefault', 'Unconfined')), ['seccomp-profile']],
])('the strict profile tells %s by the rules that say what to do, and not by the standards again', async (_, text, rules) => {
  expect((await told(text)).map((line) => line.slice(2, line.indexOf(':'))).sort()).toEqual(rules);
});

test('a standard is told where it says more than single rules do', async () => {
  expect(await told(pod('', hard.replace('drop: [ALL]', 'drop: [ALL], add: [SYS_ADMIN, SYS_TIME]')))).toEqual([
    '2 pod-security-baseline: violates PodSecurity "baseline:latest": non-default capabilities (container "a" must not include "SYS_ADMIN", "SYS_TIME" in securityContext.capabilities.add)',
  ]);
});

test('what a namespace refuses is told as that, once, with the fix of the rule', async () => {
  const text = pod('', hard.replace('allowPrivilegeEscalation: false, ', ''));
  expect(await told(text)).toEqual(['3 privilege-escalation: Processes may gain privileges']);
  const enforced = await editor.diagnostics(await editor.open(text + namespace('restricted')));
  expect(
    enforced.filter(({ code }) => /pod-security|escalation/.test(String(code))).map(({ code, severity }) => `${severity} ${code}`),
  ).toEqual(['2 pod-security-enforced']);
  const actions = await editor.actions((text + namespace('restricted')).replace('name: a\n', '|name: a\n'));
  expect([...actions.keys()].some((title) => title.includes('allowPrivilegeEscalation: false'))).toBe(true);
});

test('where a single rule is off, the standard speaks', async () => {
  const rules = { 'host-network': 'off' };
  await editor.tell('workspace/didChangeConfiguration', { settings: { kubeside: { checks: { profile: 'strict' }, rules } } });
  expect(await told(pod('  hostNetwork: true\n'))).toEqual([
    '3 pod-security-baseline: violates PodSecurity "baseline:latest": host namespaces (hostNetwork=true)',
  ]);
});

test('containers that take over what another one says are judged by it', async () => {
  const privileged = hard.replace('capabilities', 'privileged: true, capabilities');
  const shared = pod('    - <<: *base\n      name: b\n', privileged).replace('- name: a', '- &base\n      name: a');
  const written = pod(`    - name: b\n      image: example.org/a:1\n      ${privileged}\n`, privileged);
  expect(await told(shared)).toEqual(await told(written));
  expect(await told(`${namespace('restricted')}---\n${shared}`)).toEqual(await told(`${namespace('restricted')}---\n${written}`));
});
