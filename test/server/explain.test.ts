import { afterAll, beforeAll, expect, test } from 'vitest';
import { Editor, fixture } from './editor.ts';

let editor: Editor;
beforeAll(async () => {
  editor = await Editor.start();
});
afterAll(async () => {
  expect(editor.logged).toEqual([]);
  await editor.stop();
});

const manifests = `apiVersion: v1
kind: Pod
metadata: { name: a }
spec:
  containers:
    - name: a
      imagePullPolicy: Always
      unheardOf: 1
      resources:
        limits: { cpu: 1 }
---
apiVersion: apps/v1
kind: Deployment
spec: {}
---
apiVersion: v1
kind: Service
spec:
  ports: []
---
apiVersion: v1
kind: ConfigMap
data: { a: b }
---
other: thing
`;

const explained = async (needle: string) => {
  const uri = await editor.open(manifests);
  const before = manifests.slice(0, manifests.indexOf(needle)).split('\n');
  const position = { line: before.length - 1, character: (before.at(-1) ?? '').length + 1 };
  return editor.request<{ title: string; text: string } | null>('kubeside/explain', { uri, position });
};

// What kubectl itself prints, asked of the embedded cluster.
test.each([
  ['imagePullPolicy', 'pod.spec.containers.imagePullPolicy'],
  ['limits', 'pod.spec.containers.resources.limits'],
  ['cpu', 'pod.spec.containers.resources.limits'],
  ['spec: {}', 'deployment.spec'],
  ['ports', 'service.spec.ports'],
  ['data: { a', 'configmap.data'],
])('%s is explained as by kubectl explain', async (needle, title) => {
  expect(await explained(needle)).toEqual({ title, text: fixture(`explain/${title}.txt`) });
});

test('an unknown field is explained by what it stands in, the head by its kind, and nothing else at all', async () => {
  expect((await explained('unheardOf'))?.title).toBe('pod.spec.containers');
  expect((await explained('Deployment'))?.text).toMatch(
    /^GROUP: {6}apps\nKIND: {7}Deployment\nVERSION: {4}v1\n\nDESCRIPTION:\n {4}Deployment enables declarative/,
  );
  expect(await explained('other: thing')).toBeNull();
});
