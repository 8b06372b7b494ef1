import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CodeAction, Diagnostic } from 'vscode-languageserver';
import { Editor, show } from '../editor.ts';

let editor: Editor;
beforeAll(async () => {
  editor = await Editor.start();
});
beforeEach(() => editor.configure({}));
afterAll(async () => {
  expect(editor.logged).toEqual([]);
  await editor.stop();
});

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: example.org/web:1
          ports: [{ name: http, containerPort: 80 }]
          envFrom: [{ configMapRef: { name: settigns } }]
          resources: { limits: { memory: 64Mi } }
---
`;
const settings = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { color: red }\n';

const severities = ['', 'error', 'warning', 'information', 'hint'];

/** `line severity rule: message` of the workspace's rules. */
async function told(text: string, uri?: string): Promise<string[]> {
  const found = await editor.diagnostics(await editor.open(text, uri));
  return found.map(({ range, severity, code, message }) => `${range.start.line + 1} ${severities[severity ?? 0]} ${code}: ${message}`);
}

describe('what a cluster would know', () => {
  test('a ConfigMap that is not there, with the one that was meant', async () => {
    expect(await told(deployment + settings)).toEqual([
      '13 warning dangling-reference: No manifest of this workspace declares ConfigMap "settigns" in namespace "default" (did you mean "settings"?)',
    ]);
  });

  test('nothing is said where the workspace has nothing else of the namespace', async () => {
    expect(await told(deployment)).toEqual([]);
  });

  test('an optional reference may dangle', async () => {
    expect(await told(deployment.replace('settigns', 'settigns, optional: true') + settings)).toEqual([]);
  });

  test('a Service that selects nothing, and a port that no container has', async () => {
    const service = (spec: string) => `apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec:\n${spec}`;
    const good = deployment.replace('settigns', 'settings').concat(settings, '---\n');
    expect(await told(good + service('  selector: { app: wbe }\n  ports: [{ port: 80 }]\n'))).toEqual([
      '25 warning selects-nothing: No pods of this workspace in namespace "default" carry app=wbe (did you mean "web"?)',
    ]);
    expect(await told(good + service('  selector: { app: web }\n  ports: [{ port: 80, targetPort: htp }]\n'))).toEqual([
      '26 warning unknown-port: No container has a port named "htp" (did you mean "http"?)',
    ]);
    expect(await told(good + service('  selector: { app: web }\n  ports: [{ port: 81 }]\n'))).toEqual([
      '26 hint unknown-port: The selected containers list other ports than 81: 80',
    ]);
    expect(await told(good + service('  selector: { app: web }\n  ports: [{ port: 80, targetPort: http }]\n'))).toEqual([]);
  });

  test('a key, a back end, a target of an autoscaler, an object told twice', async () => {
    const text = `${settings}---
apiVersion: v1
kind: Pod
metadata: { name: one }
spec:
  containers:
    - name: a
      image: b:1
      env: [{ name: C, valueFrom: { configMapKeyRef: { name: settings, key: colour } } }]
---
apiVersion: v1
kind: Service
metadata: { name: front }
spec:
  ports: [{ name: main, port: 80 }]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: in }
spec:
  defaultBackend: { service: { name: front, port: { number: 8080 } } }
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: scale }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }
  maxReplicas: 3
---
${settings}`;
    expect(await told(text)).toEqual([
      '3 warning duplicate-object: ConfigMap "settings" is declared 2 times in this file',
      '13 warning dangling-key: ConfigMap "settings" has no key "colour" (did you mean "color"?)',
      '25 warning ingress-port: Service "front" has no port 8080; it has 80',
      '31 hint dangling-reference: No manifest of this workspace declares Deployment "web" in namespace "default"',
      '36 warning duplicate-object: ConfigMap "settings" is declared 2 times in this file',
    ]);
  });

  test('what a kustomization or an operator makes is there', async () => {
    const made = `apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: web }
spec: { secretName: web-tls }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web }
spec:
  tls: [{ secretName: web-tls }]
  defaultBackend: { resource: { apiGroup: a.b, kind: C, name: d } }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: shop, annotations: { cert-manager.io/cluster-issuer: letsencrypt } }
spec:
  tls: [{ secretName: shop-tls }]
  defaultBackend: { resource: { apiGroup: a.b, kind: C, name: d } }
