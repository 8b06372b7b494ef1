import { expect, test } from 'vitest';
import { settle } from '../../client/settle.ts';
import { type Api, type Body, startApi } from '../api.ts';
import { define, definitions, widget, widgetDefinition, widgetSchema, widgets } from './widgets.ts';

const path = `${definitions}/widgets.golden.test`;

async function conditions(api: Api, name = 'widgets.golden.test') {
  const { body } = await api.send('GET', `${definitions}/${name}`);
  return body.status.conditions.map(({ type, status, reason }: Record<string, string>) => `${type} ${status} ${reason}`);
}

test('a definition is established, discovered and described at once, and gone with its objects', async () => {
  const api = await startApi();
  await define(api, widgetDefinition({ names: { categories: ['all'] } }));
  const { body } = await api.send('GET', path);
  expect(body.status).toMatchObject({
    acceptedNames: {
      plural: 'widgets',
      singular: 'widget',
      shortNames: ['wd'],
      kind: 'Widget',
      listKind: 'WidgetList',
      categories: ['all'],
    },
    storedVersions: ['v1'],
    conditions: [
      { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' },
      { type: 'Established', status: 'True', reason: 'InitialNamesAccepted', message: 'the initial names have been accepted' },
    ],
  });
  expect(body.metadata.managedFields).toContainEqual(expect.objectContaining({ manager: 'kube-apiserver', subresource: 'status' }));
  expect((await api.send('GET', '/apis/golden.test')).body.preferredVersion.groupVersion).toBe('golden.test/v1');
  expect((await api.send('GET', '/apis/golden.test/v1')).body.resources).toMatchObject([
    { name: 'widgets', singularName: 'widget', namespaced: true, kind: 'Widget', shortNames: ['wd'], categories: ['all'] },
    { name: 'widgets/status', kind: 'Widget', verbs: ['get', 'patch', 'update'] },
    { name: 'widgets/scale', group: 'autoscaling', version: 'v1', kind: 'Scale' },
  ]);
  const openApi = (await api.send('GET', '/openapi/v3/apis/golden.test/v1')).body;
  expect(openApi.components.schemas['test.golden.v1.Widget'].properties.spec.properties.size).toMatchObject({
    type: 'integer',
    maximum: 10,
  });
  expect((await api.send('GET', '/openapi/v2')).body.definitions['test.golden.v1.WidgetList'].properties.items.type).toBe('array');

  await api.send('POST', widgets, widget('w', { size: 1 }));
  await api.send('POST', widgets, { ...widget('held', { size: 1 }), metadata: { name: 'held', finalizers: ['example.com/wait'] } });
  const watch = await api.watch(`${widgets}?watch=1&resourceVersion=0`);
  await watch.next(2);
  const marked = await api.send('DELETE', path);
  expect(marked.body.metadata.finalizers).toEqual(['customresourcecleanup.apiextensions.k8s.io']);
  expect(marked.body.metadata.generation).toBe(1);
  await settle();
  expect(await conditions(api)).toContain('Terminating True InstanceDeletionInProgress');
  const forbidden = {
    code: 403,
    reason: 'Forbidden',
    message: 'widgets.golden.test "late" is forbidden: create not allowed while custom resource definition is terminating',
  };
  const late = widget('late', { size: 1 });
  const applyHeaders = { 'content-type': 'application/apply-patch+yaml' };
  expect((await api.send('POST', widgets, late)).body).toMatchObject(forbidden);
  expect((await api.send('PATCH', `${widgets}/late?fieldManager=me`, late, applyHeaders)).body).toMatchObject(forbidden);
  const replaced = { ...late, metadata: { ...late.metadata, resourceVersion: '1' } };
  expect((await api.send('PUT', `${widgets}/late`, replaced)).body).toMatchObject({ code: 404, reason: 'NotFound' });
  expect((await api.send('POST', widgets, 'no object')).code).toBe(400);
  const told = (await api.send('GET', '/apis/golden.test/v1')).body.resources[0];
  expect(told.verbs).toEqual(['delete', 'deletecollection', 'get', 'list', 'watch']);
  expect(told.storageVersionHash).toBeDefined();
  const aggregated = { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' };
  const groups: Body[] = (await api.send('GET', '/apis', undefined, aggregated)).body.items;
  const inGroup = groups.find(({ metadata }) => metadata.name === 'golden.test')?.versions[0].resources[0];
  expect(inGroup.verbs).toEqual(told.verbs);
  expect(inGroup.responseKind).toEqual({ group: 'golden.test', version: 'v1', kind: 'Widget' });
  expect((await api.send('GET', widgets)).body.items).toHaveLength(1);
  await api.send('PATCH', `${widgets}/held`, { metadata: { finalizers: null } }, { 'content-type': 'application/merge-patch+json' });
  expect((await api.send('GET', path)).code).toBe(200);
  await api.clock.advance(5000);
  await settle();
  expect((await api.send('GET', path)).code).toBe(404);
  expect((await api.send('GET', widgets)).code).toBe(404);
  expect((await api.send('GET', '/apis/golden.test')).code).toBe(404);
});

test('a condition without a time has none, as Go writes it', async () => {
  const api = await startApi();
  await define(api, widgetDefinition());
  const definition = (await api.send('GET', path)).body;
  definition.status.conditions.push({ type: 'Checked', status: 'True' });
  const { status } = (await api.send('PUT', `${path}/status`, definition)).body;
  expect(status.conditions[2]).toEqual({ type: 'Checked', status: 'True', lastTransitionTime: null });
  const again = await api.send('PUT', `${path}/status`, (await api.send('GET', path)).body);
  expect([again.code, again.body.status]).toEqual([200, status]);
});

test('names that are taken are refused until they are free', async () => {
  const api = await startApi();
  await define(api, widgetDefinition());
  const gadgets = widgetDefinition({ names: { plural: 'gadgets', singular: 'gadget' } });
  gadgets.metadata.name = 'gadgets.golden.test';
  await define(api, gadgets);
  const status = (await api.send('GET', `${definitions}/gadgets.golden.test`)).body.status;
  expect(status.conditions).toMatchObject([
    { type: 'NamesAccepted', status: 'False', reason: 'ListKindConflict', message: '"WidgetList" is already in use' },
    { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' },
  ]);
  expect(status.acceptedNames).toEqual({ plural: 'gadgets', singular: 'gadget', kind: '' });
  await api.send('DELETE', path);
  await settle();
  expect(await conditions(api, 'gadgets.golden.test')).toEqual(['NamesAccepted True NoConflicts', 'Established True InitialNamesAccepted']);
});

test('a change of a definition ends the watches of all its versions, one of its status none', async () => {
  const api = await startApi();
  await define(api, widgetDefinition());
  const watch = await api.watch(`${widgets}?watch=1`);
  const merge = { 'content-type': 'application/merge-patch+json' };
  await api.send('PATCH', `${definitions}/widgets.golden.test`, { metadata: { labels: { a: 'b' } } }, merge);
  await settle();
  await api.send('POST', widgets, widget('w', { size: 3 }));
  expect((await watch.next(1))[0].type).toBe('ADDED');
  const { spec } = (await api.send('GET', `${definitions}/widgets.golden.test`)).body;
  const versions = [...spec.versions, { ...spec.versions[0], name: 'v2', storage: false }];
  await api.send('PATCH', `${definitions}/widgets.golden.test`, { spec: { versions } }, merge);
  expect(await watch.rest()).toEqual([]);
});

test('a list is called what its definition calls it', async () => {
  const api = await startApi();
  await define(api, widgetDefinition({ names: { listKind: 'Assortment' } }));
  const listed = await api.send('GET', widgets);
  expect(listed.body).toMatchObject({ kind: 'Assortment', apiVersion: 'golden.test/v1', items: [] });
  const metadata = await api.send('GET', widgets, undefined, { accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1' });
  expect(metadata.body.message).toContain('but the requested object is a list (');
});

test('a definition with a broken bundle for its converter is established once that is mended', async () => {
  const api = await startApi();
  const convertBy = (caBundle: string | null) => {
    const clientConfig = { service: { namespace: 'default', name: 'converter' }, caBundle };
    return { strategy: 'Webhook', webhook: { clientConfig, conversionReviewVersions: ['v1'] } };
  };
  const created = await api.send('POST', definitions, widgetDefinition({ spec: { conversion: convertBy(btoa('no certificate')) } }));
  expect(created.code).toBe(201);
  await settle();
  expect(await conditions(api, 'widgets.golden.test')).toEqual(['NamesAccepted True NoConflicts', 'Established False InvalidCABundle']);
  expect((await api.send('GET', widgets)).code).toBe(404);
  const merge = { 'content-type': 'application/merge-patch+json' };
  await api.send('PATCH', `${definitions}/widgets.golden.test`, { spec: { conversion: convertBy(null) } }, merge);
  await settle();
  expect(await conditions(api, 'widgets.golden.test')).toEqual(['NamesAccepted True NoConflicts', 'Established True InitialNamesAccepted']);
});

test('versions share their objects, and changes of a schema hold for what is stored', async () => {
  const api = await startApi();
  const v1 = { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: widgetSchema } };
  const v2Schema = {
    type: 'object',
    properties: { spec: { type: 'object', properties: { size: { type: 'integer' }, shape: { type: 'string', default: 'round' } } } },
  };
  const v2 = {
    name: 'v2',
    served: true,
    storage: false,
    schema: { openAPIV3Schema: v2Schema },
    selectableFields: [{ jsonPath: '.spec.shape' }],
  };
  await define(api, widgetDefinition({ spec: { versions: [v1, v2] } }));
  await api.send('POST', widgets, widget('w', { size: 1, color: 'green' }));
  const other = widgets.replace('/v1/', '/v2/');
  expect((await api.send('GET', `${other}/w`)).body).toMatchObject({ apiVersion: 'golden.test/v2', spec: { size: 1, shape: 'round' } });
  expect((await api.send('GET', `${other}?fieldSelector=spec.shape%3Dround`)).body.items).toHaveLength(0);
  await api.send('PATCH', `${other}/w`, { spec: { shape: 'flat' } }, { 'content-type': 'application/merge-patch+json' });
  expect((await api.send('GET', `${other}?fieldSelector=spec.shape%3Dflat`)).body.items).toHaveLength(1);
  expect((await api.send('GET', `${widgets}?fieldSelector=spec.shape%3Dflat`)).body).toMatchObject({
    code: 400,
    message: 'field label not supported: spec.shape',
  });

  const { body } = await api.send('GET', path);
  const watch = await api.watch(`${widgets}?watch=1&resourceVersion=0`);
  await watch.next(1);
  body.spec.versions = [
    { ...v1, storage: false, served: false },
    { ...v2, storage: true },
  ];
  expect((await api.send('PUT', path, body)).body.status.storedVersions).toEqual(['v1', 'v2']);
  await settle();
  expect(await watch.rest()).toEqual([]);
  expect((await api.send('GET', widgets)).code).toBe(404);
  expect((await api.send('GET', `${other}/w`)).body.spec).toEqual({ size: 1, shape: 'flat' });
  body.metadata.resourceVersion = (await api.send('GET', path)).body.metadata.resourceVersion;
  body.spec.versions = [{ ...v2, storage: true }];
  expect((await api.send('PUT', path, body)).body.message).toContain(
    'status.storedVersions[0]: Invalid value: "v1": missing from spec.versions',
  );
});

test('status, scale, apply, tables and generations', async () => {
  const api = await startApi();
  await define(api, widgetDefinition());
  const merge = { 'content-type': 'application/merge-patch+json' };
  await api.send('POST', widgets, { ...widget('w', { size: 1, replicas: 2 }), status: { phase: 'X' } });
  const status = await api.send(
    'PATCH',
    `${widgets}/w/status`,
    { spec: { size: 9 }, status: { phase: 'Y', replicas: 1, selector: 'a=b' } },
    merge,
  );
  expect(status.body).toMatchObject({ metadata: { generation: 1 }, spec: { size: 1 }, status: { phase: 'Y' } });
  const scale = await api.send('PATCH', `${widgets}/w/scale`, { spec: { replicas: 4 } }, merge);
  expect(scale.body).toMatchObject({ kind: 'Scale', spec: { replicas: 4 }, status: { replicas: 1, selector: 'a=b' } });
  const { resourceVersion, ...unversioned } = scale.body.metadata;
  const set = (metadata: object) => api.send('PUT', `${widgets}/w/scale`, { ...scale.body, metadata });
  expect((await set({ ...unversioned, resourceVersion: '1' })).code).toBe(409);
  expect((await set(unversioned)).body.metadata.resourceVersion).toBe(resourceVersion);
  expect((await api.send('GET', `${widgets}/w`)).body).toMatchObject({ metadata: { generation: 2 }, spec: { size: 1, replicas: 4 } });
  const managed = (await api.send('GET', `${widgets}/w`)).body.metadata.managedFields;
  expect(managed).toContainEqual(expect.objectContaining({ subresource: 'scale', fieldsV1: { 'f:spec': { 'f:replicas': {} } } }));
  const strategic = await api.send('PATCH', `${widgets}/w`, {}, { 'content-type': 'application/strategic-merge-patch+json' });
  expect([strategic.code, strategic.body.message]).toEqual([
    415,
    'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
  ]);

  const apply = (manager: string, spec: object) =>
    api.send('PATCH', `${widgets}/w?fieldManager=${manager}`, { ...widget('w', spec) }, { 'content-type': 'application/apply-patch+yaml' });
  await apply('one', { parts: [{ id: 'a', v: 1 }] });
  const both = await apply('two', { parts: [{ id: 'b', v: 2 }], tags: ['x'] });
  expect(both.body.spec.parts).toEqual([
    { id: 'a', v: 1 },
    { id: 'b', v: 2 },
  ]);
  const conflict = await apply('three', { parts: [{ id: 'a', v: 3 }] });
  expect(conflict.body.message).toContain('Apply failed with 1 conflict: conflict with "one": .spec.parts[id="a"].v');

  const table = (await api.send('GET', widgets, undefined, { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' })).body;
  expect(table.columnDefinitions.map(({ name, type }: Record<string, string>) => `${name}:${type}`)).toEqual([
    'Name:string',
    'Size:integer',
    'Age:date',
  ]);
  expect(table.rows[0].cells).toEqual(['w', 1, '0s']);
});

test('rules in CEL are compiled with the definition and asked of every object', async () => {
  const api = await startApi();
  const schema = (rule: object) => ({
    type: 'object',
    properties: {
      spec: {
        type: 'object',
        properties: { min: { type: 'integer' }, max: { type: 'integer' } },
        'x-kubernetes-validations': [rule],
      },
    },
  });
  const wrong = await api.send(
    'POST',
    definitions,
    widgetDefinition({ version: { schema: { openAPIV3Schema: schema({ rule: 'self.mini < 3' }) } } }),
  );
  expect(wrong.body.message).toContain(
    'spec.validation.openAPIV3Schema.properties[spec].x-kubernetes-validations[0].rule: Invalid value: {"Rule":"self.mini \\u003c 3","Message":"","MessageExpression":"","Reason":null,"FieldPath":"","OptionalOldSelf":null}: compilation failed: ERROR: <input>:1:5: undefined field \'mini\'',
  );
  await define(api, widgetDefinition({ version: { schema: { openAPIV3Schema: schema({ rule: 'self.min <= self.max' }) } } }));
  const broken = await api.send('POST', widgets, widget('w', { min: 3, max: 2 }));
  expect([broken.code, broken.body.message]).toEqual([
    422,
    'Widget.golden.test "w" is invalid: spec: Invalid value: failed rule: self.min <= self.max',
  ]);
  expect((await api.send('POST', widgets, widget('w', { min: 1, max: 2 }))).code).toBe(201);
  const typed = await api.send('POST', widgets, widget('v', { min: 'x', max: 2 }));
  expect(typed.body.message).toContain('<nil>: Invalid value: null: some validation rules were not checked because the object was invalid');
});

test('rules that may cost too much are refused with the definition', async () => {
  const api = await startApi();
  const definition = (limits: object) =>
    widgetDefinition({
      version: {
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'array',
                items: { type: 'string', maxLength: 20 },
                ...limits,
                'x-kubernetes-validations': [{ rule: 'self.all(a, self.exists_one(b, a == b))' }],
              },
            },
          },
        },
      },
    });
  const at = 'spec.validation.openAPIV3Schema.properties[spec].x-kubernetes-validations[0].rule';
  const hint = '(try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)';
  expect((await api.send('POST', definitions, definition({}))).body.message).toContain(
    `${at}: Forbidden: estimated rule cost exceeds budget by factor of more than 100x ${hint}`,
  );
  expect((await api.send('POST', definitions, definition({ maxItems: 100 }))).code).toBe(201);
});

test('a server serves what was established before it started', async () => {
  const api = await startApi();
  await define(api, widgetDefinition());
  await api.send('POST', widgets, widget('w', { size: 1 }));
  const again = await startApi({ store: api.store });
  expect((await again.send('GET', `${widgets}/w`)).code).toBe(200);
});

test('a definition whose accepted names somebody takes away is served as soon as it has them again', async () => {
  const told: string[] = [];
  const other = await startApi({ log: (text) => told.push(text) });
  await define(other, widgetDefinition());
  const path = `${definitions}/widgets.golden.test`;
  const { body } = await other.send('GET', path);
  await other.send('PUT', `${path}/status`, { ...body, status: { ...body.status, acceptedNames: {} } });
  await settle();
  expect(told).toEqual([]);
  expect((await other.send('GET', path)).body.status.acceptedNames).toMatchObject({ plural: 'widgets', kind: 'Widget' });
  expect((await other.send('GET', widgets)).code).toBe(200);
});

test('a definition in a group of the community tells of its approval, and follows the annotation', async () => {
  const api = await startApi();
  const name = 'widgets.golden.k8s.io';
  const definition = widgetDefinition({ spec: { group: 'golden.k8s.io' } });
  const approved = (value: string) => ({ metadata: { annotations: { 'api-approved.kubernetes.io': value } } });
  const told = async () => {
    const { body } = await api.send('GET', `${definitions}/${name}`);
    return body.status.conditions.find(({ type }: Record<string, string>) => type === 'KubernetesAPIApprovalPolicyConformant');
  };
  await define(api, { ...definition, metadata: { name, ...approved('unapproved, a test').metadata } });
  expect(await told()).toMatchObject({ status: 'False', reason: 'UnapprovedAnnotation', message: 'not approved: "unapproved, a test"' });
  const merge = { 'content-type': 'application/merge-patch+json' };
  await api.send('PATCH', `${definitions}/${name}`, approved('https://example.com/pull/1'), merge);
  await settle();
  expect(await told()).toMatchObject({ status: 'True', reason: 'ApprovedAnnotation', message: 'approved in https://example.com/pull/1' });
  const refused = await api.send('PATCH', `${definitions}/${name}`, approved('no'), merge);
  expect(refused.code).toBe(422);
  expect((await told()).status).toBe('True');
});

test('whoever asks for a deprecated version is warned, of a better one where there is one, or in words of the definition', async () => {
  const api = await startApi();
  const schema = { openAPIV3Schema: widgetSchema };
  const definition = widgetDefinition();
  const served = { served: true, storage: false, schema, subresources: { status: {} } };
  definition.spec.versions = [
    { ...served, name: 'v1alpha1', deprecated: true },
    { ...served, name: 'v1beta1', deprecated: true, deprecationWarning: 'do not' },
    { ...served, name: 'v1beta2', storage: true },
    { ...served, name: 'v3', served: false },
    { ...served, name: 'v2', deprecated: true },
  ];
  await define(api, definition);
  const warning = async (version: string, rest = '') =>
    (await api.send('GET', `/apis/golden.test/${version}/namespaces/default/widgets${rest}`)).headers.get('warning');
  expect(await warning('v1alpha1')).toBe('299 - "golden.test/v1alpha1 Widget is deprecated; use golden.test/v1beta2 Widget"');
  expect(await warning('v1alpha1', '/x/status')).toBe(await warning('v1alpha1'));
  expect(await warning('v1beta1')).toBe('299 - "do not"');
  expect(await warning('v1beta2')).toBeNull();
  expect(await warning('v2')).toBe('299 - "golden.test/v2 Widget is deprecated"');

  // A better version may come later.
  const { body } = await api.send('GET', path);
  body.spec.versions[3].served = true;
  expect((await api.send('PUT', path, body)).code).toBe(200);
  await settle();
  expect(await warning('v2')).toBe('299 - "golden.test/v2 Widget is deprecated; use golden.test/v3 Widget"');
});

test('a watch sees the objects of a definition that is deleted go, and ends with it', async () => {
  const api = await startApi();
  await define(api, widgetDefinition());
  await api.send('POST', widgets, widget('a', { size: 1 }));
  await api.send('POST', widgets, widget('b', { size: 1 }));
  const watch = await api.watch(`${widgets}?watch=1&resourceVersion=0`);
  await watch.next(2);
  await api.send('DELETE', path);
  await settle();
  expect((await watch.rest()).map(({ type, object }) => [type, object.metadata.name])).toEqual([
    ['DELETED', 'a'],
    ['DELETED', 'b'],
  ]);
  expect((await api.send('GET', widgets)).code).toBe(404);
});
