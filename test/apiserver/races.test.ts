import { beforeEach, expect, test } from 'vitest';
import { type Answer, type Api, startApi } from './api.ts';

/** Requests about one name at the same time. */

const maps = '/api/v1/namespaces/default/configmaps';
const services = '/api/v1/namespaces/default/services';
const applied = { 'content-type': 'application/apply-patch+yaml' };
const merged = { 'content-type': 'application/merge-patch+json' };
const times = 6;

let api: Api;
beforeEach(async () => {
  api = await startApi();
});

/** The answers that were no success, each message once, and how many of each code there were. */
async function together(send: (index: number) => Promise<Answer>): Promise<{ codes: Record<number, number>; messages: string[] }> {
  const answers = await Promise.all(Array.from({ length: times }, (_, index) => send(index)));
  const codes: Record<number, number> = {};
  for (const { code } of answers) codes[code] = (codes[code] ?? 0) + 1;
  const failed = answers.filter(({ code }) => code >= 300).map(({ body }) => `${body.reason}: ${body.message}`);
  return { codes, messages: [...new Set(failed)] };
}

const made = (index: number) => ({ metadata: { name: 'a' }, data: { made: String(index) } });

test('one of several that make it does', async () => {
  expect(await together((index) => api.send('POST', maps, made(index)))).toEqual({
    codes: { 201: 1, 409: times - 1 },
    messages: ['AlreadyExists: configmaps "a" already exists'],
  });
});

test('one of several that change the same version does', async () => {
  const { resourceVersion } = (await api.send('POST', maps, made(0))).body.metadata;
  const changed = (index: number) => ({ ...made(index), metadata: { name: 'a', resourceVersion } });
  expect(await together((index) => api.send('PUT', `${maps}/a`, changed(index + 1)))).toEqual({
    codes: { 200: 1, 409: times - 1 },
    messages: [
      'Conflict: Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
    ],
  });
  expect(await together((index) => api.send('PUT', `${maps}/a`, made(index)))).toEqual({ codes: { 200: times }, messages: [] });
});

test('one of several that delete it does', async () => {
  await api.send('POST', maps, made(0));
  expect(await together(() => api.send('DELETE', `${maps}/a`))).toEqual({
    codes: { 200: 1, 404: times - 1 },
    messages: ['NotFound: configmaps "a" not found'],
  });
});

test('of several that apply what is not there one makes it, and the others change it', async () => {
  const configuration = (index: number) => `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"k${index}":"1"}}`;
  const send = (index: number) => api.send('PATCH', `${maps}/a?fieldManager=m${index}`, configuration(index), applied);
  expect(await together(send)).toEqual({ codes: { 200: times - 1, 201: 1 }, messages: [] });
  expect(Object.keys((await api.send('GET', `${maps}/a`)).body.data)).toHaveLength(times);
});

test('of several that put what is not there one makes it, and the others change it', async () => {
  const service = (index: number) => ({ metadata: { name: 's' }, spec: { ports: [{ port: 80 + index }] } });
  expect(await together((index) => api.send('PUT', `${services}/s`, service(index)))).toEqual({
    codes: { 200: times - 1, 201: 1 },
    messages: [],
  });
  const { items } = (await api.send('GET', '/apis/networking.k8s.io/v1/ipaddresses')).body;
  expect(items).toHaveLength(1);
});

test('all that take the last finalizer away have done so', async () => {
  await api.send('POST', maps, { metadata: { name: 'a', finalizers: ['example.com/f'] } });
  await api.send('DELETE', `${maps}/a`);
  const send = () => api.send('PATCH', `${maps}/a`, { metadata: { finalizers: null } }, merged);
  expect(await together(send)).toEqual({ codes: { 200: times }, messages: [] });
  expect((await api.send('GET', `${maps}/a`)).code).toBe(404);
});

test('who takes the name of what is being deleted is told so', async () => {
  await api.send('POST', maps, { metadata: { name: 'a', finalizers: ['example.com/f'] } });
  await api.send('DELETE', `${maps}/a`);
  const told = async (metadata: object): Promise<string> => (await api.send('POST', maps, { metadata })).body.message;
  const message = 'object is being deleted: configmaps "a" already exists';
  expect(await told({ name: 'a' })).toBe(message);
  const unable = 'the server was not able to generate a unique name for the object';
  expect(await told({ name: 'a', generateName: 'a-' })).toBe(`${message}, ${unable}`);
});
