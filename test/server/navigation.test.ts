import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DocumentLink, Location, WorkspaceEdit, WorkspaceSymbol } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { Editor, show } from './editor.ts';

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
      labels: { app: web, tier: front }
    spec:
      serviceAccountName: runner
      containers:
        - name: web
          image: nginx:1.29
          ports: [{ name: http, containerPort: 80 }]
          readinessProbe: { httpGet: { port: http } }
          envFrom: [{ configMapRef: { name: "settings" } }]
          env:
            - { name: COLOR, valueFrom: { configMapKeyRef: { name: settings, key: color } } }
          volumeMounts: [{ name: data, mountPath: /data }]
      volumes:
        - name: data
          configMap: { name: settings }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec:
  selector: { app: web }
  ports: [{ name: main, port: 80, targetPort: http }]
`;
const others = `apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: shop }
data:
  color: red
  size: "1"
---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: elsewhere }
data: { color: blue }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: shop }
spec:
  defaultBackend: { service: { name: web, port: { name: main } } }
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: web, namespace: shop }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }
  maxReplicas: 3
`;
const othersUri = 'file:///workspace/others.yaml';

let editor: Editor;
let uri: string;
beforeAll(async () => {
  editor = await Editor.start({ listFiles: async () => [othersUri], readFile: async () => others });
  uri = await editor.open(web, 'file:///workspace/web.yaml');
});
afterAll(async () => {
  expect(editor.logged).toEqual([]);
  await editor.stop();
});

const places = (found: Location[]) => found.map(({ uri, range }) => `${uri.slice(uri.lastIndexOf('/') + 1)} ${show(range)}`).sort();

describe('definition', () => {
  test.each([
    ['a ConfigMap in another file', 'settings"', ['others.yaml 3:19-3:27']],
    ['a key of it', 'color }', ['others.yaml 5:3-5:8']],
    ['a volume', 'data, mountPath', ['web.yaml 24:17-24:21']],
    ['a port of a probe', 'http } }', ['web.yaml 17:27-17:31']],
    ['the port a Service leads to', 'http }]', ['web.yaml 17:27-17:31']],
    ['something that is nowhere', 'runner', []],
    ['a field', 'containers', []],
  ])('of %s', async (_, needle, expected) => {
    expect(places(await editor.ask<Location[]>('textDocument/definition', uri, needle))).toEqual(expected);
  });
});

test('references of an object are found across files, and not those of its namesake elsewhere', async () => {
  const context = { includeDeclaration: true };
  expect(places(await editor.ask('textDocument/references', uri, 'settings"', { context }))).toEqual([
    'others.yaml 3:19-3:27',
    'web.yaml 19:46-19:54',
    'web.yaml 21:68-21:76',
    'web.yaml 25:30-25:38',
  ]);
  expect(places(await editor.ask('textDocument/references', uri, 'main,', { context }))).toEqual([
    'others.yaml 17:57-17:61',
    'web.yaml 32:19-32:23',
  ]);
});

describe('rename', () => {
  const renamed = async (needle: string, newName: string, nth = 0) => {
    const edit = await editor.ask<WorkspaceEdit>('textDocument/rename', uri, needle, { newName }, nth);
    return Object.entries(edit.changes ?? {})
      .flatMap(([file, edits]) => edits.map((one) => `${file.slice(file.lastIndexOf('/') + 1)} ${show(one.range)} ${one.newText}`))
      .sort();
  };

  test('an object changes every reference, and keeps quotes right', async () => {
    expect(await renamed('settings"', 'on')).toEqual([
      'others.yaml 3:19-3:27 "on"',
      'web.yaml 19:46-19:54 on',
      'web.yaml 21:68-21:76 "on"',
      'web.yaml 25:30-25:38 "on"',
    ]);
  });

  test('a Deployment changes its autoscaler, but not the Service of the same name', async () => {
    expect(await renamed('web\n', 'site')).toEqual(['others.yaml 23:66-23:69 site', 'web.yaml 4:9-4:12 site']);
  });

  test('a label changes selectors and templates', async () => {
    expect(await renamed('web }', 'site')).toEqual(
      ['web.yaml 31:20-31:23 site', 'web.yaml 11:22-11:25 site', 'web.yaml 8:25-8:28 site'].sort(),
    );
  });

  test('a name that is not allowed is refused with the reason', async () => {
    await expect(renamed('settings"', 'My Settings')).rejects.toThrow('"My Settings" is not allowed here: a lowercase RFC 1123 subdomain');
  });
});

const more = `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, namespace: more }
spec:
  serviceName: db-peers
  selector:
    matchExpressions: [{ key: app, operator: In, values: [db, "cache"] }]
  template:
    metadata:
      labels: { app: db, "tier": back }
      annotations: { kubectl.kubernetes.io/default-container: main }
    spec:
      serviceAccountName: keeper
      initContainers:
        - name: prepare
          env: [{ name: CPU, valueFrom: { resourceFieldRef: { containerName: main, resource: limits.cpu } } }]
      containers:
        - name: main
          ports: [{ name: sql, containerPort: 5432 }]
          volumeMounts:
            - { name: conf, mountPath: /etc/db.conf, subPath: db.conf }
            - { name: data, mountPath: /data }
      volumes:
        - { name: conf, configMap: { name: db-conf } }
        - { name: claim, persistentVolumeClaim: { claimName: shared } }
        - { name: pass, secret: { secretName: db-pass, items: [{ key: password, path: p }] } }
  volumeClaimTemplates:
    - metadata: { name: data }
