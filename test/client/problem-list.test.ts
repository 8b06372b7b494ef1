import { expect, it } from 'vitest';
import { readManifest } from '../../client/manifest/manifest.ts';
import { listProblems, withoutRepeats } from '../../client/manifest/problem-list.ts';

const text = `apiVersion: v1
kind: ConfigMap
metadata:
  name: lost
  namespace: nowhere
---
apiVersion: v1
kind: Pod
metadata:
  name: wrong
spec:
  containers:
    - name: C_1
      imagePolicy: Always
---
kind: [
`;
const lineOf = (offset: number) => text.slice(0, offset).split('\n').length - 1;
const at = (needle: string, message: string) => {
  const start = text.indexOf(needle);
  return { span: { start, end: start + needle.length }, message };
};

it('says each problem once, with its document and line, whoever found it', async () => {
  const documents = await readManifest(text);
  const said = [
    at('imagePolicy', 'unknown field "spec.containers[0].imagePolicy"'),
    at('C_1', 'spec.containers[0].name: Invalid value: "C_1"'),
    at('[', 'Flow sequence must end with a ]'),
  ];
  const found = [
    at('Always', 'Unknown field "spec.containers[name="C_1"].imagePolicy"'),
    at('[', 'Flow sequence must end with a ]'),
    at('nowhere', 'namespaces "nowhere" not found'),
    at('Always', 'spec.containers[0].imagePolicyOther: Required value'),
  ];
  const left = withoutRepeats(found, said, lineOf);
  expect(left).toEqual([found[2], found[3]]);
  expect(listProblems([...said, ...left], documents, lineOf)).toEqual([
    'ConfigMap lost, line 5: namespaces "nowhere" not found',
    'Pod wrong, line 13: spec.containers[0].name: Invalid value: "C_1"',
    'Pod wrong, line 14: unknown field "spec.containers[0].imagePolicy"',
    'Pod wrong, line 14: spec.containers[0].imagePolicyOther: Required value',
    'Document 3, line 16: Flow sequence must end with a ]',
  ]);
});
