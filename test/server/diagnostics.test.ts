import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Editor, fixture } from './editor.ts';

let editor: Editor;
beforeAll(async () => {
  editor = await Editor.start();
});
afterAll(async () => {
  expect(editor.logged).toEqual([]);
  await editor.stop();
});

const pod = (spec: string) => `apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n${spec}`;

test('a file that the API server would take has no problems', async () => {
  expect(await editor.problems(fixture('shop.yaml'))).toEqual([]);
});

test('each mistake is told once, at its place, in every document', async () => {
  const text = `apiVersion: v1
kind: ConfigMap
metadata:
  name: first
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replica: 3
  replicas: three
  selector:
    matchLabels: { app: web }
  template:
    metadata:
      labels: [app]
    spec:
      containers:
        - image: nginx
          imagePullPolicy: always
          env:
            - name: A
              value: yes
          resources:
            limits:
              cpu: 1x
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: x }
spec:
  template:
    spec: { containers: [] }
`;
  expect(await editor.problems(text)).toEqual([
    '11:3-11:10 error unknown field "spec.replica" (did you mean "replicas"?)',
    '12:13-12:18 error spec.replicas: Invalid value: "three": must be of type integer',
    '17:7-17:13 error spec.template.metadata.labels: Invalid value: "array": must be of type object',
    '21:28-21:34 error spec.template.spec.containers[0].imagePullPolicy: Unsupported value: "always": supported values: "Always", "IfNotPresent", "Never"',
    '24:22-24:25 error spec.template.spec.containers[0].env[0].value: Invalid value: true: must be of type string: YAML reads yes as true, put it in quotes, "yes"',
    `27:20-27:22 error spec.template.spec.containers[0].resources.limits[cpu]: Invalid value: "1x": quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'`,
    '20:11-20:16 error spec.template.spec.containers[0].name: Required value',
    '32:1-32:5 error spec.selector: Required value',
    '34:13-34:23 error spec.template.spec.containers: Required value',
  ]);
});

test('an empty spec is told of once for each field it must have', async () => {
  const draft = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: draft}\nspec:';
  const missing = ['4:1-4:5 error spec.selector: Required value', '4:1-4:5 error spec.template: Required value'];
  expect(await editor.problems(draft)).toEqual(missing);
  expect(await editor.problems(`${draft} {}`)).toEqual(missing);
  expect(await editor.problems(`${draft}\n  selector:\n  template:\n`)).toEqual(missing);
  expect(await editor.problems(draft.replace('spec:', ''))).toEqual(missing.map((line) => line.replace('4:1-4:5', '2:7-2:17')));
});

test('a job without a template is not told to write a selector, which it may not have', async () => {
  const job = 'apiVersion: batch/v1\nkind: Job\nmetadata: { name: once }\n';
  expect(await editor.problems(job)).toEqual(['2:7-2:10 error spec.template: Required value']);
  expect(await editor.problems(`${job}spec: {}\n`)).toEqual(['4:1-4:5 error spec.template: Required value']);
});

test('a field that is misspelt is not missing as well', async () => {
  const pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containrs: [{name: a, image: b}]\n';
  expect(await editor.problems(pod)).toEqual(['5:3-5:12 error unknown field "spec.containrs" (did you mean "containers"?)']);
  expect(await editor.problems(pod.replace('containrs', 'somethingElse'))).toEqual([
    '5:3-5:16 error unknown field "spec.somethingElse"',
    '4:1-4:5 error spec.containers: Required value',
  ]);
});

test('white space that is no indentation is told of', async () => {
  const pod = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers: [{ name: a, image: b:1 }]\n\u00a0 hostNetwork: true\n';
  expect(await editor.problems(pod)).toEqual([
    '7:1-7:14 error unknown field "\u00a0 hostNetwork": a space of another kind stands before it, which is no indentation',
  ]);
});

