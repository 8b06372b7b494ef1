import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Editor } from './editor.ts';

/** What users of other extensions complain of, by repository and issue: yls and vscode-yaml of redhat-developer, vscode-kubernetes-tools. None of it is to be so here. */

let editor: Editor;

beforeAll(async () => {
  editor = await Editor.start();
});

afterAll(async () => {
  expect(editor.logged).toEqual([]);
  await editor.stop();
});

const pod = (more = '', name = 'a') =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\nspec:\n  containers:\n    - name: a\n      image: nginx:1.27\n${more}`;
const service = (port: string, target: string) =>
  `apiVersion: v1\nkind: Service\nmetadata:\n  name: a\nspec:\n  ports:\n    - port: ${port}\n      targetPort: ${target}\n`;
const crd = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: crontabs.example.com
spec:
  group: example.com
  names: { kind: CronTab, plural: crontabs, singular: crontab }
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema: { type: object, properties: { spec: { type: object, properties: { cronSpec: { type: string } } } } }
`;
const errors = async (text: string, uri?: string) => (await editor.problems(text, uri)).filter((line) => / error /.test(line));
const labels = async (marked: string) => (await editor.complete(marked)).map(({ label }) => label);

describe('one kind at a time', () => {
  test('vscode-yaml#247, #1180, yls#998: no "Matches multiple schemas"', async () => {
    expect(await errors(`${pod()}---\n${service('80', 'http')}`)).toEqual([]);
  });

  test('yls#80, #319, #946, #1082, vscode-kubernetes-tools#341: each document of a file has its own schema', async () => {
    expect(await errors(`${service('80', '80')}---\n${pod('      imagez: b\n')}`)).toEqual([
      expect.stringContaining('spec.containers[0].imagez'),
    ]);
  });

  test('vscode-yaml#43, #995, #1066, yls#869: completion in the second document and later', async () => {
    expect(await labels(`${pod()}---\n${service('80', '80')}---\n${pod('      imageP|')}`)).toContain('imagePullPolicy');
  });

  test('yls#490: kind List', async () => {
    const item = pod('      imagez: b\n').replace(/^/gm, '    ').trimEnd().replace('    ', '  - ');
    expect(await errors(`apiVersion: v1\nkind: List\nitems:\n${item}\n`)).toEqual([expect.stringContaining('imagez')]);
  });
});

describe('schemas', () => {
  test('yls#132, #605, vscode-kubernetes-tools#447, #584, vscode-yaml#1137: a definition in the workspace describes its objects', async () => {
    await editor.open(crd, 'file:///workspace/crd.yaml');
    const object = 'apiVersion: example.com/v1\nkind: CronTab\nmetadata:\n  name: a\nspec:\n';
    expect(await labels(`${object}  |`)).toContain('cronSpec');
    expect(await errors(`${object}  cronSpec: 3\n`)).toHaveLength(1);
    await editor.close('file:///workspace/crd.yaml');
  });

  test('yls#1297, #1310, vscode-yaml#386, #382, #694: nothing is loaded from the network, and built-in kinds are no custom ones', async () => {
    const fetched: unknown[] = [];
    const { fetch } = globalThis;
    globalThis.fetch = (input) => {
      fetched.push(input);
      return Promise.reject(new Error('offline'));
    };
    expect(await errors('apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n  name: a\n')).toEqual([]);
    expect(await errors(pod())).toEqual([]);
    globalThis.fetch = fetch;
    expect(fetched).toEqual([]);
  });

  test('yls#211, #778, vscode-yaml#424, #822: the version of Kubernetes can be chosen', async () => {
    const policy = 'apiVersion: admissionregistration.k8s.io/v1\nkind: MutatingAdmissionPolicy\nmetadata:\n  name: a\n';
    await editor.choose('1.30');
    const ofKind = async () => (await errors(policy)).filter((line) => /^[12]:/.test(line) && !line.includes('Required value'));
    expect(await ofKind()).toHaveLength(1);
    const old = await ofKind();
    for (const written of ['v1.30', '1.30.14']) {
      await editor.choose(written);
      expect(await ofKind()).toEqual(old);
    }
    await editor.choose('1.36');
    expect(await ofKind()).toEqual([]);
  });

  test('vscode-kubernetes-tools#1134, #1042, vscode-yaml#253, #299: help in an empty file and without a cluster', async () => {
    expect(await labels('|')).toEqual(expect.arrayContaining(['apiVersion', 'kind', 'Deployment']));
  });

  test('vscode-kubernetes-tools#919, #1178, vscode-yaml#474, #1273: other YAML is left alone', async () => {
    expect(await editor.problems('services:\n  web:\n    image: nginx\n    ports: ["80:80"]\n', 'file:///workspace/compose.yaml')).toEqual(
      [],
    );
    expect(await editor.problems('on: push\njobs:\n  a:\n    runs-on: ubuntu\n', 'file:///workspace/.github/workflows/a.yaml')).toEqual([]);
  });
});

