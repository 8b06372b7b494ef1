import { beforeAll, describe, expect, it } from 'vitest';
import { base64Bytes } from '../../../runtime/api/base64.ts';
import { decodeProtobuf } from '../../../runtime/apiserver/encoding/decode-protobuf.ts';
import { encodeProtobuf } from '../../../runtime/apiserver/encoding/encode-protobuf.ts';
import { ProtobufReader } from '../../../runtime/apiserver/encoding/protobuf-reader.ts';
import { type Api, admin, type Body } from '../api.ts';
import { define, widget, widgetDefinition, widgets } from '../custom-resources/widgets.ts';
import { startWhole, subjects } from '../every-kind/subjects.ts';
import captured from './fixtures/kubectl-1.33.json' with { type: 'json' };

const protobuf = 'application/vnd.kubernetes.protobuf';
const configMaps = '/api/v1/namespaces/default/configmaps';
const bodies: Record<string, string> = captured;

let api: Api;
beforeAll(async () => {
  api = await startWhole();
});

async function send(method: string, path: string, accept = protobuf, body?: Body) {
  const init = { method, headers: { accept, 'content-type': 'application/json' }, ...(body && { body: JSON.stringify(body) }) };
  const response = await api.server.handle(new Request(`https://a${path}`, init), { component: admin });
  return { code: response.status, type: response.headers.get('content-type'), response };
}

/** The object of an answer in protobuf. */
async function sent(method: string, path: string, accept?: string, body?: Body): Promise<Body> {
  const { type, response } = await send(method, path, accept, body);
  expect(type).toBe(protobuf);
  return decodeProtobuf(new Uint8Array(await response.arrayBuffer())).object;
}

/** The events of a watch, by how upstream's reader takes them: a length, a WatchEvent without an envelope, and in it an object with one. */
function framesIn(bytes: Uint8Array): Body[] {
  const events: Body[] = [];
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < bytes.length; ) {
    const end = at + 4 + view.getUint32(at);
    const event = new ProtobufReader(bytes.subarray(at + 4, end));
    expect(event.tag()).toMatchObject({ field: 1, wireType: 2 });
    const type = event.text();
    expect(event.tag()).toMatchObject({ field: 2, wireType: 2 });
    const extension = new ProtobufReader(event.bytes());
    expect([extension.tag(), event.done]).toMatchObject([{ field: 1, wireType: 2 }, true]);
    events.push({ type, object: decodeProtobuf(extension.bytes()).object });
    at = end;
  }
  return events;
}

/** Without what JSON writes though it says nothing, as zeros of fields that are no pointers in Go are not seen in protobuf. */
function said(value: Body): Body {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map((item) => said(item) ?? null);
  if (typeof value !== 'object' || value === null) return value === '' || value === 0 || value === false ? undefined : (value ?? undefined);
  const fields = Object.entries(value).flatMap(([name, each]) => {
    const kept = said(each);
    return kept === undefined ? [] : [[name, kept] as const];
  });
  return fields.length === 0 ? undefined : Object.fromEntries(fields);
}

it('gives back what kubectl sends', () => {
  for (const [command, body] of Object.entries(bodies)) {
    const { object } = decodeProtobuf(base64Bytes(body));
    expect(decodeProtobuf(encodeProtobuf(object)).object, command).toEqual(object);
  }
});

