import { expect, test } from 'vitest';
import { settle } from '../../client/settle.ts';
import { startApi } from '../api.ts';
import { define, definitions, widget, widgetDefinition, widgetSchema, widgets } from './widgets.ts';

test('objects are judged by their schema, in the words of kube-openapi', async () => {
  const api = await startApi();
  await define(api, widgetDefinition());
  const cases: readonly (readonly [unknown, string])[] = [
    [{}, 'spec.size: Required value'],
    [{ size: 11 }, 'spec.size: Invalid value: 11: spec.size in body should be less than or equal to 10'],
    [{ size: 0 }, 'spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1'],
    [{ size: 'x' }, 'spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"'],
    [
      { size: 1.5 },
      '[spec.size: Invalid value: "number": spec.size in body must be of type integer: "number", <nil>: Invalid value: "": Checked value must be of type integer (default format) in spec.size]',
    ],
    [{ size: 3, color: 'blue' }, 'spec.color: Unsupported value: "blue": supported values: "red", "green"'],
    [{ size: 3, name: 'ABC' }, `spec.name: Invalid value: "ABC": spec.name in body should match '^[a-z]+$'`],
    [{ size: 3, name: 'abcdefg' }, 'spec.name: Too long: may not be more than 5 bytes'],
    [{ size: 3, tags: ['a', 'b', 'c', 'd'] }, 'spec.tags: Too many: 4: must have at most 3 items'],
    [{ size: 3, tags: ['a', 'a'] }, 'spec.tags[1]: Duplicate value: "a"'],
    [{ size: 3, parts: [{ id: 'a' }, { id: 'a' }] }, 'spec.parts[1]: Duplicate value: {"id":"a"}'],
    [{ size: 3, parts: [{ v: 1 }] }, 'spec.parts[0].id: Required value'],
    [{ size: 3, port: true }, 'spec.port: Invalid value: "boolean": spec.port in body must be of type integer,string: "boolean"'],
    [{ size: 3, when: 'x' }, 'spec.when: Invalid value: "x": spec.when in body must be of type date-time: "x"'],
    [{ size: 3, tags: 'x' }, 'spec.tags: Invalid value: "string": spec.tags in body must be of type array: "string"'],
    [
      'x',
      '[spec: Invalid value: "string": spec in body must be of type object: "string", .spec.replicas: Invalid value: 0: .spec.replicas accessor error: x is of the type string, expected map[string]interface{}]',
    ],
    [
      [{ b: 1 }, null, 1e20],
      '[spec: Invalid value: "array": spec in body must be of type object: "array", .spec.replicas: Invalid value: 0: .spec.replicas accessor error: [map[] <nil> 1e+20] is of the type []interface {}, expected map[string]interface{}]',
    ],
  ];
  for (const [spec, message] of cases) {
    const { code, body } = await api.send('POST', widgets, widget('w', spec));
    expect([code, body.message]).toEqual([422, `Widget.golden.test "w" is invalid: ${message}`]);
  }
  const fine = await api.send('POST', widgets, widget('w', { size: 3, color: null, maybe: null, unknown: 1, any: { x: { y: 1 } } }));
  expect(fine.code).toBe(201);
  expect(fine.headers.get('warning')).toBe('299 - "unknown field \\"spec.unknown\\""');
  expect(fine.body).toMatchObject({ apiVersion: 'golden.test/v1', kind: 'Widget', metadata: { generation: 1 } });
  expect(fine.body.spec).toEqual({ size: 3, color: 'red', maybe: null, any: { x: { y: 1 } } });
  expect(fine.body.metadata.managedFields[0].fieldsV1).toEqual({
    'f:spec': { '.': {}, 'f:any': { '.': {}, 'f:x': { '.': {}, 'f:y': {} } }, 'f:color': {}, 'f:maybe': {}, 'f:size': {} },
  });
  const strict = await api.send('POST', `${widgets}?fieldValidation=Strict`, widget('s', { size: 3, unknown: 1 }));
  expect(strict.body.message).toBe(
    'Widget in version "v1" cannot be handled as a Widget: strict decoding error: unknown field "spec.unknown"',
  );
});