---
apiVersion: v1
kind: Service
metadata: { name: db-peers, namespace: more }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: keeper, namespace: more }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: db-conf, namespace: more }
data: { db.conf: x }
---
apiVersion: v1
kind: Secret
metadata: { name: db-pass, namespace: more }
stringData: { password: x }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: shared, namespace: more }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: reads, namespace: more }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: reads, namespace: more }
roleRef: { kind: Role, name: reads }
subjects: [{ kind: ServiceAccount, name: keeper }]
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: db, namespace: more }
spec:
  scaleTargetRef: { kind: StatefulSet, name: db }
  metrics: [{ type: ContainerResource, containerResource: { container: main } }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: db, namespace: more }
spec:
  podSelector: { matchLabels: { app: db } }
  ingress: [{ ports: [{ port: sql }] }]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: web, namespace: more }
spec:
  rules: [{ backendRefs: [{ name: db-peers, port: 80 }] }]
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: widgets.example.org }
spec: { group: example.org, names: { kind: Widget } }
---
apiVersion: example.org/v1
kind: Widget
metadata: { name: one, namespace: more }
`;

describe('every reference leads to what it names', () => {
  const lineOf = (needle: string) => more.slice(0, more.indexOf(needle)).split('\n').length;
  let all: string;
  beforeAll(async () => {
    all = await editor.open(more, 'file:///workspace/more.yaml');
  });
  test.each([
    ['a Service of a StatefulSet', 'db-peers\n', '{ name: db-peers, namespace'],
    ['a ServiceAccount', 'keeper\n', '{ name: keeper, namespace'],
    ['a ServiceAccount of a binding', 'keeper }', '{ name: keeper, namespace'],
    ['a Role', 'reads }\nsubjects', '{ name: reads, namespace'],
    ['a ConfigMap', 'db-conf }', '{ name: db-conf, namespace'],
    ['a key mounted by itself', 'db.conf }', 'db.conf: x'],
    ['a Secret', 'db-pass,', '{ name: db-pass, namespace'],
    ['a key of a Secret', 'password,', 'password: x'],
    ['a claim', 'shared }', '{ name: shared, namespace'],
    ['a claim of a template', 'data, mountPath', '- metadata: { name: data'],
    ['a volume', 'conf, mountPath', '{ name: conf, configMap'],
    ['an expression of a selector', 'db, "cache"', '{ app: db, "tier"'],
    ['the target of an autoscaler', 'db }\n  metrics', '{ name: db, namespace'],
    ['a container of an autoscaler', 'main } }', 'name: main'],
    ['a container of a resource', 'main, resource', 'name: main'],
    ['a container of an annotation', 'main }\n    spec', 'name: main'],
    ['a port of a policy', 'sql }] }]', 'name: sql'],
    ['a Service of a route', 'db-peers, port', '{ name: db-peers, namespace'],
    ['the kind of a custom resource', 'Widget\n', 'kind: Widget } }'],
  ])('%s', async (_, from, to) => {
    const found = await editor.ask<Location[]>('textDocument/definition', all, from);
    expect(found.map(({ range }) => range.start.line + 1)).toEqual([lineOf(to)]);
    const references = await editor.ask<Location[]>('textDocument/references', all, from, { context: { includeDeclaration: false } });
    expect(references.map(({ range }) => range.start.line + 1)).toContain(lineOf(from));
    const highlights = await editor.ask<unknown[]>('textDocument/documentHighlight', all, from);
    expect(highlights.length).toBeGreaterThan(references.length);
  });

  const edits = async (needle: string, newName: string) => {
    const edit = await editor.ask<WorkspaceEdit>('textDocument/rename', all, needle, { newName });
    return (edit.changes?.[all] ?? []).map(({ range, newText }) => `${range.start.line + 1} ${newText}`).sort();
  };

  test('containers, ports, volumes, keys and names of labels are renamed wherever they stand', async () => {
    expect(await edits('main\n          ports', 'server')).toEqual(['11 server', '16 server', '18 server', '67 server']);
    expect(await edits('sql, containerPort', 'psql')).toEqual(['19 psql', '74 psql']);
    expect(await edits('conf, mountPath', 'config')).toEqual(['21 config', '24 config']);
    expect(await edits('password: x', 'secret')).toEqual(['26 secret', '46 secret']);
    expect(await edits('app, operator', 'part')).toEqual(['10 part', '7 part', '73 part']);
    expect(await edits('tier": back', 'on')).toEqual(['10 on']);
  });

  test.each([
    ['db-peers, namespace', 'Peers', /a DNS-1035 label|RFC 1123 label/],
    ['sql, containerPort', 'a-very-long-port-name', /must be no more than 15/],
    ['main\n          ports', 'my_server', /a lowercase RFC 1123 label/],
    ['main\n          ports', 'prepare', /"prepare" is there already/],
    ['app, operator', 'a/b/c', /a valid label key/],
    ['db, "cache"', 'a b', /a valid label must be/],
    ['db.conf: x', 'a/b', /a valid config key/],
    ['shared }', '', /name or generateName is required/],
  ])('%s is not renamed to %s', async (needle, newName, reason) => {
    await expect(edits(needle, newName)).rejects.toThrow(reason);
  });

  test('labels are renamed in monitors, and where they are written as a block', async () => {
    const text = `apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: { name: a }
