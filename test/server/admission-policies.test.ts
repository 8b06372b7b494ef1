import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { startAdmission } from '../apiserver/admission/admission.ts';
import { diskOf, Editor } from './editor.ts';

const folder = 'file:///workspace/';

interface PolicyOptions {
  readonly expression?: string;
  readonly spec?: string;
  readonly resources?: string;
  readonly groups?: string;
}

const policy = ({ expression = 'object.spec.replicas <= 5', spec = '', resources = 'deployments', groups = 'apps' }: PolicyOptions = {}) =>
  `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: small }
spec:
  matchConstraints:
    resourceRules:
      - { apiGroups: ["${groups}"], apiVersions: ["*"], operations: [CREATE, UPDATE], resources: [${resources}] }
  validations:
    - expression: ${JSON.stringify(expression)}
${spec}`;
const binding = (more = '', actions = 'Deny') =>
  `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: everywhere }
spec:
  policyName: small
  validationActions: [${actions}]
${more}`;
const deployment = (more = '  replicas: 7\n', namespace = '') =>
  `apiVersion: apps/v1
kind: Deployment
metadata: { name: web${namespace} }
spec:
${more}  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: "nginx:1" }] }
`;
const refused = (why: string) => `error ValidatingAdmissionPolicy 'small' with binding 'everywhere' denied request: ${why}`;
const tooMany = [refused('failed expression: object.spec.replicas <= 5')];

let disk: Record<string, string> = {};
let editor: Editor;
beforeAll(async () => {
  editor = await Editor.start(diskOf(folder, () => disk));
});
afterAll(async () => {
  expect(editor.logged).toEqual([]);
  await editor.stop();
});
beforeEach(() => put({}));

/** Makes these files, and no others, those of the workspace. */
async function put(files: Record<string, string>): Promise<void> {
  const before = disk;
  disk = files;
  for (const name of Object.keys(before)) if (!(name in files)) await editor.fileChanged(folder + name, 3);
  for (const name of Object.keys(files)) await editor.fileChanged(folder + name, 2);
}

/** What is told of a manifest by policies, or of what is wrong with it otherwise; advice is left out. */
async function judged(text: string): Promise<string[]> {
  const diagnostics = await editor.diagnostics(await editor.open(text));
  const ofPolicies = diagnostics.filter(({ code, severity }) => code === 'admission-policy' || severity === 1);
  return ofPolicies.map(({ severity, message }) => `${severity === 1 ? 'error' : 'warning'} ${message}`);
}