test('unknown fields of metadata are told before those of the schema, and these in the order of their paths', async () => {
  const api = await startApi();
  const embedded = { type: 'object', 'x-kubernetes-embedded-resource': true, properties: { metadata: { type: 'object' } } };
  const fields = {
    ports: { type: 'array', items: { type: 'object', properties: { a: { type: 'string' } } } },
    first: embedded,
    last: embedded,
  };
  const schema = { type: 'object', properties: { spec: { type: 'object', properties: fields } } };
  await define(api, widgetDefinition({ version: { schema: { openAPIV3Schema: schema } } }));
  const resource = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', unknown: 1 } };
  const spec = { z: 1, ports: [{ c: 1, b: 1 }], last: resource, first: resource, a: 1 };
  const object = {
    apiVersion: 'golden.test/v1',
    kind: 'Widget',
    spec,
    metadata: { name: 'w', z: 1, ownerReferences: [{ z: 1, b: 1 }], b: 1 },
  };
  const told = [
    ...['b', 'ownerReferences[0].b', 'ownerReferences[0].z', 'z'].map((field) => `metadata.${field}`),
    ...['a', 'ports[0].b', 'ports[0].c', 'z', 'first.metadata.unknown', 'last.metadata.unknown'].map((field) => `spec.${field}`),
  ];
  const strict = await api.send('POST', `${widgets}?fieldValidation=Strict`, object);
  expect(strict.body.message).toBe(
    `Widget in version "v1" cannot be handled as a Widget: strict decoding error: ${told.map((field) => `unknown field "${field}"`).join(', ')}`,
  );
});

test('what is wrong with an object as a whole has the field <nil>', async () => {
  const api = await startApi();
  const rules = [{ rule: "self.metadata.name.startsWith('g') && (!has(self.status) || self.status.ready)", message: 'names begin with g' }];
  const inner = { type: 'object', properties: { size: { type: 'integer' } } };
  const ruled = { ...inner, 'x-kubernetes-validations': [{ rule: 'self.size > 0', message: 'must have a size' }] };
  const schema = {
    type: 'object',
    properties: {
      spec: ruled,
      status: { type: 'object', properties: { ready: { type: 'boolean' } } },
    },
    'x-kubernetes-validations': rules,
  };
  await define(api, widgetDefinition({ version: { subresources: { status: {} }, schema: { openAPIV3Schema: schema } } }));
  const broken = { field: '<nil>', message: 'Invalid value: names begin with g', reason: 'FieldValueInvalid' };

  const made = await api.send('POST', widgets, widget('x1', { size: 1 }));
  expect(made.body).toMatchObject({
    code: 422,
    message: 'Widget.golden.test "x1" is invalid: <nil>: Invalid value: names begin with g',
    details: { causes: [broken] },
  });
  const below = await api.send('POST', widgets, widget('g1', { size: 0 }));
  expect(below.body.details.causes).toMatchObject([{ field: 'spec', message: 'Invalid value: must have a size' }]);

  const { body: good } = await api.send('POST', widgets, widget('g1', { size: 1 }));
  const unready = { ...good, status: { ready: false } };
  expect((await api.send('PUT', `${widgets}/g1/status`, unready)).body.details.causes).toMatchObject([broken]);
  const never = { ...schema, 'x-kubernetes-validations': [{ rule: 'self.spec.size == oldSelf.spec.size', message: 'sizes stay' }] };
  const changed = widgetDefinition({ version: { subresources: { status: {} }, schema: { openAPIV3Schema: never } } });
  await api.send('PATCH', `${definitions}/widgets.golden.test`, { spec: changed.spec }, { 'content-type': 'application/merge-patch+json' });
  await settle();
  const grown = await api.send('PUT', `${widgets}/g1`, { ...good, spec: { size: 2 } });
  expect(grown.body.details.causes).toMatchObject([{ ...broken, message: 'Invalid value: sizes stay' }]);
});

