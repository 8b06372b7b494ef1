import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Api, startApi } from '../apiserver/api.ts';
import { Editor } from './editor.ts';

let editor: Editor;
let api: Api;
beforeAll(async () => {
  editor = await Editor.start();
  api = await startApi();
});
afterAll(async () => {
  expect(editor.logged).toEqual([]);
  await editor.stop();
});

const paths: Readonly<Record<string, string>> = {
  TokenReview: 'authentication.k8s.io/v1/tokenreviews',
  SelfSubjectReview: 'authentication.k8s.io/v1/selfsubjectreviews',
  SubjectAccessReview: 'authorization.k8s.io/v1/subjectaccessreviews',
  SelfSubjectAccessReview: 'authorization.k8s.io/v1/selfsubjectaccessreviews',
  SelfSubjectRulesReview: 'authorization.k8s.io/v1/selfsubjectrulesreviews',
  LocalSubjectAccessReview: 'authorization.k8s.io/v1/namespaces/default/localsubjectaccessreviews',
};

const resource = 'resourceAttributes: { verb: get, resource: pods';

test.each([
  ['SubjectAccessReview', `spec: { user: ada, ${resource} } }`],
  ['SubjectAccessReview', `metadata: { name: a }\nspec: { user: ada, ${resource} } }`],
  ['SubjectAccessReview', `spec: { ${resource} } }`],
  ['SubjectAccessReview', 'spec: { groups: [admins] }'],
  ['SubjectAccessReview', 'spec: {}'],
  ['SelfSubjectAccessReview', `spec: { ${resource} } }`],
  ['SelfSubjectAccessReview', `spec: { ${resource} }, nonResourceAttributes: { path: /healthz, verb: get } }`],
  ['SelfSubjectAccessReview', `spec: { ${resource}, fieldSelector: {} } }`],
  ['SelfSubjectAccessReview', `spec: { ${resource}, labelSelector: { requirements: [{ key: a, operator: In }] } } }`],
  ['SelfSubjectAccessReview', 'metadata: { labels: { a: b } }\nspec: {}'],
  ['LocalSubjectAccessReview', `spec: { user: ada, ${resource}, namespace: default } }`],
  ['LocalSubjectAccessReview', `metadata: { namespace: default }\nspec: { user: ada, ${resource}, namespace: shop } }`],
  ['LocalSubjectAccessReview', 'spec: { user: ada, nonResourceAttributes: { path: /healthz, verb: get } }'],
  ['SelfSubjectRulesReview', 'spec: { namespace: default }'],
  ['SelfSubjectRulesReview', 'spec: {}'],
  ['TokenReview', 'spec: { token: abc }'],
  ['TokenReview', 'spec: { audiences: [a] }'],
  ['TokenReview', 'spec: {}'],
  ['SelfSubjectReview', 'metadata: { name: a }'],
  ['SelfSubjectReview', 'metadata:'],
  ['SelfSubjectAccessReview', `metadata:\nspec: { ${resource} } }`],
  ['SubjectAccessReview', `spec: { user: ada, groups: , ${resource}, labelSelector: { requirements: } } }`],
  ['SubjectAccessReview', `spec: { user: ada, ${resource}, labelSelector: { requirements: [{ key: a, operator: In, values: }] } } }`],
  ['LocalSubjectAccessReview', `metadata:\nspec: { user: ada, ${resource}, namespace: default } }`],
  ['TokenReview', 'metadata:\nspec: { token: }'],
])('a %s is marked as the API server answers it: %s', async (kind, body) => {
  const path = paths[kind] ?? '';
  const text = `apiVersion: ${path.split('/').slice(0, 2).join('/')}\nkind: ${kind}\n${body}\n`;
  const answer = await api.send('POST', `/apis/${path}`, parse(text));
  const errors = (await editor.diagnostics(await editor.open(text))).filter(({ severity }) => severity === 1);
  const causes: readonly { field: string; message: string }[] | undefined = answer.body.details?.causes;
  const refusals = causes?.map(({ field, message }) => `${field}: ${message}`) ?? (answer.code === 201 ? [] : [answer.body.message]);
  expect(errors.map(({ message }) => message).sort()).toEqual([...refusals].sort());
});

test('a refusal without a field is told where the field belongs', async () => {
  const head = 'apiVersion: authentication.k8s.io/v1\nkind: TokenReview\n';
  expect(await editor.problems(`${head}spec:\n  token: ""\n`)).toEqual([
    '4:10-4:12 error token is required for TokenReview in authentication',
  ]);
  expect(await editor.problems(`${head}spec:\n  audiences: []\n`)).toEqual([
    '3:1-3:5 error token is required for TokenReview in authentication',
  ]);
});