test('what a broken document begins with is there for the others', async () => {
  const broken = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  a: "b\n---\n`;
  const user = pod('  containers: [{ name: a, image: "b:1", envFrom: [{ configMapRef: { name: settings } }] }]\n');
  const dangling = async (name: string) => {
    const diagnostics = await editor.diagnostics(await editor.open(broken(name) + user));
    return diagnostics.filter(({ code }) => code === 'dangling-reference').map(({ message }) => message);
  };
  expect(await dangling('settings')).toEqual([]);
  expect(await dangling('"settings" # mine')).toEqual([]);
  expect(await dangling('others')).toHaveLength(1);
});

test('a type that its list does not have is told once', async () => {
  const text =
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a }\nspec:\n  strategy: { type: Other }\n  selector: { matchLabels: { a: b } }\n  template: { metadata: { labels: { a: b } }, spec: { containers: [{ name: a, image: b:1 }] } }\n';
  expect(await editor.problems(text)).toEqual([expect.stringContaining('spec.strategy.type: Unsupported value: "Other"')]);
});

test('a value that its list does not have hides nothing else', async () => {
  const service =
    'apiVersion: v1\nkind: Service\nmetadata: { name: A }\nspec: { type: Loadbalancer, ports: [{ port: 80 }, { port: 81, name: b }] }\n';
  expect((await editor.problems(service)).map((line) => line.replace(/: (a lowercase|supported).*/, ''))).toEqual([
    '4:15-4:27 error spec.type: Unsupported value: "Loadbalancer"',
    '3:19-3:20 error metadata.name: Invalid value: "A"',
    '4:39-4:43 error spec.ports[0].name: Required value',
  ]);
});

