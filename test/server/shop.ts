import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { diskOf, Editor } from './editor.ts';

export const folder = 'file:///workspace/shop/';
export const uri = `${folder}kustomization.yaml`;
export const deployment = (name: string, spec = '') =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\nspec:\n${spec}  template:\n    spec:\n      containers:\n        - name: ${name}\n          image: nginx\n          ports: [{ containerPort: 80 }]\n`;
const widgets = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: widgets.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { kind: Widget, plural: widgets, singular: widget }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              properties:
                size: { type: integer }
                free: { type: object, x-kubernetes-preserve-unknown-fields: true }
`;
export const files: Readonly<Record<string, string>> = {
  'web.yaml': deployment('web', '  replicas: 1\n'),
  'database.yaml': 'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: { name: database }\nspec: { serviceName: database }\n',
  'widgets.yaml': widgets,
  'json.yaml': '',
  'patch.json': '[{"op": "add", "path": "/spec/replica", "value": 3}]',
  'base/kustomization.yaml': 'namePrefix: my-\nresources: [app.yaml]\n',
  'base/app.yaml': deployment('app'),
};

/** The editor of the tests of one file, and what lies on its disk. */
export const shop = {} as { editor: Editor; disk: Record<string, string> };

/** Opens an editor on the shop's files for the tests of a file. */
export function useShop(): void {
  beforeAll(async () => {
    shop.disk = { ...files };
    shop.editor = await Editor.start(diskOf(folder, () => shop.disk));
  });
  afterAll(async () => {
    expect(shop.editor.logged).toEqual([]);
    await shop.editor.stop();
  });
  beforeEach(() => shop.editor.close(uri));
}

const indent = (text: string) => text.replace(/^(?=.)/gm, '      ');
/** A kustomization that patches by a block of text. */
export const patching = (target: string, patch: string, more = 'resources: [web.yaml, database.yaml]\n') =>
  `${more}patches:\n  - target: ${target}\n    patch: |-\n${indent(patch)}`;
export const problems = (text: string, name = 'kustomization.yaml') => shop.editor.problems(text, folder + name);
export const messages = async (text: string, name?: string) => (await problems(text, name)).map((line) => line.replace(/^\S+ /, ''));
export const onWeb = (patch: string) => messages(patching('{ kind: Deployment, name: web }', patch));