describe('an admission policy of the workspace', () => {
  test('marks what it would deny, where it looks', async () => {
    await put({ 'policy.yaml': `${policy()}---\n${binding()}` });
    const problems = await editor.problems(deployment());
    expect(problems.filter((line) => line.includes('ValidatingAdmissionPolicy'))).toEqual([`5:13-5:14 ${tooMany[0]}`]);
    expect(await judged(deployment('  replicas: 5\n'))).toEqual([]);
  });

  test('says what its message says', async () => {
    const spec = `      message: at most five\n    - expression: "false"\n      messageExpression: "'not ' + object.metadata.name"\n`;
    await put({ 'policy.yaml': policy({ spec }), 'binding.yaml': binding() });
    expect(await judged(deployment())).toEqual([refused('at most five'), refused('not web')]);
  });

  test('warns where its binding only warns, and is silent where that audits', async () => {
    await put({ 'policy.yaml': policy(), 'binding.yaml': binding('', 'Warn, Audit') });
    expect(await judged(deployment())).toEqual([
      "warning Validation failed for ValidatingAdmissionPolicy 'small' with binding 'everywhere': failed expression: object.spec.replicas <= 5",
    ]);
    await put({ 'policy.yaml': policy(), 'binding.yaml': binding('', 'Audit') });
    expect(await judged(deployment())).toEqual([]);
  });

  test('knows the defaults of what is left out', async () => {
    await put({ 'policy.yaml': policy({ expression: 'object.spec.replicas > 1' }), 'binding.yaml': binding() });
    expect(await judged(deployment(''))).toEqual([refused('failed expression: object.spec.replicas > 1')]);
  });

  test('uses variables and match conditions, for an administrator', async () => {
    const spec = `  variables:\n    - { name: many, expression: "object.spec.replicas > 5" }\n  matchConditions:\n    - { name: not-nodes, expression: "!('system:nodes' in request.userInfo.groups)" }\n    - { name: created, expression: "request.operation == 'CREATE' && oldObject == null" }\n`;
    await put({ 'policy.yaml': policy({ expression: '!variables.many', spec }), 'binding.yaml': binding() });
    expect(await judged(deployment())).toEqual([refused('failed expression: !variables.many')]);
    const mayAll = "authorizer.group('apps').resource('deployments').namespace(request.namespace).check('delete').allowed()";
    await put({ 'policy.yaml': policy({ expression: mayAll }), 'binding.yaml': binding() });
    expect(await judged(deployment())).toEqual([]);
  });

  test('says where it cannot be evaluated, unless it is to be ignored then', async () => {
    const expression = 'object.spec.nothing == 1';
    await put({ 'policy.yaml': policy({ expression }), 'binding.yaml': binding() });
    expect(await judged(deployment())).toEqual([refused(`expression '${expression}' resulted in error: no such key: nothing`)]);
    await put({ 'policy.yaml': policy({ expression, spec: '  failurePolicy: Ignore\n' }), 'binding.yaml': binding() });
    expect(await judged(deployment())).toEqual([]);
  });

  test('says where a match condition cannot be evaluated, and marks no field that a validation looks at', async () => {
    const spec = '  matchConditions: [{ name: a, expression: object.spec.nothing == 1 }]\n';
    await put({ 'policy.yaml': policy({ spec }), 'binding.yaml': binding() });
    const told = (await editor.problems(deployment())).filter((line) => line.includes('ValidatingAdmissionPolicy'));
    expect(told).toEqual([`2:7-2:17 ${refused("expression 'object.spec.nothing == 1' resulted in error: no such key: nothing")}`]);
  });

  test('judges each item of a List, and custom kinds', async () => {
    const items = [deployment(), deployment('  replicas: 1\n')]
      .map((text) => `  - ${text.trimEnd().replaceAll('\n', '\n    ')}\n`)
      .join('');
    await put({ 'policy.yaml': policy(), 'binding.yaml': binding() });
    expect(await judged(`apiVersion: v1\nkind: List\nitems:\n${items}`)).toEqual(tooMany);
    const untyped = items.replace(/apiVersion: .*\n +kind: .*\n +/, '');
    expect(await judged(`apiVersion: apps/v1\nkind: DeploymentList\nitems:\n${untyped}`)).toEqual(tooMany);
    const definition = `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: widgets.example.com }\nspec:\n  group: example.com\n  scope: Namespaced\n  names: { kind: Widget, plural: widgets, singular: widget }\n  versions:\n    - { name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: object, x-kubernetes-preserve-unknown-fields: true } } }\n`;
    await put({
      'policy.yaml': policy({ resources: 'widgets', groups: 'example.com' }),
      'binding.yaml': binding(),
      'crd.yaml': definition,
    });
    expect(await judged('apiVersion: example.com/v1\nkind: Widget\nmetadata: { name: a }\nspec: { replicas: 6 }\n')).toEqual(tooMany);
  });
});

describe('the editor says what the API server says', () => {
  const small = policy();
  const never = policy({ expression: 'false', spec: '      message: never\n' });
  const base = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolic';

  test.each([
    ['of too many', small, binding(), deployment()],
    ['of few enough', small, binding(), deployment('')],
    ['of other operations', never.replace('CREATE, UPDATE', 'UPDATE'), binding(), deployment()],
    ['of another version', never.replace('apiVersions: ["*"]', 'apiVersions: ["v1beta1"]'), binding(), deployment()],
    ['of a subresource', never.replace('[deployments]', '["deployments/scale"]'), binding(), deployment()],
    ['of everything', never.replace('[deployments]', '["*"]').replace('"apps"', '"*"'), binding(), deployment()],
    ['of kinds without namespaces', never.replace('resources:', 'scope: Cluster, resources:'), binding(), deployment()],
    ['of a name', never.replace('resources:', 'resourceNames: [web], resources:'), binding(), deployment()],
    ['of another name', never.replace('resources:', 'resourceNames: [other], resources:'), binding(), deployment()],
    [
      'of what is left out',
      never.replace(
        '  validations:',
        '    excludeResourceRules: [{ apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments] }]\n  validations:',
      ),
      binding(),
      deployment(),
    ],
    ['of what came with defaults', policy({ expression: "object.spec.strategy.type != 'RollingUpdate'" }), binding(), deployment()],
    ['of who asks', policy({ expression: "!('system:masters' in request.userInfo.groups)" }), binding(), deployment()],
    [
      'of what is asked',
      policy({ expression: "request.kind.kind != 'Deployment' || request.resource.resource != 'deployments'" }),
      binding(),
      deployment(),
    ],
    ['of the namespace', policy({ expression: "namespaceObject.metadata.name != 'default'" }), binding(), deployment()],
    ['of an empty selector', never, binding('  matchResources: { namespaceSelector: {}, objectSelector: {} }\n'), deployment()],
  ])('%s', async (_, one, bound, text) => {
    const { api } = await startAdmission();
    expect((await api.send('POST', `${base}ies`, parse(one))).code).toBe(201);
    expect((await api.send('POST', `${base}ybindings`, parse(bound))).code).toBe(201);
    const { code, body } = await api.send('POST', '/apis/apps/v1/namespaces/default/deployments', parse(text));
    await put({ 'policy.yaml': one, 'binding.yaml': bound });
    const said = (await judged(text)).map((problem) => problem.replace(/^error /, 'deployments.apps "web" is forbidden: '));
    expect(said).toEqual(code === 201 ? [] : [body.message]);
  });
});