`;
    expect((await told(made)).filter((line) => !line.includes('unknown-kind'))).toEqual([]);
    const generator = 'configMapGenerator:\n- name: settigns\n  literals: [color=red]\n';
    const kustomization = await editor.open(generator, 'file:///workspace/kustomization.yaml');
    const key = `
          env: [{ name: A, valueFrom: { configMapKeyRef: { name: settigns, key: KEY } } }]`;
    const text = `${deployment.replace('          resources', `${key.slice(1)}\n          resources`)}${settings}`;
    expect(await told(text.replace('KEY', 'color'))).toEqual([]);
    expect(await told(text.replace('KEY', 'size'))).toEqual(['14 warning dangling-key: ConfigMap "settigns" has no key "size"']);
    await editor.close(kustomization);
  });

  test('an edit in one file changes what is said of another', async () => {
    const uri = await editor.open(deployment, 'file:///workspace/a/web.yaml');
    const other = await editor.open(settings, 'file:///workspace/a/settings.yaml');
    const codes = (found: Diagnostic[]) => found.map(({ code }) => code);
    await expect.poll(async () => codes(await editor.diagnostics(uri))).toEqual(['dangling-reference']);
    await editor.edit(other, 'name: settings', 'name: settigns');
    await expect.poll(async () => codes(await editor.diagnostics(uri))).toEqual([]);
    await editor.close(uri);
    await editor.close(other);
  });

  test('an edited label is found where it is now and no more where it was', async () => {
    const pods = await editor.open(
      deployment.replace('settigns', 'settigns, optional: true').replaceAll('app: web', 'app: blue'),
      'file:///workspace/b/web.yaml',
    );
    const service = 'apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { selector: { app: blue }, ports: [{ port: 80 }] }\n';
    const uri = await editor.open(service, 'file:///workspace/b/service.yaml');
    const codes = (found: Diagnostic[]) => found.map(({ code }) => code);
    await expect.poll(async () => codes(await editor.diagnostics(uri))).toEqual([]);
    await editor.edit(pods, '{ labels: { app: blue } }', '{ labels: { app: green } }');
    await expect.poll(async () => codes(await editor.diagnostics(uri))).toEqual(['selects-nothing']);
    await editor.edit(uri, 'app: blue', 'app: green');
    await expect.poll(async () => codes(await editor.diagnostics(uri))).toEqual([]);
    await editor.close(uri);
    await editor.close(pods);
  });
});

describe('silence', () => {
  const text = deployment + settings;
  const ref = '          envFrom:';
  test.each([
    ['a comment above', text.replace(ref, `          # kubeside: ignore dangling-reference\n${ref}`)],
    [
      'a comment at the end of the line',
      text.replace('settigns } }]', 'settigns } }] # kubeside: ignore unknown-port, dangling-reference'),
    ],
    ['a comment above the document', `# kubeside: ignore dangling-reference\n${text}`],
    ['an annotation', text.replace('{ name: web }\nspec', '{ name: web, annotations: { kubeside/ignore: dangling-reference } }\nspec')],
  ])('%s', async (_, silenced) => {
    expect(await told(silenced)).toEqual([]);
  });

  test('a comment about another rule does not silence', async () => {
    expect(await told(text.replace(ref, `          # kubeside: ignore unknown-port\n${ref}`))).toHaveLength(1);
  });

  test('a setting', async () => {
    await editor.configure({ 'dangling-reference': 'off' });
    expect(await told(text)).toEqual([]);
    await editor.configure({ 'dangling-reference': 'error' });
    expect(await told(text)).toEqual([expect.stringMatching(/^13 error dangling-reference/)]);
  });
});

test('quick fixes: what was meant, and silence', async () => {
  const uri = await editor.open(deployment + settings);
  const diagnostics = await editor.diagnostics(uri);
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  const actions = await editor.request<CodeAction[]>('textDocument/codeAction', {
    textDocument: { uri },
    range,
    context: { diagnostics, only: ['quickfix'] },
  });
  expect(
    actions.map(
      ({ title, edit }) => `${title}: ${(edit?.changes?.[uri] ?? []).map((one) => `${show(one.range)} ${JSON.stringify(one.newText)}`)}`,
    ),
  ).toEqual([
    'Change to settings: 13:45-13:53 "settings"',
    'Ignore here: Reference to an object that is not there: 13:1-13:1 "          # kubeside: ignore dangling-reference\\n"',
  ]);
});

test('a namespace that the API server drops, and takes out of no other object', async () => {
  const role = (kind: string) =>
    `apiVersion: rbac.authorization.k8s.io/v1\nkind: ${kind}\nmetadata:\n  name: reader\n  namespace: shop\nrules: []\n`;
  expect(await told(role('ClusterRole'))).toEqual([
    '5 hint idle-namespace: ClusterRole is cluster-wide: the API server drops its namespace',
  ]);
  expect(await told(role('Role'))).toEqual([]);
  expect(await told(role('ClusterRole').replace('  namespace', '  # kubeside: ignore idle-namespace\n  namespace'))).toEqual([]);
  const actions = await editor.actions(role('ClusterRole').replace('namespace', '|namespace'));
  expect(actions.get('Remove namespace')).toBe(role('ClusterRole').replace('  namespace: shop\n', ''));
});
