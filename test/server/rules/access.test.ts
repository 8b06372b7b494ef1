import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { clusterRoles } from '../../../runtime/bootstrap/rbac/cluster-roles.ts';
import { controllerRoles } from '../../../runtime/bootstrap/rbac/controller-roles.ts';
import { Editor } from '../editor.ts';

let editor: Editor;
beforeAll(async () => {
  editor = await Editor.start();
});
beforeEach(() => editor.configure({}));
afterAll(async () => {
  expect(editor.logged).toEqual([]);
  await editor.stop();
});

const severities = ['', 'error', 'warning', 'information', 'hint'];

/** `severity rule: message` of what is told about a text. */
async function told(text: string): Promise<string[]> {
  const found = await editor.diagnostics(await editor.open(text));
  return found.map(({ severity, code, message }) => `${severities[severity ?? 0]} ${code}: ${message}`);
}

const role = (rule: string, kind = 'ClusterRole') =>
  `apiVersion: rbac.authorization.k8s.io/v1\nkind: ${kind}\nmetadata: { name: reader }\nrules:\n  - { ${rule} }\n`;

const rule = (groups: string, resources: string, verbs: string) => `apiGroups: [${groups}], resources: [${resources}], verbs: [${verbs}]`;

describe('a rule of a role', () => {
  test.each([
    [
      'a verb that is misspelt',
      rule('""', 'pods', 'get, lsit'),
      'warning unknown-verb: No request has the verb "lsit" (did you mean "list"?)',
    ],
    ['letter case', rule('apps', 'deployments', 'GET'), 'warning unknown-verb: No request has the verb "GET" (did you mean "get"?)'],
    ['what other APIs say', rule('""', 'pods', 'post'), 'warning unknown-verb: No request has the verb "post" (did you mean "create"?)'],
    ['what comes near it', rule('""', 'pods', 'reed'), 'warning unknown-verb: No request has the verb "reed" (did you mean "get"?)'],
    ['a verb of nobody', rule('""', 'pods', 'get, frobnicate'), 'hint unknown-verb: No request has the verb "frobnicate"'],
    [
      'a method that paths are not asked with',
      'nonResourceURLs: [/metrics], verbs: [gets]',
      'warning unknown-verb: No request has the verb "gets" (did you mean "get"?)',
    ],
    ['a singular', rule('""', 'pod', 'get'), 'warning unknown-resource: The core group has no resource "pod" (did you mean "pods"?)'],
    [
      'a kind',
      rule('apps', 'StatefulSet', 'get'),
      'warning unknown-resource: API group "apps" has no resource "StatefulSet" (did you mean "statefulsets"?)',
    ],
    ['a short name', rule('""', 'svc', 'get'), 'warning unknown-resource: The core group has no resource "svc" (did you mean "services"?)'],
    [
      'a subresource that is misspelt',
      rule('""', 'pods/logs', 'get'),
      'warning unknown-resource: The core group has no resource "pods/logs" (did you mean "pods/log"?)',
    ],
    [
      'a subresource that a kind does not have',
      rule('""', 'configmaps, configmaps/status', 'get'),
      'hint unknown-resource: The core group has no resource "configmaps/status"',
    ],
    [
      'every subresource',
      rule('""', 'pods/*', 'get'),
      'warning unknown-resource: Rules name each subresource: "pods/*" is none, and allows nothing',
    ],
    [
      'a resource of another group',
      rule('""', 'pods, deployments', 'get'),
      'warning unknown-resource: "deployments" is a resource of API group "apps"',
    ],
    [
      'a resource of the core group',
      rule('apps', 'configmaps', 'get'),
      'warning unknown-resource: "configmaps" is a resource of the core group, which is written ""',
    ],
    ['a resource of nobody', rule('""', 'widgets', 'get'), 'warning unknown-resource: The core group has no resource "widgets"'],
    ['a version', rule('apps/v1', 'deployments', 'get'), 'warning unknown-api-group: Rules name API groups without their versions'],
    [
      'the version of the core group',
      rule('v1', 'pods', 'get'),
      'warning unknown-api-group: There is no API group "v1": the core group is written ""',
    ],
    [
      'half a group',
      rule('networking', 'ingresses', 'get'),
      'warning unknown-api-group: There is no API group "networking" (did you mean "networking.k8s.io"?)',
    ],
    [
      'a group that is misspelt',
      rule('app', 'deployments', 'get'),
      'warning unknown-api-group: There is no API group "app" (did you mean "apps"?)',
    ],
    [
      'a verb that a resource cannot have, alone',
      rule('""', 'pods/exec', 'list'),
      'warning idle-role-rule: "pods/exec" cannot be asked for with the verb "list", only with: create, get',
    ],
    [
      'a verb too many',
      rule('""', 'pods/log', 'get, list'),
      'hint idle-role-rule: "pods/log" cannot be asked for with the verb "list", only with: get',
    ],
  ])('%s', async (_, written, message) => expect(await told(role(written))).toEqual([message]));

  test('a Role reaches nothing that is in no namespace, but for its own', async () => {
    expect(await told(role(rule('""', 'nodes, pods', 'get'), 'Role'))).toEqual([
      'warning idle-role-rule: "nodes" is in no namespace, and a Role reaches only what is in its own: this takes a ClusterRole',
    ]);
    expect(await told(role(rule('""', 'namespaces, pods', 'get'), 'Role'))).toEqual([]);
  });

  test.each([
    ['everything', rule('"*"', '"*"', '"*"')],
    ['a subresource of every kind', rule('apps', '"*/scale"', 'get')],
    [
      'groups that others serve',
      rule('metrics.k8s.io, custom.metrics.k8s.io, autoscaling.k8s.io', 'pods, verticalpodautoscalers', 'get, evict'),
    ],
    ['a group in which anything may be', rule('node.x-k8s.io, apps.openshift.io', 'wodgets', 'reed')],
    ['every group', rule('"*"', 'widgets', 'reed')],
    ['a known group beside one that may have it', rule('apps, example.org', 'widgets', 'reed')],
    ['what is gone', rule('policy, extensions', 'podsecuritypolicies, ingresses, daemonsets/status', 'use, get')],
    ['what has no objects', rule('certificates.k8s.io', 'signers, certificatesigningrequests/nodeclient', 'approve, create, sign')],
    ['finalizers', rule('apps', 'deployments/finalizers', 'update')],
    ['parts of a node', rule('""', 'nodes/metrics, nodes/configz', 'get, create')],
    ['others to be', rule('"", authentication.k8s.io', 'users, groups, serviceaccounts, userextras/scopes', 'impersonate')],
    ['more than rights', rule('rbac.authorization.k8s.io', 'clusterroles', 'bind, escalate')],
    ['verbs of which each is for one of the resources', rule('""', 'pods, pods/log, pods/exec', 'get, list, create')],
    ['one of several groups', rule('"", apps, extensions', 'pods, deployments', 'get')],
    ['paths', 'nonResourceURLs: [/healthz, /metrics/*], verbs: [get, head, "*"]'],
    ['nothing', 'verbs: [get]'],
  ])('is left in peace: %s', async (_, written) => {
    expect((await told(role(written))).filter((line) => /unknown|idle/.test(line))).toEqual([]);
  });
});