test('integers beyond int64 are doubles, and those up to its end are integers', async () => {
  const api = await startApi();
  const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const spec = { type: 'object', properties: { i: { type: 'integer' }, n: { type: 'number' }, open } };
  const schema = { type: 'object', properties: { spec } };
  await define(api, widgetDefinition({ version: { schema: { openAPIV3Schema: schema }, subresources: {} } }));
  const text = (name: string, written: string): string =>
    `{"apiVersion":"golden.test/v1","kind":"Widget","metadata":{"name":"${name}","annotations":{"a":"9223372036854775807"}},"spec":{${written}}}`;
  const yaml = { 'content-type': 'application/yaml' };
  const refused =
    '[spec.i: Invalid value: "number": spec.i in body must be of type integer: "number", <nil>: Invalid value: "": Checked value must be of type integer (default format) in spec.i]';
  for (const number of ['9223372036854775808', '18446744073709551615', '-9223372036854777856', '1e19']) {
    for (const headers of [{}, yaml]) {
      const { code, body } = await api.send('POST', widgets, text('w', `"i":${number}`), headers);
      expect([number, code, body.message]).toEqual([number, 422, `Widget.golden.test "w" is invalid: ${refused}`]);
    }
  }
  const kept = await api.send('POST', widgets, text('kept', '"n":9223372036854775808,"open":{"o":[9223372036854775808]}'));
  expect(kept.body.spec).toEqual({ n: 2 ** 63, open: { o: [2 ** 63] } });
  const lastDouble = 2 ** 63 - 1024;
  for (const [index, headers] of [{}, yaml, { 'content-type': 'application/yaml; form=block' }].entries()) {
    const name = `last${index}`;
    const block = `apiVersion: golden.test/v1\nkind: Widget\nmetadata: {name: ${name}, annotations: {a: "9223372036854775807"}}\nspec: {i: 9223372036854775807}\n`;
    const { code, body } = await api.send('POST', widgets, index === 2 ? block : text(name, '"i":9223372036854775807'), headers);
    expect([code, body.spec, body.metadata.annotations]).toEqual([201, { i: lastDouble }, { a: '9223372036854775807' }]);
  }
  const merge = { 'content-type': 'application/merge-patch+json' };
  const first = await api.send('PATCH', `${widgets}/last0`, '{"spec":{"i":-9223372036854775808}}', merge);
  expect([first.code, first.body.spec]).toEqual([200, { i: -(2 ** 63) }]);
  const last = await api.send('PATCH', `${widgets}/last0`, '{"spec":{"i":9223372036854775807}}', merge);
  expect([last.code, last.body.spec]).toEqual([200, { i: lastDouble }]);

  const containers = '[{"name":"c","image":"i"}]';
  const spec64 = `{"terminationGracePeriodSeconds":9223372036854775807,"containers":${containers}}`;
  const template = `{"metadata":{"name":"p"},"template":{"spec":${spec64}}}`;
  const made = await api.send('POST', '/api/v1/namespaces/default/podtemplates', template);
  expect(made.body).toMatchObject({ template: { spec: { terminationGracePeriodSeconds: lastDouble } } });
});

test('an object says what it is, for there is no scheme that could tell', async () => {
  const api = await startApi();
  await define(api, widgetDefinition());
  const sent = async (body: string) => (await api.send('POST', widgets, body)).body.message;
  const unrecognized = 'the object provided is unrecognized (must be of type Widget)';
  const expected = 'does not match the expected API version (golden.test/v1)';
  expect(await sent('null')).toBe(`${unrecognized}: Object 'Kind' is missing in 'null' (6e756c6c)`);
  expect(await sent('{}')).toBe(`${unrecognized}: Object 'Kind' is missing in '{}' ({})`);
  expect(await sent('{"kind":["x"]}')).toBe(
    `${unrecognized}: couldn't get version/kind; json parse error: json: cannot unmarshal array into Go struct field .kind of type string ({"kind":["x"]})`,
  );
  expect(await sent('{"kind":"Widget"}')).toBe(`the API version in the data () ${expected}`);
  expect(await sent('{"kind":"Widget","apiVersion":"v1"}')).toBe(`the API version in the data (v1) ${expected}`);
  expect(await sent('{"kind":"Gadget","apiVersion":"golden.test/v1","metadata":{"name":"a"}}')).toBe(
    'Gadget.golden.test "a" is invalid: kind: Invalid value: "Gadget": must be Widget',
  );
});

test('nor can a patch make another kind of an object', async () => {
  const api = await startApi();
  await define(api, widgetDefinition());
  await api.send('POST', widgets, widget('w', { size: 3 }));
  const patched = async (patch: unknown) =>
    (await api.send('PATCH', `${widgets}/w`, patch, { 'content-type': 'application/merge-patch+json' })).body;
  expect(await patched({ kind: null })).toMatchObject({ code: 422, message: expect.stringContaining(": Object 'Kind' is missing in '{") });
  expect((await patched({ kind: 'Gadget' })).message).toBe(
    'Gadget.golden.test "w" is invalid: kind: Invalid value: "Gadget": must be Widget',
  );
  expect((await patched({ apiVersion: null })).message).toBe(
    'Widget "w" is invalid: apiVersion: Invalid value: "": must be golden.test/v1',
  );
});