it('writes numbers that are negative or large, durations and schemas', () => {
  const again = (object: Record<string, Body>) => expect(decodeProtobuf(encodeProtobuf(object)).object).toEqual(object);
  again({ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', value: -10 });
  // However they lie where the buffer grows.
  const supplementalGroups = Array.from({ length: 7000 }, () => 2 ** 62);
  for (let shift = 1; shift <= 10; shift++) {
    again({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x'.repeat(shift) }, spec: { securityContext: { supplementalGroups } } });
  }
  again({ apiVersion: 'v1', kind: 'Pod', spec: { securityContext: { runAsUser: 2 ** 53 - 1, supplementalGroups: [0, -1] } } });
  again({ apiVersion: 'v1', kind: 'ConfigMap', data: { __proto__x: 'x', '': 'ü' }, binaryData: { b: 'AP8B' } });
  const schema = {
    type: 'object',
    properties: { a: { default: { b: [1, null] }, additionalProperties: true, items: { type: 'string' } } },
  };
  const names = { plural: 'as', kind: 'A' };
  const versions = [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }];
  again({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    spec: { group: 'g.io', names, scope: 'Cluster', versions },
  });
});

describe('who accepts nothing but protobuf', () => {
  it('is given objects of every kind and lists of them as others are given them in JSON', async () => {
    const kinds = (await subjects(api)).filter(({ of }) => !/v\d+(alpha|beta)\d+ /.test(of));
    expect(kinds.length).toBeGreaterThan(50);
    for (const { of, collection, path, object } of kinds) {
      expect((await api.send('POST', collection, object)).code, of).toBe(201);
      for (const each of [path, collection]) {
        const { body } = await api.send('GET', each);
        expect(said(await sent('GET', each)), of).toEqual(said(body));
      }
      await api.send('DELETE', path);
    }
  });

  it('is given what others are given of metadata alone, and of failures', async () => {
    await api.send('POST', configMaps, { metadata: { name: 'a', labels: { l: 'm' } } });
    const alone = await sent('GET', `${configMaps}/a`, `${protobuf};as=PartialObjectMetadata;g=meta.k8s.io;v=v1`);
    expect(alone).toMatchObject({ apiVersion: 'meta.k8s.io/v1', kind: 'PartialObjectMetadata', metadata: { labels: { l: 'm' } } });
    const made = await sent('POST', configMaps, protobuf, { metadata: { name: 'a' } });
    expect(made).toMatchObject({ kind: 'Status', reason: 'AlreadyExists', details: { name: 'a', kind: 'configmaps' }, code: 409 });
    expect(await sent('GET', '/apis/apps/v1')).toMatchObject({ kind: 'APIResourceList', groupVersion: 'apps/v1' });
  });

  it('watches in frames behind their length', async () => {
    await api.send('POST', configMaps, { metadata: { name: 'b' } });
    const { type, response } = await send('GET', `${configMaps}?watch=1&fieldSelector=metadata.name%3Db&timeoutSeconds=1`);
    expect(type).toBe(`${protobuf};stream=watch`);
    await api.send('PATCH', `${configMaps}/b`, { data: { k: 'v' } }, { 'content-type': 'application/merge-patch+json' });
    const rest = response.arrayBuffer();
    await api.clock.advance(60_000);
    const events = framesIn(new Uint8Array(await rest));
    expect(events).toMatchObject([
      { type: 'ADDED', object: { kind: 'ConfigMap', metadata: { name: 'b' } } },
      { type: 'MODIFIED', object: { data: { k: 'v' } } },
    ]);
  });

  it('is given the metadata of custom objects, of which there is nothing else', async () => {
    await define(api, widgetDefinition());
    await api.send('POST', widgets, widget('w', { size: 3 }));
    const alone = `${protobuf};as=PartialObjectMetadata;g=meta.k8s.io;v=v1`;
    expect(await sent('GET', `${widgets}/w`, alone)).toMatchObject({
      kind: 'PartialObjectMetadata',
      metadata: { name: 'w', generation: 1 },
    });
    const list = await sent('GET', widgets, `${protobuf};as=PartialObjectMetadataList;g=meta.k8s.io;v=v1`);
    expect(list).toMatchObject({ kind: 'PartialObjectMetadataList', items: [{ metadata: { name: 'w' } }] });
    const why = (type: string) =>
      `object ${type} does not implement the protobuf marshalling interface and cannot be encoded to a protobuf message`;
    const refused = async (path: string): Promise<Body> => (await send('GET', path)).response.json();
    const one = { kind: 'Status', reason: 'NotAcceptable', code: 406, message: why('*unstructured.Unstructured') };
    expect(await refused(`${widgets}/w`)).toMatchObject(one);
    expect(await refused(widgets)).toMatchObject({ ...one, message: why('*unstructured.UnstructuredList') });
    const { type, response } = await send('GET', `${widgets}?watch=1&resourceVersion=0&timeoutSeconds=1`, alone);
    expect(type).toBe(`${protobuf};stream=watch`);
    const rest = response.arrayBuffer();
    await api.clock.advance(60_000);
    expect(framesIn(new Uint8Array(await rest))).toMatchObject([{ type: 'ADDED', object: { kind: 'PartialObjectMetadata' } }]);
  });

  it.each([
    ['a Table', configMaps, `${protobuf};as=Table;g=meta.k8s.io;v=v1`],
    ['beta versions', '/apis/resource.k8s.io/v1beta1/deviceclasses', protobuf],
  ])('is not given %s', async (_, path, accept) => {
    expect((await send('GET', path, accept)).code).toBe(406);
  });
});
