import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DocumentLink, Location, WorkspaceEdit, WorkspaceSymbol } from 'vscode-languageserver';
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
