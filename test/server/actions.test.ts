import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { violationsOf } from '../../runtime/api/pod-security/index.ts';
import { kubernetesYaml } from '../../runtime/api/yaml/dialect.ts';
import { Editor } from './editor.ts';

let editor: Editor;
beforeAll(async () => {
  editor = await Editor.start();
});
afterAll(async () => {
  expect(editor.logged).toEqual([]);
  await editor.stop();
});

const comments = (text: string) => [...text.matchAll(/#[^\n]*/g)].map(([comment]) => comment);

/** What the text becomes by an action: still whole YAML, with every comment it had. */
async function applied(marked: string, title: string): Promise<string> {
  const actions = await editor.actions(marked);
  expect([...actions.keys()]).toContain(title);
  const text = actions.get(title) ?? '';
  for (const document of parseAllDocuments(text, kubernetesYaml)) expect('errors' in document ? document.errors : []).toEqual([]);
  expect(comments(text)).toEqual(expect.arrayContaining(comments(marked)));
  return text;
}

const errors = async (text: string) => (await editor.problems(text)).filter((line) => line.includes(' error '));

const pod = (container: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec:\n  containers:\n    - name: a\n      image: nginx:1.29 # the server\n${container}`;

describe('problems', () => {
  const configMap = (data: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n${data}`;
  const job = (spec: string) =>
    `apiVersion: batch/v1\nkind: Job\nmetadata: { name: a }\nspec:\n${spec}  template:\n    spec:\n      restartPolicy: Never\n      containers: [{ name: a, image: b:1 }]\n`;
  const autoscaler = (type: string) =>
    `apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: { name: a }\nspec:\n  maxReplicas: 2\n  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: a }\n  behavior: { scaleUp: { policies: [{ type: ${type}, value: 1, periodSeconds: 60 }] } }\n`;
  test.each([
    ['a number in quotes', job('  parallelism: "|2"\n'), 'Change to 2', job('  parallelism: 2\n')],
    ['a boolean in quotes', job('  suspend: "tr|ue" # for now\n'), 'Change to true', job('  suspend: true # for now\n')],
    ['a duration for seconds', job('  activeDeadlineSeconds: 5|m\n'), 'Change to 300', job('  activeDeadlineSeconds: 300\n')],
    ['a number for a string', configMap('data:\n  port: 80|80\n'), 'Change to "8080"', configMap('data:\n  port: "8080"\n')],
    ['a value that only the API server knows', autoscaler('|pod'), 'Change to Pods', autoscaler('Pods')],
    [
      'the only value that is allowed there',
      'apiVersion: v1\nkind: ReplicationController\nmetadata: { name: a }\nspec: { selector: { a: b }, template: { metadata: { labels: { a: b } }, spec: { restartPolicy: Nev|er, containers: [{ name: a, image: b:1 }] } } }\n',
      'Change to Always',
      'apiVersion: v1\nkind: ReplicationController\nmetadata: { name: a }\nspec: { selector: { a: b }, template: { metadata: { labels: { a: b } }, spec: { restartPolicy: Always, containers: [{ name: a, image: b:1 }] } } }\n',
    ],
    ['a string for a list', pod('      command: sle|ep\n'), 'Change to [ sleep ]', pod('      command:\n        - sleep\n')],
    [
      'a line for a command',
      pod('      command: sle|ep 5\n'),
      'Change to [ sleep, "5" ]',
      pod('      command:\n        - sleep\n        - "5"\n'),
    ],
    [
      'a line for a shell',
      pod('      command: sh -c foo --b|ar\n'),
      'Change to [ sh, -c, foo --bar ]',
      pod('      command:\n        - sh\n        - -c\n        - foo --bar\n'),
    ],
    [
      'a line of arguments',
      pod("      args: --a='b c' --d\\ e |f\n"),
      'Change to [ --a=b c, --d e, f ]',
      pod('      args:\n        - --a=b c\n        - --d e\n        - f\n'),
    ],
    ['a number for arguments', pod('      args: 80|80\n'), 'Change to [ "8080" ]', pod('      args:\n        - "8080"\n')],
    [
      'a volume that is misspelt',
      'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { volumes: [{ name: data, emptyDir: {} }], containers: [{ name: a, image: b:1, volumeMounts: [{ name: dat|e, mountPath: /a }] }] }\n',
      'Change to data',
      'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { volumes: [{ name: data, emptyDir: {} }], containers: [{ name: a, image: b:1, volumeMounts: [{ name: data, mountPath: /a }] }] }\n',
    ],
    [
      'an amount without its unit',
      pod('      resources: { limits: { memory: 51|2 } }\n'),
      'Change to 512Mi',
      pod('      resources: { limits: { memory: 512Mi } }\n'),
    ],
    [
      'processors in thousandths',
      pod('      resources: { requests: { cpu: 50|0 } }\n'),
      'Change to 500m',
      pod('      resources: { requests: { cpu: 500m } }\n'),
    ],
    [
      'text that is not encoded',
      'apiVersion: v1\nkind: Secret\nmetadata: { name: a }\ndata:\n  a: hel|lo\n',
      'Change to aGVsbG8=',
      'apiVersion: v1\nkind: Secret\nmetadata: { name: a }\ndata:\n  a: aGVsbG8=\n',
    ],
    [
      'text that lost its padding',
      'apiVersion: v1\nkind: Secret\nmetadata: { name: a }\ndata:\n  a: YWRt|aW4\n',
      'Change to YWRtaW4=',
      'apiVersion: v1\nkind: Secret\nmetadata: { name: a }\ndata:\n  a: YWRtaW4=\n',
    ],
    ['a list for a string', pod('      workingDir: [/t|mp]\n'), 'Change to /tmp', pod('      workingDir: /tmp\n')],
    [
      'a mapping for names and values',
      pod('      en|v:\n        A: x\n        B: 1\n'),
      'Change to [ { name: A, value: x }, { name: B, value: "1" } ]',
      pod('      env:\n        - name: A\n          value: x\n        - name: B\n          value: "1"\n'),
    ],
    [
      'names and values for a mapping',
      configMap('da|ta:\n  - name: a\n    value: b\n  - c: 1\n'),
      'Change to { a: b, c: "1" }',
      configMap('data:\n  a: b\n  c: "1"\n'),
    ],
    [
      'a mapping for a list of mappings',
      pod('      po|rts:\n        # the page\n        containerPort: 80\n        name: http\n'),
      'Make ports a list with this item',
      pod('      ports:\n        # the page\n        - containerPort: 80\n          name: http\n'),
    ],
    [
      'the same in one line',
      pod('      po|rts: { containerPort: 80 }\n'),
      'Make ports a list with this item',
      pod('      ports: [{ containerPort: 80 }]\n'),
    ],
    [
      'a name for an object',
      pod('      envFrom:\n        - configMapRef: set|tings\n'),
      'Change to { name: settings }',
      pod('      envFrom:\n        - configMapRef:\n            name: settings\n'),
    ],
    [
      'what kubectl shows in short',
      'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { name: a }\nspec:\n  accessModes: [RW|X]\n  resources: { requests: { storage: 1Gi } }\n',
      'Change to ReadWriteMany',
      'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { name: a }\nspec:\n  accessModes: [ReadWriteMany]\n  resources: { requests: { storage: 1Gi } }\n',
    ],
    [
      'a quantity as people write it',
      pod('      resources: { limits: { memory: 512 M|B } }\n'),
      'Change to 512M',
      pod('      resources: { limits: { memory: 512M } }\n'),
    ],
    [
      'an unknown field',
      pod('      # about it\n      fo|o:\n        bar: 1 # inside\n      tty: true\n').replace(' # inside', ''),
      'Remove foo',
      pod('      # about it\n      tty: true\n'),
    ],
    [
      'an unknown field behind a dash',
      pod('      ports:\n        - fo|o: 1\n          containerPort: 80\n'),
      'Remove foo',
      pod('      ports:\n        - containerPort: 80\n'),
    ],
    ['an unknown field alone', pod('      securityContext:\n        fo|o: 1\n'), 'Remove foo', pod('      securityContext: {}\n')],
    [
      'an unknown field in one line',
      pod('      ports: [{ fo|o: 1, containerPort: 80 }]\n'),
      'Remove foo',
      pod('      ports: [{ containerPort: 80 }]\n'),
    ],
    ['a field given twice', configMap('data:\n  a: b\n  |a: c\n  d: e\n'), 'Remove a', configMap('data:\n  a: b\n  d: e\n')],
    [
      'a required field',
      pod('      livenessProbe:\n        htt|pGet:\n          path: /\n'),
      'Add required field port',
      pod('      livenessProbe:\n        httpGet:\n          path: /\n          port: 80\n'),
    ],
  ])('%s', async (_, marked, title, expected) => {
    const text = await applied(marked, title);
    expect(text).toBe(expected);
    expect(await errors(text)).toEqual([]);
  });

  test('all required fields at once, by what the object says already', async () => {
    const text = await applied(
      'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n    name: web\ns|pec:\n    template:\n        metadata:\n            labels:\n                app: web\n        spec:\n            containers:\n                - image: docker.io/library/nginx:1.29 # no name\n',
      'Add all 2 missing required fields',
    );
    expect(text).toContain('    selector:\n        matchLabels:\n            app: web\n');
    expect(text).toContain('                - image: docker.io/library/nginx:1.29 # no name\n                  name: nginx\n');
    expect(await errors(text)).toEqual([]);
  });

  test('labels that nobody has chosen yet are the name of the object', async () => {
    const text = await applied(
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: shop }\nspe|c:\n  replicas: 1\n',
      'Add all 2 missing required fields',
    );
    expect(text.match(/app: shop/g)).toHaveLength(2);
    expect(await errors(text)).toEqual([]);
  });

  test('everything certain at once', async () => {
    const actions = await editor.actions(
      '|apiVersion: v1\nkind: pod\nmetadata: { name: a }\n---\napiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec:\n  restartPolicy: never\n  serviceAccount: b\n  containers: [{ Name: a, image: b:1, ports: [{ containerPort: "80", protocol: tcp }] }]\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { a: 1, on: b }\n---\napiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: { name: a }\nspec: { minAvailable: 1, selector: { matchLabels: { a: b } } }\n',
      ['source.fixAll'],
    );
    expect([...actions]).toEqual([
      [
        'Fix all that Kubeside can fix',
        'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\n---\napiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec:\n  restartPolicy: Never\n  serviceAccountName: b\n  containers: [{ name: a, image: b:1, ports: [{ containerPort: 80, protocol: TCP }] }]\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { a: "1", "on": b }\n---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: { name: a }\nspec: { minAvailable: 1, selector: { matchLabels: { a: b } } }\n',
      ],
    ]);
  });

  test.each([
    ['a field that may be another one', pod('      imag: b:1\n')],
    ['a value that may be another one', pod('      imagePullPolicy: Allways\n')],
    ['an amount whose unit is guessed', pod('      resources: { limits: { memory: 512 } }\n')],
    ['an amount that Kubernetes writes otherwise', pod('      resources: { limits: { memory: 512 MB } }\n')],
    ['text that may be the data of a Secret', 'apiVersion: v1\nkind: Secret\nmetadata: { name: a }\ndata: { a: hush hush }\n'],
    ['a kind that may be another one', 'apiVersion: apps/v1\nkind: Deploymnet\nmetadata: { name: a }\n'],
    [
      'the mode of a file',
      pod('').replace('spec:', 'spec:\n  volumes: [{ name: a, emptyDir: {} }, { name: b, secret: { secretName: c, defaultMode: 444 } }]'),
    ],
    ['a line without its colon', 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name web\n  namespace: shop\n'],
  ])('%s is only proposed, and not mended along with all others', async (_, text) => {
    const marked = `|${text.replace('|', '')}`;
    expect([...(await editor.actions(marked, ['source.fixAll'])).keys()]).toEqual([]);
  });
});

const web = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  selector:
    matchLabels: { app: web }
  template:
    metadata:
      labels: { app: web }
    spec:
      containers:
      - name: web # the page
        image: nginx:latest
        ports:
        - name: http
          containerPort: 8080
        - containerPort: 9000
        env:
        - name: COLOR
          value: red
        - name: SIZE
          value: "1"
        securityContext:
          allowPrivilegeEscalation: true # why?
      volumes: []
`;
const at = (needle: string) => web.replace(needle, `|${needle}`);

test('a field that is there already is not written a second time', async () => {
  expect([...(await editor.actions(pod('      imag|ee: b\n'), ['quickfix'])).keys()]).toEqual(['Remove imagee']);
});

test.each([
  [
    'selector:\n    # of the shop\n    a|pp: web # one\n    # two\n    tier: front\n',
    'selector:\n    # of the shop\n    matchLabels:\n      app: web # one\n      # two\n      tier: front\n',
  ],
  ['selector: { a|pp: web, tier: "front" }\n', 'selector: { matchLabels: { app: web, tier: "front" } }\n'],
])('labels right below a selector move into matchLabels: %j', async (marked, expected) => {
  const before = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a }\nspec:\n  ';
  const actions = await editor.actions(before + marked, ['quickfix']);
  expect(actions.get('Put the labels into matchLabels')).toBe(before + expected);
});

describe('a selector that does not match the labels of its pods', () => {
  const parted = web.replace('labels: { app: web }', 'labels: { app: wab, tier: front }');
  test.each([
    ['on the value in the selector', parted.replace('{ app: web }', '{ app: w|eb }')],
    ['on the value in the labels', parted.replace('app: wab', 'app: wa|b')],
    ['on the labels', parted.replace('labels:', 'lab|els:')],
  ])('is brought together from either side, %s', async (_, marked) => {
    expect(await applied(marked, 'Give the pods the labels that the selector wants')).toBe(parted.replace('app: wab', 'app: web'));
    expect(await applied(marked, 'Let the selector want the labels of the pods')).toBe(parted.replace('{ app: web }', '{ app: wab }'));
  });

  test('can only be followed by the pods where they have no such label', async () => {
    const without = web.replace('labels: { app: web }', 'labels: { tier: |front }');
    const actions = await editor.actions(without);
    expect(actions.get('Give the pods the labels that the selector wants')).toContain('labels: { tier: front, app: web }');
    expect([...actions.keys()]).not.toContain('Let the selector want the labels of the pods');
  });

  test('is left alone where it matches', async () => {
    expect([...(await editor.actions(at('app: web'))).keys()]).not.toContain('Give the pods the labels that the selector wants');
  });
});

describe('a container gets', () => {
  test.each([
    [
      'Add a readiness probe',
      '        readinessProbe:\n          httpGet:\n            path: /\n            port: http\n          periodSeconds: 10\n',
    ],
    [
      'Add a liveness probe',
      '        livenessProbe:\n          httpGet:\n            path: /\n            port: http\n          initialDelaySeconds: 10\n          periodSeconds: 10\n',
    ],
    [
      'Add a startup probe',
      '        startupProbe:\n          httpGet:\n            path: /\n            port: http\n          periodSeconds: 5\n          failureThreshold: 30\n',
    ],
    [
      'Add resource requests and limits',
      '        resources:\n          requests:\n            cpu: 100m\n            memory: 128Mi\n          limits:\n            memory: 256Mi\n',
    ],
  ])('%s', async (title, added) => {
    const text = await applied(at('image: nginx'), title);
    expect(text).toBe(web.replace('      volumes', `${added}      volumes`));
    expect(await errors(text)).toEqual([]);
  });

  test('a security context that the restricted standard takes, whatever was there', async () => {
    const text = await applied(at('image: nginx'), 'Add a restricted security context');
    expect(text).toContain(
      '          allowPrivilegeEscalation: false # why?\n          runAsNonRoot: true\n          capabilities:\n            drop:\n            - ALL\n',
    );
    const [document] = parseAllDocuments(text, kubernetesYaml);
    const { spec } = document && 'toJS' in document ? document.toJS().spec.template : { spec: {} };
    expect(violationsOf({ metadata: {}, spec }, { level: 'restricted', version: 'latest' })).toEqual([]);
    expect(await editor.actions(text.replace('image: nginx', '|image: nginx'))).not.toContain('Add a restricted security context');
  });

  test('no restricted security context when it asks for more', async () => {
    for (const more of ['privileged: true', 'capabilities: { add: [SYS_TIME] }']) {
      const actions = await editor.actions(pod(`      securityContext: { ${more} }\n`).replace('image', '|image'));
      expect([...actions.keys()]).not.toContain('Add a restricted security context');
    }
  });

  test('the tag that other manifests use', async () => {
    const other = await editor.open(pod('').replaceAll('nginx:1.29', 'nginx:1.28'), 'file:///workspace/tags.yaml');
    const text = await applied(at('nginx:latest'), 'Change to nginx:1.28');
    expect(text).toBe(web.replace('nginx:latest', 'nginx:1.28'));
    await editor.close(other);
  });

  test('probes that its ports can answer', async () => {
    const probe = async (ports: string) => {
      const text = (await editor.actions(pod(`      ports: [${ports}]\n`).replace('image', '|image'))).get('Add a readiness probe');
      const [document] = parseAllDocuments(text ?? '', kubernetesYaml);
      return document && 'toJS' in document ? document.toJS()?.spec.containers[0].readinessProbe : undefined;
    };
    expect(await probe('{ containerPort: 8443 }')).toEqual({ httpGet: { path: '/', port: 8443, scheme: 'HTTPS' }, periodSeconds: 10 });
    expect(await probe('{ containerPort: 5432 }')).toEqual({ tcpSocket: { port: 5432 }, periodSeconds: 10 });
    expect(await probe('{ name: grpc, containerPort: 5000 }')).toEqual({ grpc: { port: 5000 }, periodSeconds: 10 });
    expect(await probe('{ containerPort: 53, protocol: UDP }')).toBeUndefined();
  });
});

test('pods are kept apart and spread', async () => {
  const marked = at('containers:');
  const apart = await applied(marked, 'Keep the pods apart: add podAntiAffinity');
  expect(apart).toContain(
    '      affinity:\n        podAntiAffinity:\n          preferredDuringSchedulingIgnoredDuringExecution:\n          - weight: 100\n',
  );
  const spread = await applied(marked, 'Spread the pods over zones: add topologySpreadConstraints');
  expect(spread).toContain('      topologySpreadConstraints:\n      - maxSkew: 1\n');
  for (const text of [apart, spread]) expect(await errors(text)).toEqual([]);
});

test('a workload gets a Service and a budget as further documents', async () => {
  const service = await applied(at('name: web'), 'Add a Service for web');
  expect(service).toBe(
    `${web}---\napiVersion: v1\nkind: Service\nmetadata:\n  name: web\n  namespace: shop\nspec:\n  selector:\n    app: web\n  ports:\n  - name: http\n    port: 8080\n    targetPort: http\n  - name: port-2\n    port: 9000\n    targetPort: 9000\n`,
  );
  const budget = await applied(at('kind: Deployment'), 'Add a PodDisruptionBudget for web');
  expect(budget).toBe(
    `${web}---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata:\n  name: web\n  namespace: shop\nspec:\n  maxUnavailable: 1\n  selector:\n    matchLabels:\n      app: web\n`,
  );
  for (const text of [service, budget]) expect(await errors(text)).toEqual([]);
  expect([...(await editor.actions(service.replace('name: web', '|name: web'))).keys()]).not.toContain('Add a Service for web');
});

describe('the environment moves', () => {
  test('to what it is by its name first', async () => {
    const titles = async (name: string) => [
      ...(await editor.actions(pod(`      env: [{ name: ${name}, value: "12|3" }]\n`), ['refactor.extract'])).keys(),
    ];
    expect(await titles('COLOR')).toEqual(['Move COLOR to a ConfigMap', 'Move COLOR to a Secret']);
    expect(await titles('API_TOKEN')).toEqual(['Move API_TOKEN to a Secret', 'Move API_TOKEN to a ConfigMap']);
  });

  test('as a whole to a ConfigMap', async () => {
    const text = await applied(at('COLOR'), 'Move the environment of web to a ConfigMap');
    expect(text).toBe(
      `${web.replace(/ {8}env:[\s\S]*"1"\n/, '        envFrom:\n        - configMapRef:\n            name: web-config\n')}---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web-config\n  namespace: shop\ndata:\n  COLOR: red\n  SIZE: "1"\n`,
    );
    expect(await errors(text)).toEqual([]);
  });

  test('one by one where comments stand between or values refer to others', async () => {
    const text = await applied(
      pod(
        '      env:\n        - name: A\n          value: x # first\n        - { name: B, value: "y|" }\n        - name: C\n          value: $(A)\n',
      ),
      'Move the environment of a to a ConfigMap',
    );
    expect(text).toContain(
      '        - name: A\n          valueFrom:\n            configMapKeyRef:\n              name: a-config\n              key: A # first\n        - { name: B, valueFrom: { configMapKeyRef: { name: a-config, key: B } } }\n        - name: C\n          value: $(A)\n---\n',
    );
    expect(await errors(text)).toEqual([]);
  });

  test('a secret to a Secret of a free name', async () => {
    const secret = 'apiVersion: v1\nkind: Secret\nmetadata: { name: a-secret }\n---\n';
    const text = await applied(secret + pod('      env: [{ name: API_TOKEN, value: "12|3" }]\n'), 'Move API_TOKEN to a Secret');
    expect(text).toContain('env: [{ name: API_TOKEN, valueFrom: { secretKeyRef: { name: a-secret-2, key: API_TOKEN } } }]');
    expect(text).toContain('kind: Secret\nmetadata:\n  name: a-secret-2\ntype: Opaque\nstringData:\n  API_TOKEN: "123"\n');
    expect(await errors(text)).toEqual([]);
  });
});

describe('style', () => {
  test.each([
    ['a mapping', 'a:\n  b: { c: 1, d: [x, y], |e: { f: "g" } } # note\n', 'a:\n  b: # note\n    c: 1\n    d: [x, y]\n    e: { f: "g" }\n'],
    ['a list', 'a: [1, |b]\nc: d\n', 'a:\n  - 1\n  - b\nc: d\n'],
    ['an item', 'a:\n- { b: 1, |c: 2 }\n- d\n', 'a:\n- b: 1\n  c: 2\n- d\n'],
  ])('%s becomes a block', async (_, data, expected) => {
    const head = 'apiVersion: example.org/v1\nkind: Thing\nmetadata:\n  name: x\n';
    expect((await editor.actions(head + data)).get('Write as a block') ?? '').toBe('');
    const pod = `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n  annotations: {}\n`;
    expect(await applied(pod + data, 'Write as a block')).toBe(pod + expected);
  });

  test.each([
    ['a mapping', '|a:\n  b: 1\n  c: "x, y"\n  d: p, q\ne: f\n', 'a: { b: 1, c: "x, y", d: "p, q" }\ne: f\n'],
    ['a list', '|a:\n- 1\n- b: c\n  d:\n  - e\n', 'a: [1, { b: c, d: [e] }]\n'],
  ])('%s is written in one line', async (_, data, expected) => {
    const head = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: x }\n';
    expect(await applied(head + data, 'Write in one line')).toBe(head + expected);
  });

  test('a block with comments or texts of several lines stays one', async () => {
    for (const data of ['|a:\n  b: 1 # why\n  c: 2\n', '|a:\n  b: |\n    text\n'.replace('b: |', 'b: >'), '|a: &x\n  b: 1\n'])
      expect([...(await editor.actions(`apiVersion: v1\nkind: ConfigMap\nmetadata: { name: x }\n${data}`)).keys()]).not.toContain(
        'Write in one line',
      );
  });
});

test('nothing is offered in templates and in files that are not of Kubernetes', async () => {
  expect([...(await editor.actions('services:\n  |web: { image: x }\n'))]).toEqual([]);
  expect([...(await editor.actions(at('image: nginx').replace('name: web\n', 'name: {{ .Values.name }}\n')))]).toEqual([]);
});

describe('back ends of an Ingress as older versions had them', () => {
  const ingress = (spec: string) => `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: a }\nspec:\n${spec}`;
  const before = ingress(`  backend: { serviceName: fallback, servicePort: 80 }
  rules:
    - http:
        paths:
          - path: / # all
            pathType: Prefix
            backend:
              service|Name: web # its service
              servicePort: http
          - path: /new
            backend: { service: { name: new, port: { number: 80 } } }
`);
  const after = ingress(`  defaultBackend: { service: { name: fallback, port: { number: 80 } } }
  rules:
    - http:
        paths:
          - path: / # all
            pathType: Prefix
            backend:
              service:
                name: web # its service
                port:
                  name: http
          - path: /new
            pathType: ImplementationSpecific
            backend: { service: { name: new, port: { number: 80 } } }
`);
  const title = 'Write the back ends as networking.k8s.io/v1 has them';

  test('become those of the version that is written', async () => {
    expect(await applied(before, title)).toBe(after);
    expect(await errors(after)).toEqual([]);
    expect(await applied(before.replace('service|Name', 'serviceName').replace('  backend', '  back|end'), title)).toBe(after);
  });

  test('are not confused with what is only misspelt', async () => {
    expect([...(await editor.actions(before.replace('service|Name', 'servic|eNam'))).keys()]).not.toContain(title);
  });
});