describe('an admission policy says nothing', () => {
  test('without a binding', async () => {
    await put({ 'policy.yaml': policy() });
    expect(await judged(deployment())).toEqual([]);
  });

  test('of other kinds, of other labels, and of what its binding leaves out', async () => {
    await put({ 'policy.yaml': policy({ resources: 'statefulsets' }), 'binding.yaml': binding() });
    expect(await judged(deployment())).toEqual([]);
    await put({ 'policy.yaml': policy(), 'binding.yaml': binding('  matchResources: { objectSelector: { matchLabels: { a: b } } }\n') });
    expect(await judged(deployment())).toEqual([]);
    expect(await judged(deployment().replace('name: web }', 'name: web, labels: { a: b } }'))).toEqual(tooMany);
  });

  test('when it is wrong itself, which is told where it stands', async () => {
    const wrong = policy({ expression: 'object.(' });
    await put({ 'policy.yaml': wrong, 'binding.yaml': binding() });
    expect(await judged(deployment())).toEqual([]);
    expect(await judged(wrong)).toEqual([expect.stringContaining('spec.validations[0].expression')]);
    await put({
      'policy.yaml': 'apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\nmetadata: { name: small }\nspec: 3\n',
      'binding.yaml': binding(),
    });
    expect(await judged(deployment())).toEqual([]);
  });

  test('of what a kustomization may make something else of', async () => {
    const files = { 'policy.yaml': policy(), 'binding.yaml': binding(), 'base/kustomization.yaml': 'resources: [web.yaml]\n' };
    const inBase = async () => {
      const diagnostics = await editor.diagnostics(await editor.open(deployment(), `${folder}base/web.yaml`));
      return diagnostics.filter(({ code }) => code === 'admission-policy').length;
    };
    await put(files);
    expect(await inBase()).toBe(1);
    await put({ ...files, 'kustomization.yaml': 'resources: [base]\n' });
    expect(await inBase()).toBe(1);
    await put({ ...files, 'kustomization.yaml': 'resources: [base]\nreplicas: [{ name: web, count: 1 }]\n' });
    expect(await inBase()).toBe(0);
    await put({ ...files, 'base/kustomization.yaml': 'resources: [web.yaml]\nnamespace: shop\n' });
    expect(await inBase()).toBe(0);
  });

  test('of what the API server would refuse anyway, of templates, and of policies', async () => {
    await put({ 'policy.yaml': policy({ groups: '*', resources: '"*"' }), 'binding.yaml': binding() });
    expect(await judged(deployment('  replicas: 7\n  paused: maybe\n'))).toEqual([expect.stringContaining('spec.paused')]);
    expect(await judged(deployment('  replicas: 7\n  {{ if .Values.a }}\n  paused: true\n  {{ end }}\n'))).toEqual([]);
    expect(await judged(binding())).toEqual([]);
  });
});