test('null where none may stand is no value in what is sent, and refused in what is applied', async () => {
  const api = await startApi();
  await define(api, widgetDefinition());
  const apply = (spec: object) =>
    api.send('PATCH', `${widgets}/w?fieldManager=m`, widget('w', spec), { 'content-type': 'application/apply-patch+yaml' });
  expect((await apply({ size: 3, any: { a: '1' }, maybe: 'x' })).code).toBe(201);
  expect(await apply({ size: 3, any: { a: '1' }, maybe: null })).toMatchObject({ code: 200, body: { spec: { maybe: null } } });
  expect((await apply({ size: 3, any: null })).body.message).toBe(
    'Widget.golden.test "w" is invalid: spec.any: Invalid value: "null": spec.any in body must be of type object: "null"',
  );
  expect((await apply({ size: 3, color: null })).body.spec).toMatchObject({ color: 'red' });
  expect((await api.send('POST', widgets, widget('v', { size: 3, any: null }))).body.spec).not.toHaveProperty('any');
});

test('an object of a dry run has no resourceVersion', async () => {
  const api = await startApi();
  await define(api, widgetDefinition());
  const made = await api.send('POST', `${widgets}?dryRun=All`, widget('w', { size: 3 }));
  expect(made.body.metadata).not.toHaveProperty('resourceVersion');
  const accept = 'application/json;as=Table;g=meta.k8s.io;v=v1';
  const table = await api.send('POST', `${widgets}?dryRun=All`, widget('w', { size: 3 }), { accept });
  expect(table.body.metadata).toEqual({});
  expect(table.body.rows[0].object.metadata).not.toHaveProperty('resourceVersion');
});

test('of a rule that an object broke before it is warned when the object is changed elsewhere', async () => {
  const api = await startApi();
  await define(api, widgetDefinition());
  await api.send('POST', widgets, widget('w', { size: 3 }));
  const rules = [{ rule: 'self.size > 5', message: 'too small' }];
  const { spec, ...rest } = widgetSchema.properties;
  const openAPIV3Schema = { type: 'object', properties: { ...rest, spec: { ...spec, 'x-kubernetes-validations': rules } } };
  const merge = { 'content-type': 'application/merge-patch+json' };
  const { spec: redefined } = widgetDefinition({ version: { schema: { openAPIV3Schema } } });
  await api.send('PATCH', `${definitions}/widgets.golden.test`, { spec: redefined }, merge);
  await settle();
  const elsewhere = await api.send('PATCH', `${widgets}/w`, { metadata: { labels: { a: 'b' } } }, merge);
  expect([elsewhere.code, elsewhere.headers.get('warning')]).toEqual([200, '299 - "spec: Invalid value: too small"']);
  const there = await api.send('PATCH', `${widgets}/w`, { spec: { size: 4 } }, merge);
  expect([there.code, there.headers.get('warning')]).toEqual([422, null]);
});

test('a status that the schema has defaults for raises no generation when the rest is written again', async () => {
  const api = await startApi();
  const status = { type: 'object', default: { phase: 'Pending' }, properties: { phase: { type: 'string' } } };
  const schema = { type: 'object', properties: { spec: widgetSchema.properties.spec, status } };
  await define(api, widgetDefinition({ version: { schema: { openAPIV3Schema: schema } } }));
  const made = await api.send('POST', widgets, widget('w', { size: 3 }));
  expect(made.body.status).toEqual({ phase: 'Pending' });
  const first = await api.send('PUT', `${widgets}/w`, made.body);
  expect([first.body.metadata.generation, first.body.status]).toEqual([1, { phase: 'Pending' }]);
  const again = await api.send('PUT', `${widgets}/w`, first.body);
  expect(again.body.metadata).toEqual(first.body.metadata);
  const merged = await api.send('PATCH', `${widgets}/w`, { spec: { size: 4 } }, { 'content-type': 'application/merge-patch+json' });
  expect([merged.body.metadata.generation, merged.body.status]).toEqual([2, { phase: 'Pending' }]);
});

test('who writes a status owns nothing of the metadata, which stays as it is', async () => {
  const api = await startApi();
  await define(api, widgetDefinition());
  await api.send('POST', widgets, widget('w', { size: 3 }));
  const merge = { 'content-type': 'application/merge-patch+json' };
  const change = { metadata: { finalizers: ['example.com/a'], labels: { a: 'b' } }, status: { replicas: 1 } };
  const { code, body } = await api.send('PATCH', `${widgets}/w/status`, change, merge);
  expect(code).toBe(200);
  expect(body.metadata.finalizers).toBeUndefined();
  const [, status] = body.metadata.managedFields;
  expect([status.subresource, status.fieldsV1]).toEqual(['status', { 'f:status': { '.': {}, 'f:replicas': {} } }]);
});
