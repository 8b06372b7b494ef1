import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diskOf, Editor } from '../server/editor.ts';
import { findKubectls, leftOutWithoutKubectl, Session } from './kubectl.ts';

/** `kubectl kustomize` is kustomize itself: what it cannot build the editor must mark, in the same words, and nothing else. */

const deployment =
  'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 1\n  template:\n    spec:\n      containers:\n        - name: web\n          image: nginx\n';
const bases: Readonly<Record<string, string>> = {
  'web.yaml': deployment,
  'base/app.yaml': deployment.replace('name: web', 'name: app'),
  'base/kustomization.yaml': 'namePrefix: my-\nresources: [app.yaml]\n',
  'labelled/app.yaml': deployment.replace('name: web', 'name: app'),
  'labelled/kustomization.yaml': 'commonAnnotations: { a: b }\nlabels: [{ pairs: { c: d } }]\nresources: [app.yaml]\n',
};

const cases: Readonly<Record<string, string>> = {
  'replaces what is there': '{ op: replace, path: /spec/replicas, value: 3 }',
  'replaces what is not there': '{ op: replace, path: /spec/paused, value: true }',
  'replaces below what is not there': '{ op: replace, path: /spec/strategy/type, value: Recreate }',
  'removes what is not there': '{ op: remove, path: /spec/paused }',
  'adds an annotation': '{ op: add, path: /metadata/annotations/a, value: b }',
  'adds a label': '{ op: add, path: /metadata/labels/a, value: b }',
  'adds behind the last item': '{ op: add, path: /spec/template/spec/containers/-, value: { name: a, image: b } }',
  'adds at a place behind that': '{ op: add, path: /spec/template/spec/containers/2, value: { name: a, image: b } }',
  'replaces an item that is not there': '{ op: replace, path: /spec/template/spec/containers/1/image, value: b }',
  'removes the item before the first': '{ op: remove, path: /spec/template/spec/containers/-2 }',
  'removes the last item': '{ op: remove, path: /spec/template/spec/containers/-1 }',
  'adds everything': '{ op: add, path: "", value: {} }',
  'tests what it is': '{ op: test, path: /spec/replicas, value: 1 }',
  'tests what it is not': '{ op: test, path: /spec/replicas, value: 2 }',
  'tests what is not there against nothing': '{ op: test, path: /spec/paused, value: null }',
  'moves from where nothing is': '{ op: move, from: /spec/paused, path: /spec/replicas }',
  'moves to where nothing is': '{ op: move, from: /spec/replicas, path: /spec/strategy/rollingUpdate }',
  'copies from where nothing is': '{ op: copy, from: /spec/strategy/type, path: /spec/paused }',
};

const [list, old] = ['patches', 'patchesJson6902'];
const patching = (operation: string, { field = list, resource = 'web.yaml', name = 'web', before = '' } = {}) =>
  `resources: [${resource}]\n${before}${field}:\n  - target: { version: v1, kind: Deployment, name: ${name} }\n    patch: |-\n      - ${operation}\n`;

const kustomizations: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(cases).map(([name, operation]) => [name, patching(operation)])),
  ...Object.fromEntries(
    Object.entries(cases).map(([name, operation]) => [`${name} by patchesJson6902`, patching(operation, { field: old })]),
  ),
  'adds an annotation where the namespace is set before': patching('{ op: add, path: /metadata/annotations/a, value: b }', {
    field: old,
    before: 'namespace: shop\n',
  }),
  'tests a name that was prefixed': patching('{ op: test, path: /metadata/name, value: my-app }', { resource: 'base', name: 'my-app' }),
  'removes what a base does not have': patching('{ op: remove, path: /spec/paused }', { resource: 'base', name: 'app' }),
  'adds a label to what has labels by then': patching('{ op: add, path: /metadata/labels/a, value: b }', {
    resource: 'labelled',
    name: 'app',
  }),
  'means nothing': patching('{ op: remove, path: /spec/paused }', { name: 'other' }),
};

const kubectls = findKubectls(['1.32', '1.33']);
const kubectl = kubectls.at(-1);

if (!leftOutWithoutKubectl(kubectls, 'kubectl kustomize') && kubectl) {
  describe('the editor marks what kustomize cannot build', () => {
    const home = mkdtempSync(join(tmpdir(), 'kustomize-'));
    const session = new Session(kubectl, '', home);
    const folder = 'file:///workspace/';
    let editor: Editor;

    beforeAll(async () => {
      for (const [name, text] of Object.entries(bases)) {
        mkdirSync(join(home, name, '..'), { recursive: true });
        writeFileSync(join(home, name), text);
      }
      editor = await Editor.start(diskOf(folder, () => bases));
    });
    afterAll(async () => {
      await editor.stop();
      rmSync(home, { recursive: true });
    });

    it.each(Object.entries(kustomizations))('%s', async (_, text) => {
      writeFileSync(join(home, 'kustomization.yaml'), text);
      const { code, stderr } = await session.try(['kustomize', home]);
      // The error is the last line: as it is, or quoted in an entry of a log.
      const line = stderr.trim().split('\n').at(-1) ?? '';
      const quoted = /err=(".*")$/.exec(line)?.[1];
      const error = quoted === undefined ? line.replace(/^error: /, '') : String(JSON.parse(quoted));
      const problems = await editor.problems(text, `${folder}kustomization.yaml`);
      const reason = / warning kustomize cannot apply this to Deployment\/\w+: (.*)$/;
      expect(problems.flatMap((problem) => reason.exec(problem)?.[1] ?? [])).toEqual(code === 0 ? [] : [error]);
    });
  });
}