describe('validation', () => {
  test('vscode-kubernetes-tools#618, #621, #632: numbers or names', async () => {
    expect(await errors(service('80', 'http'))).toEqual([]);
    expect(await errors(service('80', '8080'))).toEqual([]);
  });

  test('vscode-kubernetes-tools#146: ports and enumerations are checked', async () => {
    expect(await errors(service('80000', '80'))).toEqual([expect.stringContaining('must be between 1 and 65535')]);
    expect(await errors(pod('      imagePullPolicy: Sometimes\n'))).toEqual([expect.stringContaining('Sometimes')]);
  });

  test('kubernetes#34146: what YAML 1.1 makes of a word is told', async () => {
    const problems = await errors(pod('      env:\n        - name: A\n          value: yes\n'));
    expect(problems.join()).toContain('yes');
  });

  test('vscode-yaml#68, #246, #407, yls#449: templates of charts are no errors', async () => {
    const template = pod('      {{- with .Values.env }}\n      env: {{ toYaml . | nindent 8 }}\n      {{- end }}\n', '{{ .Release.Name }}');
    expect(await errors(template, 'file:///workspace/chart/templates/pod.yaml')).toEqual([]);
  });

  test('vscode-kubernetes-tools#995: patches need not be complete', async () => {
    const kustomization = 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\npatches:\n  - path: patch.yaml\n';
    await editor.open(kustomization, 'file:///workspace/k/kustomization.yaml');
    const patch = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: a\nspec:\n  replicas: 2\n';
    expect(await errors(patch, 'file:///workspace/k/patch.yaml')).toEqual([]);
    expect(await errors(patch, 'file:///workspace/k/other.yaml')).not.toEqual([]);
  });

  test('vscode-kubernetes-tools#399, #408, #1112, #1223: nothing nags about limits, and every rule can be silenced', async () => {
    expect(await editor.problems(pod())).toEqual([]);
    const twice = `${pod()}---\n${pod()}`;
    expect((await editor.problems(twice)).length).toBeGreaterThan(0);
    await editor.configure({ 'duplicate-object': 'off' });
    expect(await editor.problems(twice)).toEqual([]);
    await editor.configure({});
  });
});

describe('writing', () => {
  test('vscode-yaml#172, #164, #826, yls#195: formatting leaves lists as they are indented', async () => {
    for (const text of ['a:\n- b\n- c\n', 'a:\n  - b\n  - c\n']) {
      const uri = await editor.open(text);
      expect(
        await editor.request('textDocument/formatting', { textDocument: { uri }, options: { tabSize: 2, insertSpaces: true } }),
      ).toEqual([]);
    }
  });

  test('yls#392, #376, #646, vscode-yaml#192, #312: completion under a list, with and without its dash', async () => {
    expect(await labels(pod('      ports:\n        - |'))).toContain('containerPort');
    expect((await labels(pod('      ports:\n        |'))).some((label) => label.startsWith('- '))).toBe(true);
  });

  test('vscode-yaml#429, #1077, #1187: what is required comes along', async () => {
    const items = await editor.complete('apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: a\nspec:\n  sel|');
    expect(JSON.stringify(items.find(({ label }) => label === 'selector')?.textEdit)).toContain('matchLabels');
  });

  test('vscode-yaml#365, vscode-kubernetes-tools#42: whole manifests of every stable kind', async () => {
    expect(await labels('|')).toEqual(expect.arrayContaining(['Deployment', 'CronJob', 'NetworkPolicy', 'RoleBinding', 'StorageClass']));
  });
});