describe('namespaces', () => {
  const selecting = binding('  matchResources: { namespaceSelector: { matchLabels: { stage: prod } } }\n');
  const namespace = (stage: string) => `apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { stage: ${stage} } }\n`;
  const inShop = deployment(undefined, ', namespace: shop');

  test('are selected by the labels that the workspace gives them', async () => {
    await put({ 'policy.yaml': policy(), 'binding.yaml': selecting, 'namespace.yaml': namespace('prod') });
    expect(await judged(inShop)).toEqual(tooMany);
    await put({ 'policy.yaml': policy(), 'binding.yaml': selecting, 'namespace.yaml': namespace('test') });
    expect(await judged(inShop)).toEqual([]);
  });

  test('that nobody declares may have any labels, but have their names', async () => {
    const absent = binding('  matchResources: { namespaceSelector: { matchExpressions: [{ key: stage, operator: DoesNotExist }] } }\n');
    await put({ 'policy.yaml': policy(), 'binding.yaml': absent });
    expect(await judged(inShop)).toEqual([]);
    expect(await judged(deployment())).toEqual(tooMany);
    const named = (operator: string) =>
      binding(
        `  matchResources: { namespaceSelector: { matchExpressions: [{ key: kubernetes.io/metadata.name, operator: ${operator}, values: [shop] }] } }\n`,
      );
    await put({ 'policy.yaml': policy(), 'binding.yaml': named('In') });
    expect(await judged(inShop)).toEqual(tooMany);
    await put({ 'policy.yaml': policy(), 'binding.yaml': named('NotIn') });
    expect(await judged(inShop)).toEqual([]);
  });
});

test('parameters are those of the workspace; without them nothing is told', async () => {
  const spec = '  paramKind: { apiVersion: v1, kind: ConfigMap }\n';
  const expression = 'object.spec.replicas <= int(params.data.most)';
  const files = {
    'policy.yaml': policy({ expression, spec }),
    'binding.yaml': binding('  paramRef: { name: limits, namespace: default, parameterNotFoundAction: Deny }\n'),
  };
  await put({ ...files, 'limits.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: limits }\ndata: { most: "6" }\n' });
  expect(await judged(deployment())).toEqual([refused(`failed expression: ${expression}`)]);
  expect(await judged(deployment('  replicas: 6\n'))).toEqual([]);
  await put(files);
  expect(await judged(deployment())).toEqual([]);
});

test('what is open is judged again when a policy is edited, and when it goes', async () => {
  await put({ 'policy.yaml': policy(), 'binding.yaml': binding() });
  const web = await editor.open(deployment(), `${folder}web.yaml`);
  const told = async () => (await editor.diagnostics(web)).filter(({ code }) => code === 'admission-policy').length;
  expect(await told()).toBe(1);
  const open = await editor.open(policy(), `${folder}policy.yaml`);
  await editor.edit(open, '<= 5', '<= 9');
  await expect.poll(told).toBe(0);
  await editor.edit(open, '<= 9', '<= 6');
  await expect.poll(told).toBe(1);
  await editor.close(open);
  await put({ 'policy.yaml': policy() });
  await expect.poll(told).toBe(0);
});

describe('the expressions of a policy are checked against', () => {
  const widgets = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: widgets.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { kind: Widget, plural: widgets }
  versions:
    - { name: v1, served: true, storage: true, schema: { openAPIV3Schema: { type: object, properties: { spec: { type: object, properties: { size: { type: integer } } } } } } }
`;
  const of = (group: string, resource: string, expression: string, more = '') =>
    policy({ groups: group, resources: resource, expression, spec: more }).replace('"*"', 'v1');
  const warnings = (text: string) => editor.problems(text, `${folder}policy.yaml`);

  test('built-in kinds', async () => {
    expect(await warnings(of('apps', 'deployments', 'object.spec.replica <= 5'))).toEqual([
      `9:19-9:45 warning apps/v1, Kind=Deployment: ERROR: <input>:1:12: undefined field 'replica'\n | object.spec.replica <= 5\n | ...........^`,
    ]);
    expect(await warnings(of('apps', 'deployments', 'object.spec.replicas <= 5'))).toEqual([]);
  });

  test('custom kinds of the workspace, and parameters', async () => {
    expect(await warnings(of('example.com', 'widgets', 'object.spec.siz <= 5'))).toEqual([]);
    await put({ 'widgets.yaml': widgets });
    const told = async (text: string) => (await warnings(text)).map((line) => line.split('\n')[0]);
    expect(await told(of('example.com', 'widgets', 'object.spec.siz <= 5'))).toEqual([
      "9:19-9:41 warning example.com/v1, Kind=Widget: ERROR: <input>:1:12: undefined field 'siz'",
    ]);
    const params = '  paramKind: { apiVersion: example.com/v1, kind: Widget }\n';
    expect(await told(of('apps', 'deployments', 'object.spec.replicas <= params.spec.sice', params))).toEqual([
      "9:19-9:61 warning apps/v1, Kind=Deployment: ERROR: <input>:1:36: undefined field 'sice'",
    ]);
    expect(await told(of('apps', 'deployments', 'object.spec.replicas <= params.spec.size', params))).toEqual([]);
  });
});
