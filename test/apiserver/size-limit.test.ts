import { beforeAll, expect, it } from 'vitest';
import { type Answer, type Api, type Body, startApi } from './api.ts';
import { define, widgetDefinition, widgets } from './custom-resources/widgets.ts';

const configMaps = '/api/v1/namespaces/default/configmaps';
const mebibyte = 1024 * 1024;
const apply = { 'content-type': 'application/apply-patch+yaml' };
const merge = { 'content-type': 'application/merge-patch+json' };

let api: Api;
beforeAll(async () => {
  api = await startApi();
  await define(api, widgetDefinition());
});

const widget = (name: string, any: Body) => ({ apiVersion: 'golden.test/v1', kind: 'Widget', metadata: { name }, spec: { size: 1, any } });
const wide = (name: string, size: number) => widget(name, { text: 'x'.repeat(size) });
/** Names so many fields that to note who owns them takes much room. */
const manifold = (name: string) =>
  widget(name, Object.fromEntries(Array.from({ length: 12_000 }, (_, at) => [`field-${at}`, 'x'.repeat(105)])));
const refusal = ({ code, body }: Answer) => [code, body.reason, body.message];
const tooLarge = [500, undefined, 'etcdserver: request is too large'];

it('takes custom resources of up to a mebibyte and a half, and nothing is left of larger ones', async () => {
  expect((await api.send('POST', widgets, wide('w', 1.49 * mebibyte))).code).toBe(201);
  const { body: before } = await api.send('GET', `${widgets}/w`);
  expect(refusal(await api.send('PUT', `${widgets}/w`, { ...before, spec: wide('w', 1.51 * mebibyte).spec }))).toEqual(tooLarge);
  expect(refusal(await api.send('PATCH', `${widgets}/w`, { spec: { any: { more: 'x'.repeat(mebibyte / 32) } } }, merge))).toEqual(tooLarge);
  expect((await api.send('GET', `${widgets}/w`)).body).toEqual(before);

  expect(refusal(await api.send('POST', widgets, wide('x', 1.51 * mebibyte)))).toEqual(tooLarge);
  expect(refusal(await api.send('PATCH', `${widgets}/x?fieldManager=m`, wide('x', 1.51 * mebibyte), apply))).toEqual(tooLarge);
  expect((await api.send('GET', `${widgets}/x`)).code).toBe(404);
});

it('tells of what is too large to be sent to etcd in the words of its client', async () => {
  const [code, , message] = refusal(await api.send('POST', widgets, wide('x', 2 * mebibyte)));
  expect(code).toBe(500);
  expect(message).toMatch(/^rpc error: code = ResourceExhausted desc = trying to send message larger than max \(209\d{4} vs\. 2097152\)$/);
});

it('counts what built-in kinds take in protobuf, where a line break is one byte', async () => {
  const lines = { text: '\n'.repeat(0.99 * mebibyte) };
  expect((await api.send('POST', configMaps, { metadata: { name: 'lines' }, data: lines })).code).toBe(201);
  const annotations = { a: 'x'.repeat(0.25 * mebibyte - 100) };
  const labels = Object.fromEntries(Array.from({ length: 4500 }, (_, at) => [`${'x'.repeat(55)}-${at}`, 'y'.repeat(60)]));
  expect(
    refusal(
      await api.send('POST', configMaps, { metadata: { name: 'more', annotations, labels }, data: { text: 'x'.repeat(0.99 * mebibyte) } }),
    ),
  ).toEqual(tooLarge);
});

it('gives up managed fields before the object, but for an apply, which is nothing without', async () => {
  const { code, body } = await api.send('POST', widgets, manifold('m'));
  expect([code, body.metadata.managedFields]).toEqual([201, undefined]);
  expect((await api.send('GET', `${widgets}/m`)).body).toEqual(body);
  expect(refusal(await api.send('PATCH', `${widgets}/n?fieldManager=m`, manifold('n'), apply))).toEqual(tooLarge);
});

it('does not matter to a dry run, which etcd never sees', async () => {
  expect((await api.send('POST', `${widgets}?dryRun=All`, wide('x', 1.51 * mebibyte))).code).toBe(201);
});