spec: { selector: { matchLabels: { track: slow } } }
---
apiVersion: v1
kind: Service
metadata:
  name: a
  labels:
    track: |-
      slow
spec: { ports: [{ port: 80 }] }
`;
    const uri = await editor.open(text, 'file:///workspace/monitored.yaml');
    const edit = await editor.ask<WorkspaceEdit>('textDocument/rename', uri, 'slow }', { newName: 'fast' });
    const document = TextDocument.create(uri, 'yaml', 0, text);
    expect(TextDocument.applyEdits(document, edit.changes?.[uri] ?? [])).toBe(
      text.replace('track: slow', 'track: fast').replace('|-\n      slow', 'fast'),
    );
    await editor.close(uri);
  });

  test('a port is renamed in monitors, and in all Services that one of them asks', async () => {
    const service = (name: string, app: string) =>
      `apiVersion: v1\nkind: Service\nmetadata: { name: ${name}, labels: { app: ${app} } }\nspec: { selector: { app: ${app} }, ports: [{ name: web, port: 80 }] }\n---\n`;
    const monitor = (kind: string, spec: string) =>
      `apiVersion: monitoring.coreos.com/v1\nkind: ${kind}\nmetadata: { name: a }\nspec: { ${spec} }\n---\n`;
    const text =
      service('one', 'shop') +
      service('two', 'shop') +
      service('three', 'other') +
      monitor('ServiceMonitor', 'selector: { matchLabels: { app: shop } }, endpoints: [{ port: web }, { port: admin }]') +
      'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: a }\nspec: { defaultBackend: { service: { name: two, port: { name: web } } } }\n---\n' +
      'apiVersion: v1\nkind: Pod\nmetadata: { name: a, namespace: more, labels: { app: shop } }\nspec: { containers: [{ name: a, image: "a:1", ports: [{ name: meter, containerPort: 1 }] }] }\n---\n' +
      monitor(
        'PodMonitor',
        'namespaceSelector: { matchNames: [more] }, selector: { matchLabels: { app: shop } }, podMetricsEndpoints: [{ port: meter }]',
      );
    const uri = await editor.open(text, 'file:///workspace/ports.yaml');
    const renamed = async (needle: string, nth: number) => {
      const edit = await editor.ask<WorkspaceEdit>('textDocument/rename', uri, needle, { newName: 'http' }, nth);
      return TextDocument.applyEdits(TextDocument.create(uri, 'yaml', 0, text), edit.changes?.[uri] ?? []);
    };
    const all = text
      .replace(
        'name: one, labels: { app: shop } }\nspec: { selector: { app: shop }, ports: [{ name: web',
        'name: one, labels: { app: shop } }\nspec: { selector: { app: shop }, ports: [{ name: http',
      )
      .replace(
        'name: two, labels: { app: shop } }\nspec: { selector: { app: shop }, ports: [{ name: web',
        'name: two, labels: { app: shop } }\nspec: { selector: { app: shop }, ports: [{ name: http',
      )
      .replace('endpoints: [{ port: web', 'endpoints: [{ port: http')
      .replace('port: { name: web', 'port: { name: http');
    // Of a Service, of the monitor, of the Ingress.
    expect(await renamed('web, port', 0)).toBe(all);
    expect(await renamed('web }, { port', 0)).toBe(all);
    expect(await renamed('web } } }', 0)).toBe(all);
    expect(await renamed('web, port', 2)).toBe(text.replace(/(three.*\n.*)web/, '$1http'));
    const pods = text.replaceAll('meter', 'http');
    expect(await renamed('meter', 0)).toBe(pods);
    expect(await renamed('meter', 1)).toBe(pods);
    const found = await editor.ask<Location[]>('textDocument/definition', uri, 'meter', {}, 1);
    expect(found.map(({ range }) => show(range))).toEqual(['29:63-29:68']);
    expect(await editor.problems(text.replace('port: meter', 'port: metre').replace('port: admin', 'port: adm'), uri)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/warning No Service that is chosen has a port named "adm"$/),
        expect.stringMatching(/warning No container has a port named "metre" \(did you mean "meter"\?\)$/),
      ]),
    );
    await editor.close(uri);
  });

  test('a kind is not renamed, and says why', async () => {
    await expect(editor.ask('textDocument/prepareRename', all, 'Widget\n')).rejects.toThrow('A kind cannot be renamed');
    expect(await editor.ask('textDocument/prepareRename', all, 'mountPath')).toBeNull();
    expect(await editor.ask('textDocument/prepareRename', all, 'sql }]')).toMatchObject({ placeholder: 'sql' });
  });
});

test('workspace symbols', async () => {
  const find = async (query: string) =>
    (await editor.request<WorkspaceSymbol[]>('workspace/symbol', { query })).map((symbol) => `${symbol.name} ${symbol.containerName}`);
  expect(await find('deployment/web')).toEqual(['Deployment/web shop']);
  expect((await find('cmzset')).sort()).toEqual([]);
  expect((await find('confset')).sort()).toEqual(['ConfigMap/settings elsewhere', 'ConfigMap/settings shop']);
});

test('a glance at the target', async () => {
  const hover = async (needle: string) => {
    const answer = await editor.ask<{ contents: { value: string } } | null>('textDocument/hover', uri, needle);
    return answer?.contents.value.split('\n')[0];
  };
  expect(await hover('settings"')).toBe(
    '**ConfigMap/settings** · shop · keys `color`, `size` · [others.yaml:3](file:///workspace/others.yaml#L3)',
  );
  expect(await hover('runner')).toBe('ServiceAccount/runner is not in this workspace.');
  expect(await hover('web }')).toBe('Carried by the pods of Deployment/web.');
});

describe('completion knows names', () => {
  const head = 'apiVersion: v1\nkind: Pod\nmetadata: { name: x, namespace: shop }\nspec:\n';
  test.each([
    ['a ConfigMap', `${head}  volumes:\n    - name: a\n      configMap:\n        name: |`, ['settings']],
    [
      'a key',
      `${head}  containers:\n    - env:\n        - valueFrom:\n            configMapKeyRef:\n              name: settings\n              key: |`,
      ['color', 'size'],
    ],
    ['a volume', `${head}  volumes: [{name: a}, {name: b}]\n  containers:\n    - volumeMounts:\n        - name: |`, ['a', 'b']],
    ['a Service', `apiVersion: apps/v1\nkind: StatefulSet\nmetadata: { namespace: shop }\nspec:\n  serviceName: w|`, ['web']],
    [
      'a port',
      `apiVersion: v1\nkind: Service\nmetadata: { namespace: shop }\nspec:\n  selector: { app: web }\n  ports:\n    - targetPort: |`,
      ['http'],
    ],
    ['a label', `apiVersion: v1\nkind: Service\nmetadata: { namespace: shop }\nspec:\n  selector:\n    tier: |`, ['front']],
    [
      'a whole label',
      `apiVersion: v1\nkind: Service\nmetadata: { namespace: shop }\nspec:\n  selector:\n    |`,
      ['app: web', 'tier: front'],
    ],
  ])('%s', async (_, text, expected) => {
    const items = await editor.complete(text);
    expect(items.filter((item) => item.kind === 18).map((item) => item.label)).toEqual(expected);
  });
});

test('names that lead somewhere are told from other text', async () => {
  const pod = 'apiVersion: v1\nkind: Pod\nmetadata: { name: a, labels: { b: c } }\nspec:\n  priorityClassName: high\n';
  const other = await editor.open(pod, 'file:///workspace/pod.yaml');
  const { data } = await editor.request<{ data: number[] }>('textDocument/semanticTokens/full', { textDocument: { uri: other } });
  expect(data).toEqual([2, 18, 1, 0, 1, 2, 21, 4, 0, 0]);
  await editor.close(other);
});

test('a kustomization links to what it names', async () => {
  const kustomization = await editor.open(
    'resources:\n- web.yaml\n- ../base\n- https://example.org/x.yaml\npatches:\n- path: patch.yaml\n',
    'file:///workspace/overlay/kustomization.yaml',
  );
  const links = await editor.request<DocumentLink[]>('textDocument/documentLink', { textDocument: { uri: kustomization } });
  expect(links.map(({ range, target }) => `${show(range)} ${target}`)).toEqual([
    '2:3-2:11 file:///workspace/overlay/web.yaml',
    '3:3-3:10 file:///workspace/base/kustomization.yaml',
    '6:9-6:19 file:///workspace/overlay/patch.yaml',
  ]);
});

test('while a line is half written, the names of its document stay known', async () => {
  await editor.edit(uri, 'tier: front }', 'tier: front');
  const found = await editor.request<Location[]>('textDocument/references', {
    textDocument: { uri },
    position: { line: 18, character: 50 },
    context: { includeDeclaration: false },
  });
  expect(found).toHaveLength(3);
  await editor.edit(uri, 'tier: front', 'tier: front }');
});

describe('anchors of YAML', () => {
  const text =
    'a: &base { b: 1 }\nc: *base\nd:\n  <<: *base\n  e: &base\n  - f\ng: *base\nh: [&other x, *other]\n---\nkind: Pod\napiVersion: v1\nmetadata: { name: a, labels: &base { app: x } }\n';
  const uri = 'file:///workspace/anchors.yaml';
  const at = (line: number, character: number) => ({ textDocument: { uri }, position: { line, character } });

  test('an alias leads to the last anchor of its name above it, and that to all its aliases', async () => {
    await editor.open(text, uri);
    const definition = async (line: number, character: number) =>
      (await editor.request<Location[]>('textDocument/definition', at(line, character))).map(({ range }) => show(range));
    expect(await definition(1, 3)).toEqual(['1:5-1:9']);
    expect(await definition(3, 8)).toEqual(['1:5-1:9']);
    expect(await definition(6, 8)).toEqual(['5:7-5:11']);
    expect(await definition(7, 15)).toEqual(['8:6-8:11']);
    const references = async (includeDeclaration: boolean) =>
      (await editor.request<Location[]>('textDocument/references', { ...at(0, 4), context: { includeDeclaration } })).map(({ range }) =>
        show(range),
      );
    expect(await references(false)).toEqual(['2:5-2:9', '4:8-4:12']);
    expect(await references(true)).toEqual(['1:5-1:9', '2:5-2:9', '4:8-4:12']);
    const highlights = await editor.request<{ range: Location['range'] }[]>('textDocument/documentHighlight', at(6, 4));
    expect(highlights.map(({ range }) => show(range))).toEqual(['5:7-5:11', '7:5-7:9']);
  });

  test('they are renamed together', async () => {
    await editor.open(text, uri);
    expect(await editor.request('textDocument/prepareRename', at(1, 5))).toMatchObject({ placeholder: 'base' });
    const edit = await editor.request<WorkspaceEdit>('textDocument/rename', { ...at(1, 5), newName: 'first' });
    const edited = TextDocument.applyEdits(TextDocument.create(uri, 'yaml', 0, text), edit.changes?.[uri] ?? []);
    expect(edited).toBe(text.replace('&base', '&first').replace('c: *base', 'c: *first').replace('<<: *base', '<<: *first'));
    await expect(editor.request('textDocument/rename', { ...at(1, 5), newName: 'a b' })).rejects.toThrow('neither spaces');
    await editor.close(uri);
  });
});