test.each([
  ['apps/v1', 'Deployment', 'containers: []', 'spec.template.spec'],
  ['apps/v1', 'Deployment', 'image: a', 'spec.template.spec.containers[]'],
  ['apps/v1', 'Deployment', 'labels: {}', 'metadata'],
  ['v1', 'Pod', 'template: {}', undefined],
  ['v1', 'Pod', 'containers: [{ name: a, image: "b:1", volumes: [] }]', 'spec'],
  ['v1', 'Pod', 'containers: [{ name: a, image: "b:1", timeoutSeconds: 1 }]', undefined],
  ['batch/v1', 'CronJob', 'restartPolicy: Never', 'spec.jobTemplate.spec.template.spec'],
])('a field of a %s %s at the wrong level is told where it belongs: %s', async (apiVersion, kind, field, home) => {
  const problems = await editor.problems(`apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: a }\nspec:\n  ${field}\n`);
  const unknown = problems.filter((line) => line.includes('unknown field'));
  expect(unknown).toEqual([expect.stringMatching(home === undefined ? /"$/ : `: it belongs to ${home.replace(/[.[\]]/g, '\\$&')}$`)]);
});

describe('what a document says it is', () => {
  test.each([
    [
      'kind: Pod\n',
      [
        '1:1-1:5 error apiVersion not set (did you mean "v1"?)',
        '1:7-1:10 error spec.containers: Required value',
        '1:7-1:10 error metadata.name: Required value: name or generateName is required',
      ],
    ],
    [
      'apiVersion: 1\nkind: Pod\nmetadata: { name: a }\nspec: { containers: [{ name: a, image: b:1 }] }\n',
      ['1:13-1:14 error apiVersion: Invalid value: 1: must be of type string (did you mean "v1"?)'],
    ],
    [
      'apiVersion: [v1]\nkind: ConfigMap\nmetadata: { name: a }\n',
      ['1:1-1:11 error apiVersion: Invalid value: "array": must be of type string (did you mean "v1"?)'],
    ],
    ['apiVersion: 1\nkind: Nonsense\nmetadata: { name: a }\n', ['1:13-1:14 error apiVersion: Invalid value: 1: must be of type string']],
    ['apiVersion: v1\nkind: yes\nmetadata: { name: a }\n', ['2:7-2:10 error kind: Invalid value: true: must be of type string']],
    ['apiVersion: v1\n', ['1:1-1:11 error kind not set']],
    ['apiVersion: v1\nkind:\n', ['2:1-2:5 error kind not set']],
    ['apiVersion: v1\nkind: pod\n', ['2:7-2:10 error no matches for kind "pod" in version "v1" (did you mean "Pod"?)']],
    [
      'apiVersion: apps/v1\nkind: Deploymnt\n',
      ['2:7-2:16 error no matches for kind "Deploymnt" in version "apps/v1" (did you mean "Deployment"?)'],
    ],
    [
      'apiVersion: extensions/v1beta1\nkind: Ingress\n',
      [
        '1:13-1:31 error no matches for kind "Ingress" in version "extensions/v1beta1": removed in Kubernetes 1.22: use networking.k8s.io/v1',
      ],
    ],
    ['apiVersion: v1\nkind: Nonsense\n', ['2:7-2:15 error no matches for kind "Nonsense" in version "v1"']],
    [
      'apiVersion: serving.knative.dev/v1\nkind: Service\nspec: { any: thing }\n',
      [
        '2:7-2:14 information no matches for kind "Service" in version "serving.knative.dev/v1": no CustomResourceDefinition for it is in this workspace, so its fields are not checked',
      ],
    ],
    ['apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [a.yaml]\n', []],
    ['apiVersion: v1\nkind: Config\nclusters: []\n', []],
    ['apiVersion: v2\nname: chart\nversion: 0.1.0\n', []],
    ['services:\n  web:\n    image: nginx\n', []],
    ['- just\n- a list\n', []],
    ['# nothing\n', []],
    ['', []],
  ])('%j', async (text, problems) => {
    expect(await editor.problems(text)).toEqual(problems);
  });

  test('a broken document leaves the others as they are', async () => {
    expect(
      await editor.problems('a: [1\n---\napiVersion: v1\nkind: Pod\nspec: 1\n---\n"open\n---\napiVersion: v1\nkind: Sevice\n'),
    ).toEqual([
      expect.stringMatching(/^[12]:\S+ error Flow sequence .*/),
      '5:7-5:8 error spec: Invalid value: 1: must be of type object',
      expect.stringMatching(/^[78]:\S+ error Missing closing "quote$/),
      '10:7-10:13 error no matches for kind "Sevice" in version "v1" (did you mean "Service"?)',
    ]);
  });

  test('the items of a List are checked one by one', async () => {
    const text =
      'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  spec: {containers: [], foo: 1}\n- kind: Pod\n- metadata: {}\n';
    expect(await editor.problems(text)).toEqual([
      '6:26-6:29 error unknown field "items[0].spec.foo"',
      '7:3-7:7 error items[1]: apiVersion not set (did you mean "v1"?)',
      '7:9-7:12 error items[1].spec.containers: Required value',
      '7:3-7:7 error items[1]: metadata.name: Required value: name or generateName is required',
      '8:3-8:11 error items[2]: kind not set',
    ]);
  });
});

describe('values', () => {
  test.each([
    [
      '  containers:\n  - name: a\n    ports: [{containerPort: 99999999999}]\n',
      '8:29-8:40 error spec.containers[0].ports[0].containerPort: Invalid value: 99999999999: must be of type int32',
    ],
    ['  containers: [{name: a, tty: "true"}]\n', '6:31-6:37 error spec.containers[0].tty: Invalid value: "true": must be of type boolean'],
    [
      '  containers: [{name: a, args: [1]}]\n',
      '6:33-6:34 error spec.containers[0].args[0]: Invalid value: 1: must be of type string: put it in quotes, "1"',
    ],
    ['  containers:\n    name: a\n', '6:3-6:13 error spec.containers: Invalid value: "object": must be of type array'],
    ['  containers:\n  - name:\n    image: a\n', '7:5-7:9 error spec.containers[0].name: Required value'],
    [
      '  containers: []\n  terminationGracePeriodSeconds: 1.5\n',
      '7:34-7:37 error spec.terminationGracePeriodSeconds: Invalid value: 1.5: must be of type integer',
    ],
  ])('%j', async (spec, problem) => {
    expect(await editor.problems(pod(spec))).toEqual([problem]);
  });

  test('null and an empty enumeration mean that a field is left out', async () => {
    const text = pod(
      '  containers:\n  - name: a\n    image: b\n    ports:\n    env: ~\n    imagePullPolicy: ""\n  nodeSelector: null\nstatus:\n  conditions: [{}]\n',
    );
    expect(await editor.problems(text)).toEqual([]);
  });

  test('secret data must be base64', async () => {
    const text = 'apiVersion: v1\nkind: Secret\ndata:\n  good: aGVsbG8=\n  bad: hello world\n  short: abc\n';
    expect(await editor.problems(text)).toEqual([
      '5:8-5:19 error data[bad]: illegal base64 data at input byte 5',
      '6:10-6:13 error data[short]: illegal base64 data at input byte 0',
    ]);
  });
});

describe('bad input', () => {
  test('a field given twice', async () => {
    expect(await editor.problems(pod('  containers:\n  - name: a\n    image: b\n    name: c\n'))).toEqual([
      '9:5-9:9 error duplicate field "spec.containers[0].name"',
    ]);
  });

  test('a tab as indentation', async () => {
    expect(await editor.problems(pod('\tcontainers: []\n'))).toEqual([
      expect.stringMatching(/^6:1-\S+ error Tabs are not allowed as indentation: use spaces$/),
    ]);
  });

  test('a byte order mark and CRLF', async () => {
    const text = `\uFEFF${pod('  containers: []\n  foo: 1\n---\n').replaceAll('\n', '\r\n')}kind: Pod\r\napiVersion: v1\r\nbar: 1\r\n`;
    expect(await editor.problems(text)).toEqual(['7:3-7:6 error unknown field "spec.foo"', '11:1-11:4 error unknown field "bar"']);
  });

  test('aliases that explode, that contain themselves, or that have no anchor', async () => {
    const levels = ['a: &a [x, x, x, x, x, x, x, x, x]'];
    for (const [name, before] of ['ba', 'cb', 'dc', 'ed', 'fe', 'gf', 'hg', 'ih'].map((pair) => [...pair])) {
      levels.push(`${name}: &${name} [${Array(9).fill(`*${before}`).join(', ')}]`);
    }
    const bomb = `apiVersion: v1\nkind: ConfigMap\n${levels.join('\n')}\n`;
    expect(await editor.problems(bomb)).toEqual([expect.stringMatching(/^8:\S+ error document contains excessive aliasing$/)]);
    expect((await editor.complete(`${bomb}|`)).map(({ label }) => label)).toContain('metadata');
    expect(await editor.problems('kind: Pod\nmetadata: &a [*a]\n')).toEqual(['2:15-2:17 error anchor "a" value contains itself']);
    expect(await editor.problems('kind: Pod\nspec:\n  <<: 1\n')).toEqual([
      '3:7-3:8 error map merge requires map or sequence of maps as the value',
    ]);
    expect(await editor.problems('kind: Pod\nspec: *b\n')).toEqual([
      '2:7-2:9 error unknown anchor "b" referenced: no &b stands above it in this document; a text must be put in quotes, "*b"',
    ]);
  });

  test('control characters', async () => {
    expect(await editor.problems('kind: Pod\nspec: "b\u0007"\n')).toEqual(['2:9-2:10 error control characters are not allowed']);
  });

  test('a depth that no parser survives', async () => {
    expect(await editor.problems(`kind: Pod\nspec: ${'['.repeat(50_000)}`)).toEqual([
      expect.stringMatching(/error document is nested too deeply$/),
    ]);
  });

  test('a file of 5 MB is told to be too long, and the server goes on answering', async () => {
    const big = `apiVersion: v1\nkind: ConfigMap\ndata:\n${'  key: value\n'.repeat(400_000)}`;
    expect(await editor.problems(big, 'file:///workspace/big.yaml')).toEqual([
      '1:1-1:2 information This file is too long to be checked here. Its documents can still be applied.',
    ]);
    expect(await editor.documents('file:///workspace/big.yaml')).toMatchObject([{ kind: 'ConfigMap', valid: true }]);
    expect(await editor.problems('apiVersion: v1\nkind: pod\n', 'file:///workspace/small.yaml')).toHaveLength(1);
    await editor.close('file:///workspace/big.yaml');
  });

  test('templates are left alone', async () => {
    expect(
      await editor.problems('apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Values.name }}\n{{- if .x }}\n  namespace: a\n{{- end }}\n'),
    ).toEqual([]);
  });
});

test('what no schema says is checked where the schema is content', async () => {
  const text =
    'apiVersion: v1\nkind: ConfigMap\ndata: {}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  labels: {}\n---\napiVersion: v1\nkind: Pod\nfoo: 1\n';
  expect(await editor.problems(text)).toEqual([
    '2:7-2:16 error metadata.name: Required value: name or generateName is required',
    '7:1-7:9 error metadata.name: Required value: name or generateName is required',
    '12:1-12:4 error unknown field "foo"',
  ]);
});

test('the words of the API server stand at the fields they name', async () => {
  const text = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: Web
spec:
  replicas: -1
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: other } }
    spec:
      containers:
        - name: web
          image: nginx
          ports:
            - containerPort: 80
              name: http_port
            - containerPort: 70000
          volumeMounts:
            - { name: missing, mountPath: /data }
---
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Service
    metadata: { generateName: web- }
    spec:
      clusterIP: None
      ports: [{ port: 0 }]
  - apiVersion: batch/v1
    kind: Job
    metadata: { name: once }
    spec:
      template:
        spec: { restartPolicy: Never, containers: [{ name: a, image: b }] }
`;
  expect(await editor.problems(text)).toEqual([
    expect.stringMatching(/^4:9-4:12 error metadata.name: Invalid value: "Web": a lowercase RFC 1123 subdomain must consist of /),
    '6:13-6:15 error spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    '9:17-9:23 error spec.template.metadata.labels: Invalid value: {"app":"other"}: `selector` does not match template `labels`',
    '16:21-16:30 error spec.template.spec.containers[0].ports[0].name: Invalid value: "http_port": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
    '17:30-17:35 error spec.template.spec.containers[0].ports[1].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive',
    '19:23-19:30 error spec.template.spec.containers[0].volumeMounts[0].name: Not found: "missing"',
    '29:23-29:24 error items[0]: spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive',
    '29:17-29:21 error items[0]: spec.ports[0].targetPort: Invalid value: 0: must be between 1 and 65535, inclusive',
  ]);
});

test('a likely slip is mended by a quick fix', async () => {
  const text =
    'apiVersion: v1\nkind: pod\n---\napiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec:\n  conteiners: [{ name: a, args: [yes] }]\n  initContainers: [{ name: a, args: [yes], imagePullPolicy: allways }]\n';
  const uri = await editor.open(text);
  expect(await editor.fixes(uri)).toEqual([
    'Change to Pod 2:7-2:10 Pod',
    'Change to containers 8:3-8:13 containers',
    'Change to "yes" 9:38-9:41 "yes"',
    'Change to Always 9:61-9:68 Always',
    'Remove conteiners 8:1-9:1 ',
  ]);
});

test('an edit tells what is wrong now, wherever the documents have moved', async () => {
  const uri = await editor.open('apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n---\napiVersion: v1\nkind: Pod\nfoo: 1\n');
  const lines = async () => (await editor.diagnostics(uri)).map(({ range, message }) => `${range.start.line}: ${message}`);
  expect(await lines()).toEqual(['6: unknown field "foo"']);
  await editor.edit(uri, 'kind: ConfigMap\n', 'kind: ConfigMap\ndata:\n  a: b\n');
  expect(await lines()).toEqual(['8: unknown field "foo"']);
  await editor.edit(uri, '---\n', '');
  expect(await lines()).toEqual(expect.arrayContaining(['6: duplicate field "kind"']));
  await editor.edit(uri, 'apiVersion: v1\nkind: Pod', '---\napiVersion: v1\nkind: Pod');
  await editor.edit(uri, 'foo: 1\n', '');
  expect(await lines()).toEqual(expect.not.arrayContaining([expect.stringContaining('foo')]));
});
