import { beforeAll, expect, test } from 'vitest';
import { type Api, startApi } from './api.ts';
import { define, widgetDefinition, widgets } from './custom-resources/widgets.ts';

const deployments = '/apis/apps/v1/namespaces/default/deployments';
const template = '{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}';
const text = (name: string, replicas: string): string =>
  `{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"${name}"},"spec":{"replicas":${replicas},"selector":{"matchLabels":{"a":"b"}},"template":${template}}}`;
const why = (literal: string) => `json: cannot unmarshal number ${literal} into Go struct field DeploymentSpec.spec.replicas of type int32`;

let api: Api;
beforeAll(async () => {
  api = await startApi();
  await api.send('POST', deployments, text('a', '1'));
});

test.each(['1.0', '1e3', '2.50'])('a built-in kind takes no %s for an integer of its own', async (literal) => {
  const message = `Deployment in version "v1" cannot be handled as a Deployment: ${why(literal)}`;
  for (const [method, path] of [
    ['POST', deployments],
    ['PUT', `${deployments}/a`],
  ] as const) {
    expect(await api.send(method, path, text('a', literal))).toMatchObject({ code: 400, body: { reason: 'BadRequest', message } });
  }
});

test.each([
  ['application/merge-patch+json', '{"spec":{"replicas":2.0}}', why('2.0')],
  ['application/json-patch+json', '[{"op":"replace","path":"/spec/replicas","value":2e0}]', why('2e0')],
  ['application/json-patch+json', '[{"op":"replace","path":"/spec","value":{"replicas":2.0}}]', why('2.0')],
])('nor does it in a patch: %s %s', async (type, patch, told) => {
  const { code, body } = await api.send('PATCH', `${deployments}/a`, patch, { 'content-type': type });
  expect([code, body.message]).toEqual([422, expect.stringContaining(told)]);
});

test.each([
  ['overwritten', '{"op":"replace","path":"/spec/replicas","value":2.0},{"op":"replace","path":"/spec/replicas","value":3}', 200],
  ['removed', '{"op":"replace","path":"/spec/replicas","value":2.0},{"op":"remove","path":"/spec/replicas"}', 200],
  ['tested', '{"op":"test","path":"/spec/replicas","value":1.0}', 200],
  ['copied', '{"op":"add","path":"/x","value":2.0},{"op":"copy","from":"/x","path":"/spec/replicas"}', 422],
  [
    'at the end of a list',
    '{"op":"add","path":"/spec/template/spec/containers/-","value":{"name":"d","image":"i","ports":[{"containerPort":80.0}]}}',
    422,
  ],
])('what of a JSON patch is %s is judged by what stands there in the end', async (_, operations, expected) => {
  const { code } = await api.send('PATCH', `${deployments}/a?dryRun=All`, `[${operations}]`, {
    'content-type': 'application/json-patch+json',
  });
  expect(code).toBe(expected);
});

test('a strategic merge patch and YAML may write an integer as a double', async () => {
  const strategic = { 'content-type': 'application/strategic-merge-patch+json' };
  const patched = await api.send('PATCH', `${deployments}/a`, '{"spec":{"replicas":2.0}}', strategic);
  expect([patched.code, patched.body.spec.replicas]).toEqual([200, 2]);
  const put = await api.send('PUT', `${deployments}/a`, text('a', '3.0'), { 'content-type': 'application/yaml' });
  expect([put.code, put.body.spec.replicas]).toEqual([200, 3]);
});

test.each([
  ['.inf', 'json: unsupported value: +Inf'],
  ['-.Inf', 'json: unsupported value: -Inf'],
  ['.NaN', 'json: unsupported value: NaN'],
])('YAML with %s is none that JSON could be made of', async (number, why) => {
  const yaml = `metadata: {name: yaml}\ndata: ${number}\n`;
  const { code, body } = await api.send('POST', '/api/v1/namespaces/default/configmaps', yaml, { 'content-type': 'application/yaml' });
  const told = `the object provided is unrecognized (must be of type ConfigMap): ${why} (`;
  expect([code, body.message.slice(0, told.length)]).toEqual([400, told]);
});

test('a number of YAML that is too large is a text', async () => {
  const yaml = 'metadata: {name: yaml}\ndata: {a: 1e400}\n';
  const { body } = await api.send('POST', '/api/v1/namespaces/default/configmaps', yaml, { 'content-type': 'application/yaml' });
  expect(body.data).toEqual({ a: '1e400' });
});

test('the options of a deletion take none either', async () => {
  const { code, body } = await api.send('DELETE', `${deployments}/a`, '{"gracePeriodSeconds":1.0}');
  const told = 'json: cannot unmarshal number 1.0 into Go struct field DeleteOptions.gracePeriodSeconds of type int64';
  expect([code, body.message]).toEqual([400, told]);
});

test('a custom resource may write an integer as a double, and is told of what cannot be kept', async () => {
  const schema = {
    type: 'object',
    'x-kubernetes-preserve-unknown-fields': true,
    properties: { spec: { type: 'object', properties: { size: { type: 'integer' } } } },
  };
  await define(api, widgetDefinition({ version: { schema: { openAPIV3Schema: schema } } }));
  const widget = (name: string, size: string) =>
    `{"apiVersion":"golden.test/v1","kind":"Widget","metadata":{"name":"${name}"},"spec":{"size":${size}}}`;
  const made = await api.send('POST', widgets, widget('a', '1e3'));
  expect([made.code, made.body.spec, made.headers.get('warning')]).toEqual([201, { size: 1000 }, null]);
  const large = await api.send('POST', widgets, widget('b', '9007199254740993'));
  const loss = '299 - "spec.size: 9007199254740993 is kept as 9007199254740992"';
  expect([large.code, large.headers.get('warning')]).toEqual([201, loss]);
  const merge = { 'content-type': 'application/merge-patch+json' };
  const patched = await api.send('PATCH', `${widgets}/a`, '{"spec":{"size":9007199254740993}}', merge);
  expect([patched.code, patched.headers.get('warning')]).toEqual([200, loss]);
  const over = await api.send('POST', widgets, widget('c', '1e400'));
  const told = 'json: cannot unmarshal number 1e400 into Go value of type float64';
  expect([over.code, over.body.message]).toEqual([400, `Widget in version "v1" cannot be handled as a Widget: ${told}`]);
  const overPatch = await api.send('PATCH', `${widgets}/a`, '{"spec":{"size":1e400}}', merge);
  expect([overPatch.code, overPatch.body.message]).toEqual([400, `error decoding patch: ${told}`]);
});
