import { describe, expect, it } from 'vitest';
import definitions from '../../../runtime/api/generated/definitions.json' with { type: 'json' };
import { kinds } from '../../../runtime/api/generated/kinds.ts';
import type { Definitions } from '../../../runtime/api/kinds/schema.ts';
import { encodeGnosticVersion3 } from '../../../runtime/apiserver/openapi/gnostic-version3.ts';
import { createOpenApi } from '../../../runtime/apiserver/openapi/openapi.ts';
import { fieldsOf, namedIn, text } from './protobuf-fields.ts';

const builtIn = definitions as unknown as Definitions;
const api = createOpenApi({
  version: 'v1.36.0',
  kinds: () => kinds,
  isCustom: () => false,
  isIssuerTold: true,
  schemaOf: (name) => builtIn[name],
  descriptions: async () => ({}),
  parameterTexts: async () => ({ '': { dryRun: 'Nothing is kept.' } }),
  returnsDeleted: () => false,
  remote: () => ({ revision: 0, published: [] }),
  revision: () => 1,
  now: () => 0,
});
const get = (Accept: string) => api.handle(new Request('http://x/openapi/v3/apis/apps/v1', { headers: { Accept } }));

describe('version 3 in protobuf', () => {
  const protobuf = 'application/com.github.proto-openapi.spec.v3.v1.0+protobuf';

  it('is for those who ask for it first, and nothing else than JSON is there', async () => {
    const typeFor = async (accept: string) => (await get(accept)).headers.get('Content-Type');
    expect(await typeFor('application/com.github.proto-openapi.spec.v3@v1.0+protobuf')).toBe(protobuf);
    expect(await typeFor(`${protobuf}, application/json`)).toBe(protobuf);
    expect(await typeFor(`application/json, ${protobuf}`)).toBe('application/json');
    expect(await typeFor('*/*')).toBe('application/json');
    const other = await get('text/html');
    expect([other.status, other.headers.get('vary'), await other.text()]).toEqual([406, 'Accept', '']);
  });

  it('says what the JSON says', async () => {
    const { bytes = new Uint8Array() } = (await api.document('apis/apps/v1')) ?? {};
    const { paths, components } = JSON.parse(new TextDecoder().decode(bytes));
    const document = fieldsOf(new Uint8Array(await (await get(protobuf)).arrayBuffer()));
    expect(text(document.get(1)?.[0])).toBe('3.0.0');
    const items = new Map(namedIn(document.get(4)?.[0]));
    expect([...items.keys()]).toEqual(Object.keys(paths));
    const path = '/apis/apps/v1/namespaces/{namespace}/deployments';
    const post = fieldsOf(fieldsOf(items.get(path)).get(6)?.[0]);
    expect(text(post.get(5)?.[0])).toBe(paths[path].post.operationId);
    const schemas = new Map(namedIn(fieldsOf(document.get(5)?.[0]).get(1)?.[0]));
    expect([...schemas.keys()]).toEqual(Object.keys(components.schemas));
    const deployment = fieldsOf(fieldsOf(schemas.get('io.k8s.api.apps.v1.Deployment')).get(1)?.[0]);
    const properties = new Map(namedIn(deployment.get(31)?.[0]));
    const spec = fieldsOf(fieldsOf(properties.get('spec')).get(1)?.[0]);
    const reference = fieldsOf(fieldsOf(spec.get(26)?.[0]).get(2)?.[0]);
    expect(text(reference.get(1)?.[0])).toBe('#/components/schemas/io.k8s.api.apps.v1.DeploymentSpec');
  });

  it('writes numbers and flags as gnostic does: what is 0, false or empty is left out', () => {
    const limits = {
      type: 'number',
      maximum: 1.5,
      minimum: 0,
      maxLength: 300,
      minLength: 0,
      uniqueItems: true,
      nullable: false,
      title: '',
    };
    const components = { schemas: { Limits: { ...limits, default: 0, enum: [1.5], additionalProperties: false } } };
    const [[, limited] = []] = namedIn(fieldsOf(fieldsOf(encodeGnosticVersion3({ components })).get(5)?.[0]).get(1)?.[0]);
    const schema = Buffer.from(fieldsOf(limited).get(1)?.[0] ?? []).toString('hex');
    // type, maximum, maxLength, uniqueItems, default 0 as a number that is told, enum as YAML, additionalProperties false.
    expect(schema).toBe(
      `${'ca0106'}${'6e756d626572'}${'59000000000000f83f'}${'78ac02'}${'a00101'}${'8a0209090000000000000000'}${'c20105'}${'1203312e35'}${'8202021000'}`,
    );
  });
});
