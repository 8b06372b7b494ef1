import { beforeEach, expect, test } from 'vitest';
import { type AccessApi, startWithRoles } from './access.ts';

let api: AccessApi;
beforeEach(async () => {
  api = await startWithRoles();
});

const authorization = '/apis/authorization.k8s.io/v1';
const asked = { verb: 'list', resource: 'pods', namespace: 'default' };
const ask = async (body: object, path = `${authorization}/subjectaccessreviews`) => (await api.send('POST', path, body)).body;
const selecting = (selectors: object, user = 'eve') => ({ spec: { user, resourceAttributes: { ...asked, ...selectors } } });

test.each([
  [
    'a name of an object',
    { metadata: { name: 'x' }, spec: { user: 'eve', resourceAttributes: asked } },
    'metadata: Invalid value: {"name":"x"}: must be empty',
  ],
  [
    'nobody and nothing',
    { spec: {} },
    '[spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified, spec.user: Invalid value: "": at least one of user or group must be specified]',
  ],
  [
    'two things',
    { spec: { user: 'eve', resourceAttributes: asked, nonResourceAttributes: { path: '/x' } } },
    'spec.nonResourceAttributes: Invalid value: {"Path":"/x","Verb":""}: cannot be specified in combination with resourceAttributes',
  ],
  [
    'a selector in two ways',
    selecting({ fieldSelector: { rawSelector: 'a=b', requirements: [{ key: 'a', operator: 'In', values: ['b'] }] } }),
    'spec.resourceAttributes.fieldSelector.rawSelector: Invalid value: "a=b": may not specified at the same time as requirements',
  ],
  [
    'an empty selector',
    selecting({ labelSelector: {} }),
    'spec.resourceAttributes.labelSelector.requirements: Required value: when spec.resourceAttributes.labelSelector is specified, requirements or rawSelector is required',
  ],
  [
    'requirements that cannot be',
    selecting({ fieldSelector: { requirements: [{ key: '', operator: 'In' }] } }),
    "[spec.resourceAttributes.fieldSelector.requirements[0].key: Required value: must be specified, spec.resourceAttributes.fieldSelector.requirements[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn']",
  ],
  [
    'values where there are none',
    selecting({ labelSelector: { requirements: [{ key: 'a', operator: 'Exists', values: ['b'] }] } }),
    "spec.resourceAttributes.labelSelector.requirements[0].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
  ],
])('refuses a review of %s', async (_, body, message) => {
  const answer = await ask(body);
  expect(answer).toMatchObject({ code: 422, reason: 'Invalid' });
  expect(answer.message).toBe(`.authorization.k8s.io "" is invalid: ${message}`);
});

test('a review in a namespace is of that namespace', async () => {
  const path = `${authorization}/namespaces/default/localsubjectaccessreviews`;
  const answer = await ask({ spec: { user: 'eve', resourceAttributes: asked } }, path);
  expect(answer).toMatchObject({ metadata: { namespace: 'default' }, status: { allowed: false } });
  expect((await ask({ spec: { user: 'eve', nonResourceAttributes: { path: '/x', verb: 'get' } } }, path)).message).toContain(
    'spec.nonResourceAttributes: Invalid value: {"Path":"/x","Verb":"get"}: disallowed on this kind of request',
  );
  expect((await ask({ spec: { user: 'eve', resourceAttributes: { ...asked, namespace: 'x' } } }, path)).message).toContain(
    'spec.resourceAttributes.namespace: Invalid value: "x": must match metadata.namespace',
  );
});

test.each([
  [{ requirements: [{ key: 'spec.nodeName', operator: 'In', values: ['node-1'] }] }, true],
  [{ rawSelector: 'spec.nodeName=node-1' }, true],
  [{ requirements: [{ key: 'spec.nodeName', operator: 'NotIn', values: ['node-1'] }] }, false],
  [{ rawSelector: 'spec.nodeName=node-2' }, false],
])('the selector %j makes a node’s question allowed: %s', async (fieldSelector, allowed) => {
  const spec = { user: 'system:node:node-1', groups: ['system:nodes'], resourceAttributes: { ...asked, fieldSelector } };
  expect((await ask({ spec })).status.allowed).toBe(allowed);
});

const readable = { key: 'a', operator: 'In', values: ['b'] };
test.each([
  [{ fieldSelector: { rawSelector: 'a' } }, 'spec.resourceAttributes.fieldSelector ignored due to parse error'],
  [
    { fieldSelector: { requirements: [{ key: 'a', operator: 'Later', values: ['b'] }] } },
    'spec.resourceAttributes.fieldSelector ignored due to parse error',
  ],
  [
    { fieldSelector: { requirements: [readable, { key: 'a', operator: 'In', values: ['b', 'c'] }] } },
    'spec.resourceAttributes.fieldSelector partially ignored due to parse error',
  ],
  [
    { fieldSelector: { rawSelector: 'a' }, labelSelector: { requirements: [readable, { key: 'a', operator: 'Later' }] } },
    'spec.resourceAttributes.fieldSelector ignored due to parse error; spec.resourceAttributes.labelSelector partially ignored due to parse error',
  ],
  [{ fieldSelector: { requirements: [readable] }, labelSelector: { rawSelector: 'a in (b)' } }, undefined],
])('says what of %j it could not heed', async (selectors, error) => {
  expect((await ask(selecting(selectors))).status.evaluationError).toBe(error);
});

test('who asks for themselves is told with the time alone', async () => {
  const answer = await ask({ metadata: { labels: { a: 'b' } } }, '/apis/authentication.k8s.io/v1/selfsubjectreviews');
  expect(Object.keys(answer.metadata)).toEqual(['creationTimestamp']);
});
