import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Editor } from './editor.ts';

let editor: Editor;
beforeAll(async () => {
  editor = await Editor.start();
});
afterAll(async () => {
  expect(editor.logged).toEqual([]);
  await editor.stop();
});

describe('nothing is wrong with', () => {
  test.each([
    [
      'a load balancer that keeps to the nodes of its pods: its health check gets a port',
      'apiVersion: v1\nkind: Service\nmetadata: { name: a }\nspec: { type: LoadBalancer, externalTrafficPolicy: Local, selector: { app: a }, ports: [{ port: 80 }] }\n',
    ],
    [
      'a token in a volume: every pod gets an account',
      'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec:\n  containers: [{ name: a, image: b:1, volumeMounts: [{ name: t, mountPath: /t }] }]\n  volumes: [{ name: t, projected: { sources: [{ serviceAccountToken: { path: t } }] } }]\n',
    ],
    ['a driver that leaves all to its defaults', 'apiVersion: storage.k8s.io/v1\nkind: CSIDriver\nmetadata: { name: a.example.com }\n'],
  ])('%s', async (_, text) => {
    expect(await editor.problems(text)).toEqual([]);
  });

  test('a kustomization that writes a field in letters of another case, and does not say what it is', async () => {
    const text =
      'vars:\n- { name: A, objref: { kind: Pod, name: a, apiVersion: v1 }, fieldref: { fieldpath: metadata.name } }\nresources: ["https://github.com/a/b"]\n';
    expect(await editor.problems(text, 'file:///workspace/kustomization.yaml')).toEqual([expect.stringContaining("'vars' is deprecated")]);
  });
});

describe('nothing is wrong with custom resources', () => {
  const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: routes.example.com }
spec:
  group: example.com
  names: { kind: Route, plural: routes }
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        required: [priority]
        properties:
          priority: { type: integer, nullable: true }
          spec: { type: object, required: [host], properties: { host: { type: string } } }
          addresses:
            type: array
            items:
              type: object
              properties:
                type: { type: string, default: IPAddress }
                value: { type: string }
              oneOf:
              - properties: { type: { enum: [IPAddress] }, value: { maxLength: 3 } }
              - properties: { type: { not: { enum: [IPAddress] } } }
          backend:
            type: object
            properties:
              service:
                type: object
                properties: { kind: { type: string, default: Service }, name: { type: string } }
              uri: { type: string }
            oneOf:
            - { required: [service], properties: { service: { required: [kind] } } }
            - required: [uri]
`;
  const route = (fields: string) => `apiVersion: example.com/v1\nkind: Route\nmetadata: { name: a }\n${fields}`;
  beforeAll(async () => {
    await editor.open(definition, 'file:///workspace/routes.yaml');
  });

  test('whose alternatives a default decides', async () => {
    const addresses = (list: string) => editor.problems(route(`priority: 1\naddresses: ${list}\n`));
    expect(await addresses('[{ value: abc }, { type: Name, value: abcd }]')).toEqual([]);
    expect(await addresses('[{ value: abcd }]')).toEqual([
      expect.stringContaining('"addresses[0]" must validate one and only one schema (oneOf). Found none valid'),
    ]);
  });

  test('whose alternatives a default further down decides', async () => {
    const backend = (text: string) => editor.problems(route(`priority: 1\nbackend: ${text}\n`));
    expect(await backend('{ service: { name: web } }')).toEqual([]);
    expect(await backend('{ service: { kind: null } }')).toEqual([]);
    expect(await backend('{}')).toEqual([expect.stringContaining('"backend" must validate one and only one schema (oneOf)')]);
  });

  test('that leave out a spec which they need not have, whatever belongs into one', async () => {
    expect(await editor.problems(route('priority: 1\n'))).toEqual([]);
    expect(await editor.problems(route('priority: 1\nspec: {}\n'))).toEqual([expect.stringContaining('spec.host: Required value')]);
  });

  test('whose required fields may be null', async () => {
    expect(await editor.problems(route('priority: null\n'))).toEqual([]);
    expect(await editor.problems(route('addresses: []\n'))).toEqual([expect.stringContaining('priority: Required value')]);
  });
});