test('what a cluster comes with is in order', async () => {
  const roles = [...clusterRoles, ...controllerRoles].map((each) =>
    stringify({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', ...each }),
  );
  // The scheduler may list statuses of claims, as upstream has it.
  expect((await told(roles.join('---\n'))).filter((line) => /unknown|idle/.test(line))).toEqual(
    ['list', 'watch'].map(
      (verb) => `hint idle-role-rule: "resourceclaims/status" cannot be asked for with the verb "${verb}", only with: get, patch, update`,
    ),
  );
});

const definition = `---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: crontabs.stable.example.com }
spec:
  group: stable.example.com
  names: { plural: crontabs, singular: crontab, kind: CronTab }
  scope: Namespaced
  versions:
    - { name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: object } } }
`;

test('a slip of a custom resource is told once its definition is there, and what else its group may have is not', async () => {
  const written = role(rule('stable.example.com', 'cronTab, crontabs/status, others', 'get, frobnicate'));
  expect(await told(written)).toEqual([]);
  expect(await told(written + definition)).toEqual([
    'warning unknown-resource: API group "stable.example.com" has no resource "cronTab" (did you mean "crontabs"?)',
  ]);
  const near = role(rule('stable.example.con', 'crontabs', 'get'));
  expect(await told(near + definition)).toEqual([
    'warning unknown-api-group: There is no API group "stable.example.con" (did you mean "stable.example.com"?)',
  ]);
});

/** A rule as the first quick fix for it leaves it. */
async function fixed(written: string): Promise<string | undefined> {
  const [before = '', after = ''] = role(written).split('  - ');
  const [text] = (await editor.actions(`${before}|  - ${after}`)).values();
  return text && /^ {2}- \{ (.*) \}$/m.exec(text)?.[1];
}

test.each([
  [rule('""', 'pods', 'gte'), rule('""', 'pods', 'get')],
  [rule('""', '"pod"', 'get'), rule('""', '"pods"', 'get')],
  [rule('apps/v1', 'deployments', 'get'), rule('apps', 'deployments', 'get')],
  [rule('v1', 'pods', 'get'), rule('""', 'pods', 'get')],
  [rule('"v1"', 'pods', 'get'), rule('""', 'pods', 'get')],
  [rule('""', 'deployments', 'get'), rule('"apps"', 'deployments', 'get')],
  [rule('apps', 'pods', 'get'), rule('""', 'pods', 'get')],
  [rule('""', 'pods, deployments', 'get'), rule('"", apps', 'pods, deployments', 'get')],
  [rule('apps', 'pods, deployments', 'get'), rule('apps, ""', 'pods, deployments', 'get')],
])('%s becomes %s', async (before, after) => expect(await fixed(before)).toBe(after));

test.each([
  ['  - apiGroups:\n    - ""\n', '    - ""\n    - apps\n'],
  ['  - apiGroups:\n      -   "" # of pods\n', '      -   "" # of pods\n      - apps\n'],
  ['  - apiGroups:\r\n      - ""\r\n', '      - ""\r\n      - apps\r\n'],
])('a group is added as another item: %j', async (groups, both) => {
  const [head = ''] = role('').split('  - ');
  const [text = ''] = (await editor.actions(`${head}${groups}    resources: [pods, |deployments]\n    verbs: [get]\n`)).values();
  expect(text).toContain(both);
  expect(await told(text)).toEqual([]);
});

test('what is told can be silenced where it stands', async () => {
  const text = role(rule('""', 'pod', 'get')).replace('  - {', '  # kubeside: ignore unknown-resource\n  - {');
  expect(await told(text)).toEqual([]);
});
