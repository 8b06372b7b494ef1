import { describe, expect, it } from 'vitest';
import { ApplyConflictError, ApplyError } from '../../../runtime/api/apply/apply-error.ts';
import { FieldTypes } from '../../../runtime/api/apply/field-types.ts';
import { type ManagedChange, resetFieldsOf, updateManagedFields } from '../../../runtime/api/apply/managed-fields.ts';
import { mergeValues } from '../../../runtime/api/apply/merge-values.ts';
import { compareElements } from '../../../runtime/api/apply/path-element.ts';
import { entriesAfterScale, scaleEntriesOf } from '../../../runtime/api/apply/scale-fields.ts';
import { type Application, applyServerSide } from '../../../runtime/api/apply/server-side-apply.ts';
import definitions from '../../../runtime/api/generated/definitions.json' with { type: 'json' };
import type { ManagedFieldsEntry, ObjectMeta } from '../../../runtime/api/generated/types/meta/v1.ts';
import type { Definitions, Schema } from '../../../runtime/api/kinds/schema.ts';
import type { Json, KubeObject } from '../../../runtime/api/object.ts';
import { freeze } from './freeze.ts';

const builtIn = definitions as unknown as Definitions;
const types = new FieldTypes((name) => builtIn[name]);
const configMapType = types.root('io.k8s.api.core.v1.ConfigMap');
const deploymentType = types.root('io.k8s.api.apps.v1.Deployment');
const podTemplateType = types.root('io.k8s.api.core.v1.PodTemplate');

let second = 0;
const time = () => new Date(Date.UTC(2030, 0, 1, 0, 0, second++)).toISOString().replace('.000', '');
const change = (manager: string, more: Partial<ManagedChange> = {}): ManagedChange => ({
  manager,
  apiVersion: 'v1',
  subresource: '',
  time: time(),
  ...more,
});
const application = (manager: string, more: Partial<Application> = {}): Application => ({
  ...change(manager),
  kind: 'ConfigMap',
  force: false,
  keepsNulls: false,
  ...more,
});

type Thing = KubeObject & { [key: string]: unknown };
const configMap = (data?: Json, metadata: ObjectMeta = {}): Thing => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'cm', ...metadata },
  ...(data === undefined ? {} : { data }),
});
const apply = (live: KubeObject | undefined, config: Thing, manager: string, more: Partial<Application> = {}) =>
  applyServerSide(configMapType, live, freeze(config), application(manager, more)).object as Thing;
const podTemplate = (spec: Json): Thing => ({ apiVersion: 'v1', kind: 'PodTemplate', metadata: { name: 'pt' }, template: { spec } });
const applyTemplate = (live: KubeObject | undefined, spec: Json, manager: string, more: Partial<Application> = {}) =>
  applyServerSide(podTemplateType, live, podTemplate(spec), application(manager, { kind: 'PodTemplate', ...more })).object as Thing;

/** Sets of fields by manager. */
function owners(object: KubeObject): Record<string, unknown> {
  return Object.fromEntries((object.metadata?.managedFields ?? []).map((entry) => [`${entry.manager} ${entry.operation}`, entry.fieldsV1]));
}

function errorOf(run: () => unknown): ApplyError | ApplyConflictError {
  try {
    run();
  } catch (error) {
    if (error instanceof ApplyError || error instanceof ApplyConflictError) return error;
    throw error;
  }
  throw new Error('no error');
}

describe('applying', () => {
  it('owns what it says, and gives up and removes what it no longer says', () => {
    const first = apply(undefined, configMap({ a: '1', b: '2' }, { labels: { l: 'x' } }), 'm1');
    expect(owners(first)).toEqual({ 'm1 Apply': { 'f:data': { 'f:a': {}, 'f:b': {} }, 'f:metadata': { 'f:labels': { 'f:l': {} } } } });
    const second = apply(freeze(first), configMap({ a: '1' }), 'm1');
    expect(second.data).toEqual({ a: '1' });
    expect(second.metadata?.labels).toBeUndefined();
    const third = apply(freeze(second), configMap(), 'm1');
    expect(third.data).toBeUndefined();
    expect(third.metadata).toEqual({ name: 'cm' });
  });

  it('shares fields with the same value; the last owner takes them away', () => {
    const first = apply(undefined, configMap({ a: '1' }), 'm1');
    const shared = apply(first, configMap({ a: '1' }), 'm2');
    expect(owners(shared)).toEqual({ 'm1 Apply': { 'f:data': { 'f:a': {} } }, 'm2 Apply': { 'f:data': { 'f:a': {} } } });
    const dropped = apply(shared, configMap(), 'm1');
    expect([dropped.data, Object.keys(owners(dropped))]).toEqual([{ a: '1' }, ['m2 Apply']]);
    expect(apply(dropped, configMap(), 'm2').data).toBeUndefined();
  });

  it('knows no fields of items that stand twice, and gives them back to who makes them single again', () => {
    const pod = (...env: Json[]): Thing => ({
      apiVersion: 'v1',
      kind: 'PodTemplate',
      metadata: { name: 'pt' },
      template: { spec: { containers: [{ name: 'c', env }] } },
    });
    const envOf = (object: KubeObject): Record<string, unknown> =>
      Object.fromEntries(
        (object.metadata?.managedFields ?? []).map(({ manager, fieldsV1 }) => {
          const fields = fieldsV1 as unknown as Record<string, Record<string, Record<string, Record<string, Record<string, unknown>>>>>;
          return [manager, fields['f:template']?.['f:spec']?.['f:containers']?.['k:{"name":"c"}']?.['f:env']];
        }),
      );
    const update = (live: KubeObject | undefined, next: Thing, manager: string): Thing => {
      const sent = { ...next, metadata: { ...next.metadata, managedFields: live?.metadata?.managedFields ?? [] } };
      const managedFields = updateManagedFields(podTemplateType, live, sent, change(manager)) ?? [];
      return { ...next, metadata: { ...next.metadata, managedFields } };
    };
    const one = update(undefined, pod({ name: 'a', value: '1' }, { name: 'b' }), 'm1');
    const twice = update(one, pod({ name: 'a', value: '1' }, { name: 'a', value: '2' }, { name: 'b' }), 'm2');
    expect(envOf(twice)).toEqual({
      m1: { '.': {}, 'k:{"name":"b"}': { '.': {}, 'f:name': {} } },
      m2: { 'k:{"name":"a"}': {} },
    });
    const single = update(twice, pod({ name: 'a', value: '1' }, { name: 'b' }), 'm3');
    expect(envOf(single)).toEqual({
      m1: { '.': {}, 'k:{"name":"b"}': { '.': {}, 'f:name': {} } },
      m3: { 'k:{"name":"a"}': { '.': {}, 'f:name': {}, 'f:value': {} } },
    });
  });

  it('keeps the time of a manager whose application changes nothing; whoever applies what is there already has none', () => {
    const first = apply(undefined, configMap({ a: '1', b: '2' }), 'm1');
    const second = apply(first, configMap({ a: '1', b: '2' }), 'm2');
    expect(second.metadata?.managedFields).toMatchObject([{ manager: 'm2' }, { manager: 'm1' }]);
    expect(second.metadata?.managedFields?.map((entry) => entry.time)).toEqual([undefined, first.metadata?.managedFields?.[0]?.time]);
    const third = apply(second, configMap({ a: '1' }), 'm1');
    expect(third.metadata?.managedFields?.map((entry) => entry.time)).toEqual([undefined, first.metadata?.managedFields?.[0]?.time]);
  });

  it('leaves a map to its owner when the last of its entries go', () => {
    const first = apply(apply(undefined, configMap({ a: '1' }), 'm1'), configMap({ a: '1' }), 'm2');
    const second = apply(apply(first, configMap({}), 'm1'), configMap({}), 'm2');
    expect(second.data).toEqual({});
    expect(owners(second)).toEqual({ 'm1 Apply': { 'f:data': {} }, 'm2 Apply': { 'f:data': {} } });
  });

  it('leaves alone what is null', () => {
    const live = { ...configMap({ a: '1' }), binaryData: null };
    const entries = updateManagedFields(configMapType, undefined, { ...live, immutable: true } as Thing, change('m1'));
    const owned = { ...live, metadata: { ...live.metadata, managedFields: entries } } as Thing;
    expect(owners(apply(owned, configMap({ b: '1' }), 'm2'))['m1 Update']).toEqual(entries?.[0]?.fieldsV1);
  });

  it('changes nothing at all when the same is applied again', () => {
    const live = apply(undefined, configMap({ a: '1' }), 'm1');
    expect(apply(live, configMap({ a: '1' }), 'm1')).toBe(live);
  });

  it('names who else owns a field, unless forced to take it', () => {
    const live = apply(undefined, configMap({ a: '1', b: '1' }), 'm1');
    const one = errorOf(() => apply(live, configMap({ a: '2' }), 'm2'));
    expect(one.message).toBe('Apply failed with 1 conflict: conflict with "m1": .data.a');
    expect(one).toMatchObject({ causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "m1"', field: '.data.a' }] });
    const two = errorOf(() => apply(live, configMap({ a: '2', b: '2' }), 'm2'));
    expect(two.message).toBe('Apply failed with 2 conflicts: conflicts with "m1":\n- .data.a\n- .data.b');
    const forced = apply(live, configMap({ a: '2' }), 'm2', { force: true });
    expect([forced.data, owners(forced)]).toEqual([
      { a: '2', b: '1' },
      { 'm1 Apply': { 'f:data': { 'f:b': {} } }, 'm2 Apply': { 'f:data': { 'f:a': {} } } },
    ]);
  });

  it('says how an updater came by its fields', () => {
    const created = configMap({ a: '1' });
    const live = {
      ...created,
      metadata: {
        ...created.metadata,
        managedFields: updateManagedFields(configMapType, undefined, created, change('creator', { subresource: 'status' })),
      },
    } as KubeObject;
    expect(errorOf(() => apply(live, configMap({ a: '2' }), 'm1')).message).toBe(
      'Apply failed with 1 conflict: conflict with "creator" with subresource "status" using v1: .data.a',
    );
    expect(errorOf(() => apply(configMap({ a: '1' }), configMap({ a: '2' }), 'm1')).message).toBe(
      'Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .data.a',
    );
  });

  it('leaves alone what updaters have set', () => {
    const live = apply(undefined, configMap({ a: '1' }), 'm1');
    const next = { ...live, data: { a: '1', z: '1' } };
    const updated = {
      ...next,
      metadata: { ...next.metadata, managedFields: updateManagedFields(configMapType, live, next, change('upd')) },
    } as KubeObject;
    const result = apply(updated, configMap(), 'm1');
    expect([result.data, owners(result)]).toEqual([{ z: '1' }, { 'upd Update': { 'f:data': { 'f:z': {} } } }]);
  });

  it('lets kubectl take over what it applied from the client’s side', () => {
    const annotation = 'kubectl.kubernetes.io/last-applied-configuration';
    const config = configMap({ a: '1', b: '1' });
    const created = configMap({ a: '1', b: 'changed' }, { annotations: { [annotation]: JSON.stringify(config) } });
    const live = {
      ...created,
      metadata: {
        ...created.metadata,
        managedFields: updateManagedFields(configMapType, undefined, created, change('kubectl-client-side-apply')),
      },
    } as KubeObject;
    const conflict = errorOf(() => apply(live, configMap({ a: '2', b: '2' }), 'kubectl'));
    expect(conflict).toMatchObject({ causes: [{ field: '.data.b' }] });
    const taken = apply(live, configMap({ a: '2' }), 'kubectl');
    expect(taken.data).toEqual({ a: '2', b: 'changed' });
    expect(JSON.parse(taken.metadata?.annotations?.[annotation] ?? '')).toEqual(configMap({ a: '2' }));
    const again = apply(live, configMap({ a: '1' }, { annotations: { [annotation]: '{}' } }), 'kubectl', { force: true });
    expect(JSON.parse(again.metadata?.annotations?.[annotation] ?? '')).toEqual(configMap({ a: '1' }, { annotations: {} }));
    const idle = apply(taken, configMap({ a: '2' }, { namespace: 'n' }), 'kubectl');
    expect(JSON.parse(idle.metadata?.annotations?.[annotation] ?? '')).toEqual(configMap({ a: '2' }, { namespace: 'n' }));
    const large = apply(live, configMap({ a: 'x'.repeat(262_144) }), 'kubectl');
    expect(large.metadata?.annotations).toEqual({});
    const sorted = apply(live, { data: { b: 'changed', a: '<2>', 10: '', 9: '' }, ...configMap() }, 'kubectl');
    expect(sorted.metadata?.annotations?.[annotation]).toBe(
      String.raw`{"apiVersion":"v1","data":{"10":"","9":"","a":"\u003c2\u003e","b":"changed"},"kind":"ConfigMap","metadata":{"name":"cm"}}` +
        '\n',
    );
  });

  it('turns nulls into what Go makes of them', () => {
    expect(apply(undefined, configMap({ a: null }), 'm1').data).toEqual({ a: '' });
    expect(apply(undefined, { ...configMap(), data: null, immutable: null }, 'm1')).not.toHaveProperty('data');
  });

  it.each<[Partial<Thing>, number, string]>([
    [{ kind: 'Secret' }, 400, 'invalid object type: /v1, Kind=Secret'],
    [{ metadata: { name: 'cm', managedFields: [] } }, 400, 'metadata.managedFields must be nil'],
    [{ foo: 1 }, 500, 'failed to create typed patch object (/cm; /v1, Kind=ConfigMap): .foo: field not declared in schema'],
    [
      { data: { a: 1 } },
      500,
      'failed to create typed patch object (/cm; /v1, Kind=ConfigMap): .data.a: expected string, got &value.valueUnstructured{Value:1}',
    ],
    [
      { data: { a: [null, { c: 1, b: 'x' }] } },
      500,
      'failed to create typed patch object (/cm; /v1, Kind=ConfigMap): .data.a: expected string, ' +
        'got &value.valueUnstructured{Value:[]interface {}{interface {}(nil), map[string]interface {}{"b":"x", "c":1}}}',
    ],
    [
      { data: [{ b: null, a: [1] }] },
      500,
      'failed to create typed patch object (/cm; /v1, Kind=ConfigMap): .data: expected map, got &{[map[a:[1] b:<nil>]]}',
    ],
    [{ data: 'x' }, 500, 'failed to create typed patch object (/cm; /v1, Kind=ConfigMap): .data: expected map, got &{x}'],
    [
      { metadata: { name: 'cm', finalizers: ['b', 'b'] } },
      500,
      'failed to create typed patch object (/cm; /v1, Kind=ConfigMap): .metadata.finalizers: duplicate entries for key [="b"]',
    ],
  ])('refuses %j', (part, code, message) => {
    expect(errorOf(() => apply(undefined, { ...configMap(), ...part }, 'm1'))).toMatchObject({ code, message });
  });
});

describe('lists', () => {
  const names = (object: Thing) =>
    (object.template as { spec: { containers: { name: string }[] } }).spec.containers.map((container) => container.name);

  it('merge items by their keys, and keep what others put in', () => {
    const first = applyTemplate(undefined, { containers: [{ name: 'c1', image: 'img:1' }] }, 'm1');
    const second = applyTemplate(
      first,
      {
        containers: [
          { name: 'c2', image: 'img:2' },
          { name: 'c1', args: ['x'] },
        ],
      },
      'm2',
    );
    expect(names(second)).toEqual(['c2', 'c1']);
    expect(owners(second)['m2 Apply']).toEqual({
      'f:template': {
        'f:spec': {
          'f:containers': {
            'k:{"name":"c1"}': { '.': {}, 'f:args': {}, 'f:name': {} },
            'k:{"name":"c2"}': { '.': {}, 'f:image': {}, 'f:name': {} },
          },
        },
      },
    });
    const third = applyTemplate(second, { containers: [{ name: 'c3', image: 'img:3' }] }, 'm1');
    expect(third.template).toEqual({
      spec: {
        containers: [
          { name: 'c2', image: 'img:2' },
          { name: 'c1', args: ['x'] },
          { name: 'c3', image: 'img:3' },
        ],
      },
    });
  });

  it('are owned as a whole where they are atomic', () => {
    const live = applyTemplate(undefined, { containers: [{ name: 'a', args: ['1'] }], tolerations: [{ key: 'a' }] }, 'm1');
    const args = errorOf(() => applyTemplate(live, { containers: [{ name: 'a', args: ['2'] }] }, 'm2'));
    expect(args.message).toBe('Apply failed with 1 conflict: conflict with "m1": .template.spec.containers[name="a"].args');
    expect(errorOf(() => applyTemplate(live, { tolerations: [{ key: 'b' }] }, 'm2')).message).toContain(': .template.spec.tolerations');
  });

  it('know the default of a key that is left out', () => {
    const port = (object: Thing) => JSON.stringify(owners(object));
    expect(port(applyTemplate(undefined, { containers: [{ name: 'a', ports: [{ containerPort: 80 }] }] }, 'm1'))).toContain(
      JSON.stringify('k:{"containerPort":80,"protocol":"TCP"}').slice(1, -1),
    );
  });

  it('are written in the order of structured-merge-diff: items by their keys, numbers by their size', () => {
    const ports = [443, 80, 8080].map((containerPort) => ({ containerPort, protocol: 'TCP' }));
    const written = owners(applyTemplate(undefined, { containers: [{ name: 'a', ports, image: 'i' }] }, 'm1'));
    const keys: string[] = [];
    JSON.stringify(written, (key, value: unknown) => {
      if (key.startsWith('k:')) keys.push(key);
      return value;
    });
    expect(keys).toEqual([
      'k:{"name":"a"}',
      'k:{"containerPort":80,"protocol":"TCP"}',
      'k:{"containerPort":443,"protocol":"TCP"}',
      'k:{"containerPort":8080,"protocol":"TCP"}',
    ]);
    const elements = ['i:2', 'v:10', 'v:9', 'v:"a"', 'f:b', 'k:{"a":2}', '.', 'i:10', 'f:a', 'k:{"a":10}', 'k:{"a":1,"b":"x"}'];
    expect([...elements].sort(compareElements)).toEqual([
      '.',
      'f:a',
      'f:b',
      'k:{"a":1,"b":"x"}',
      'k:{"a":2}',
      'k:{"a":10}',
      'v:9',
      'v:10',
      'v:"a"',
      'i:2',
      'i:10',
    ]);
  });

  const accountType = types.root('io.k8s.api.core.v1.ServiceAccount');
  const account = (secrets: Json): Thing => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'sa' }, secrets });
  const applyAccount = (live: KubeObject | undefined, secrets: Json) =>
    applyServerSide(accountType, live, account(secrets), application('m1', { kind: 'ServiceAccount' }));

  it('need the keys of their items', () => {
    expect(errorOf(() => applyAccount(undefined, [{ namespace: 'n' }])).message).toContain(
      '.secrets: element 0: associative list with keys has an element that omits all key fields ["name"]',
    );
  });

  it('take the zero value for a key that Go always writes', () => {
    const object = applyTemplate(undefined, { containers: [{ image: 'i' }] }, 'm1');
    expect(owners(object)).toEqual({
      'm1 Apply': { 'f:template': { 'f:spec': { 'f:containers': { 'k:{"name":""}': { '.': {}, 'f:image': {} } } } } },
    });
  });

  it('need them of stored items, too, which may be older than their schema', () => {
    const live = {
      ...account([{ name: 'c', namespace: 'n' }, { name: 'c' }, { namespace: 'n' }]),
      metadata: { name: 'sa', namespace: 'n' },
    };
    const why = 'element 2: associative list with keys has an element that omits all key fields ["name"]';
    const error = errorOf(() => applyAccount(live, [{ name: 'c', namespace: 'm' }]));
    expect(error).toMatchObject({ code: 500 });
    const about = 'n/sa; /v1, Kind=ServiceAccount';
    expect(error.message).toBe(
      `failed to create typed live object (${about}): .secrets: ${why} (and doesn't have default values for any key fields)`,
    );
  });

  const finalizers = types.definition('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta');
  it.each([
    ['abc', 'ab', 'abc'],
    ['ab', 'ba', 'ba'],
    ['abc', 'def', 'abcdef'],
    ['abc', 'cdef', 'abcdef'],
    ['abcgf', 'cdef', 'abcgdef'],
    ['cdef', 'ace', 'acdef'],
    ['abcxyz', 'defxyz', 'abcdefxyz'],
    ['abcd', 'defa', 'bcdefa'],
    ['abb', 'b', 'ab'],
  ])('%s with %s has the order %s', (live, config, merged) => {
    expect(mergeValues({ finalizers: [...live] }, { finalizers: [...config] }, finalizers)).toEqual({ finalizers: [...merged] });
  });
});

describe('updating', () => {
  const deployment = (spec: Json, more: object = {}): KubeObject =>
    ({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' }, spec, ...more }) as KubeObject;
  const template = {
    metadata: { labels: { a: 'b' } },
    spec: { containers: [{ name: 'c', image: 'i', resources: {} }], securityContext: {} },
  };
  const base = {
    replicas: 1,
    selector: { matchLabels: { a: 'b' } },
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } },
    template,
  };
  const apps = (manager: string, more: Partial<ManagedChange> = {}) => change(manager, { apiVersion: 'apps/v1', ...more });
  const withEntries = (object: KubeObject, managedFields: ManagedFieldsEntry[] | undefined) =>
    ({ ...object, metadata: { ...object.metadata, ...(managedFields && { managedFields }) } }) as KubeObject;

  it('owns what is created, as upstream writes it', () => {
    const [entry] = updateManagedFields(deploymentType, undefined, deployment(base), apps('kubectl-create')) ?? [];
    expect(entry).toMatchObject({ manager: 'kubectl-create', operation: 'Update', apiVersion: 'apps/v1', fieldsType: 'FieldsV1' });
    expect(JSON.stringify(entry?.fieldsV1)).toBe(
      '{"f:spec":{"f:replicas":{},"f:selector":{},"f:strategy":{"f:rollingUpdate":{".":{},"f:maxSurge":{}},"f:type":{}},"f:template":{"f:metadata":{"f:labels":{".":{},"f:a":{}}},' +
        '"f:spec":{"f:containers":{"k:{\\"name\\":\\"c\\"}":{".":{},"f:image":{},"f:name":{},"f:resources":{}}},"f:securityContext":{}}}}}',
    );
  });

  it('moves what is changed to who changes it, and drops what is removed', () => {
    const live = withEntries(deployment(base), updateManagedFields(deploymentType, undefined, deployment(base), apps('a')));
    const next = deployment({ ...base, replicas: 2, strategy: { type: 'Recreate' } });
    const entries = updateManagedFields(deploymentType, freeze(live), freeze(next), apps('b')) ?? [];
    expect(owners(withEntries(next, entries))['b Update']).toEqual({ 'f:spec': { 'f:replicas': {}, 'f:strategy': { 'f:type': {} } } });
    expect(JSON.stringify(owners(withEntries(next, entries))['a Update'])).not.toMatch(/replicas|strategy/);
    expect(entries.map((entry) => entry.manager)).toEqual(['a', 'b']);
  });

  it('gives back the very same entries when nothing changes', () => {
    const entries = updateManagedFields(deploymentType, undefined, deployment(base), apps('a'));
    const live = withEntries(deployment(base), entries);
    expect(updateManagedFields(deploymentType, live, structuredClone(live), apps('b'))).toEqual(entries);
    expect(updateManagedFields(deploymentType, live, { ...live }, apps('b'))).toBe(live.metadata?.managedFields);
  });

  it('tells the writer of a status from the writer of the object', () => {
    const live = withEntries(deployment(base), updateManagedFields(deploymentType, undefined, deployment(base), apps('m')));
    const next = deployment(base, { status: { replicas: 1, conditions: [{ type: 'Available', status: 'True' }] } });
    const entries = updateManagedFields(deploymentType, live, next, apps('m', { subresource: 'status' })) ?? [];
    expect(entries).toHaveLength(2);
    expect(entries.find((entry) => entry.subresource === 'status')?.fieldsV1).toEqual({
      'f:status': {
        'f:conditions': {
          '.': {},
          'k:{"type":"Available"}': { '.': {}, 'f:lastTransitionTime': {}, 'f:lastUpdateTime': {}, 'f:status': {}, 'f:type': {} },
        },
        'f:replicas': {},
      },
    });
  });

  it('owns what Go writes of a struct although nobody has said it', () => {
    const endpoints = (list: Json): KubeObject =>
      ({ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { name: 'e' }, endpoints: list }) as KubeObject;
    const sliceType = types.root('io.k8s.api.discovery.v1.EndpointSlice');
    const slice = { ...endpoints([{ conditions: {} }]), addressType: 'IPv4' } as KubeObject;
    const made = updateManagedFields(sliceType, undefined, slice, change('a')) ?? [];
    expect(made[0]?.fieldsV1).toEqual({ 'f:addressType': {}, 'f:endpoints': {} });
    const volume = podTemplate({ containers: [], volumes: [{ name: 'v', projected: {} }] });
    const [template] = updateManagedFields(podTemplateType, undefined, volume, change('a')) ?? [];
    expect(template?.fieldsV1).toMatchObject({
      'f:template': { 'f:spec': { 'f:volumes': { 'k:{"name":"v"}': { 'f:projected': { '.': {}, 'f:sources': {} } } } } },
    });
  });

  it('sees no change where Go writes null what the other side leaves out, in lists that are owned as a whole, too', () => {
    const jobType = types.root('io.k8s.api.batch.v1.Job');
    const job = (conditions: Json): KubeObject =>
      ({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'j' }, status: { conditions } }) as KubeObject;
    const written = { type: 'X', status: 'True', lastProbeTime: null, lastTransitionTime: null };
    const made = updateManagedFields(jobType, undefined, job([written]), change('a'));
    const live = withEntries(job([written]), made);
    expect(updateManagedFields(jobType, live, job([{ type: 'X', status: 'True' }]), change('b'))).toEqual(made);
    const next = updateManagedFields(jobType, live, job([{ type: 'X', status: 'False' }]), change('b')) ?? [];
    expect(next.map(({ manager }) => manager)).toEqual(['b']);
  });

  it('takes and drops nothing that its way of writing leaves alone', () => {
    const fields = (subresource: string) => apps('a', { subresource, resetFields: resetFieldsOf(true, subresource) });
    const made = updateManagedFields(deploymentType, undefined, deployment(base), fields(''));
    const status = { replicas: 1, conditions: [{ type: 'Available', status: 'True' }] };
    const next = deployment({ ...base, replicas: 3, paused: true }, { status });
    const live = withEntries(next, updateManagedFields(deploymentType, withEntries(deployment(base), made), next, fields('status')));
    expect(live.metadata?.managedFields?.[0]?.fieldsV1).toEqual(made?.[0]?.fieldsV1);
    const entries = updateManagedFields(deploymentType, live, deployment({ ...base, paused: true }), fields('')) ?? [];
    expect(entries.find(({ subresource }) => subresource === 'status')?.fieldsV1).toEqual(live.metadata?.managedFields?.[1]?.fieldsV1);
  });

  it('owns nothing that its way of writing leaves alone', () => {
    const config = { ...deployment({ paused: true }), status: { replicas: 1 } } as Thing;
    const asDeployment = (subresource: string) =>
      application('m', { apiVersion: 'apps/v1', kind: 'Deployment', subresource, resetFields: resetFieldsOf(true, subresource) });
    expect(owners(applyServerSide(deploymentType, undefined, config, asDeployment('')).object)).toEqual({
      'm Apply': { 'f:spec': { 'f:paused': {} } },
    });
    expect(owners(applyServerSide(deploymentType, undefined, config, asDeployment('status')).object)).toEqual({
      'm Apply': { 'f:status': { 'f:replicas': {} } },
    });
  });

  it('starts from the entries a request sends, unless they are nonsense or empty', () => {
    const live = withEntries(deployment(base), updateManagedFields(deploymentType, undefined, deployment(base), apps('a')));
    const sent = (managedFields: object[]) =>
      updateManagedFields(
        deploymentType,
        live,
        withEntries(deployment({ ...base, replicas: 2 }), managedFields as ManagedFieldsEntry[]),
        apps('b'),
      );
    const own = {
      manager: 'x',
      operation: 'Apply',
      apiVersion: 'apps/v1',
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:spec': { 'f:paused': {} } },
    };
    expect(sent([own])?.map((entry) => entry.manager)).toEqual(['x', 'b']);
    const other = { ...own, operation: 'Update', time: '2030-01-01T00:00:00Z' };
    const twice = withEntries(deployment(base), [{ ...other, fieldsV1: { 'f:spec': {} } }, other] as ManagedFieldsEntry[]);
    const once = updateManagedFields(deploymentType, twice, deployment(base), apps('b', { subresource: 'status' }));
    expect(once).toEqual([other]);
    expect(sent([{ ...own, operation: 'Nonsense' }])?.map((entry) => entry.manager)).toEqual(['a', 'b']);
    expect(sent([])).toBeUndefined();
    expect(sent([{}])).toBeUndefined();
  });

  it('puts the oldest of many updaters together', () => {
    let live = configMap({});
    for (let index = 0; index < 15; index++) {
      const next = { ...live, data: { ...(live.data as object), [`k${index}`]: 'x' } };
      const entries = updateManagedFields(
        configMapType,
        index === 0 ? undefined : live,
        next,
        change(`m${String(index).padStart(2, '0')}`),
      );
      live = withEntries(next, entries) as Thing;
    }
    const managers = live.metadata?.managedFields?.map((entry) => entry.manager);
    expect(managers).toHaveLength(10);
    expect(managers).toContain('ancient-changes');
    expect(Object.keys((owners(live)['ancient-changes Update'] as { 'f:data': object })['f:data'])).toEqual([
      '.',
      'f:k0',
      'f:k1',
      'f:k2',
      'f:k3',
      'f:k4',
      'f:k5',
    ]);
  });

  it('hands replicas over with the scale', () => {
    const entries = updateManagedFields(deploymentType, undefined, deployment({ replicas: 1, paused: true }), apps('a')) ?? [];
    const scale = scaleEntriesOf(entries, ['spec', 'replicas']);
    expect(scale).toMatchObject([{ manager: 'a', apiVersion: 'autoscaling/v1', fieldsV1: { 'f:spec': { 'f:replicas': {} } } }]);
    const scaler = { ...scale[0], manager: 'hpa', subresource: 'scale' };
    const after = entriesAfterScale(entries, [scaler], 'apps/v1', ['spec', 'replicas']) ?? [];
    expect(after.map(({ manager, fieldsV1 }) => [manager, fieldsV1])).toEqual([
      // Upstream gives the new entry no time, which puts it first.
      ['hpa', { 'f:spec': { 'f:replicas': {} } }],
      ['a', { 'f:spec': { 'f:paused': {} } }],
    ]);
  });
});

describe('custom resources', () => {
  const schema: Schema = {
    type: 'object',
    properties: {
      spec: {
        type: 'object',
        properties: {
          ports: {
            type: 'array',
            'x-kubernetes-list-type': 'map',
            'x-kubernetes-list-map-keys': ['port'],
            items: { type: 'object', properties: { port: { type: 'integer' }, name: { type: 'string' } } },
          },
          free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
          whole: { type: 'object', additionalProperties: { type: 'string' }, 'x-kubernetes-map-type': 'atomic' },
          size: { 'x-kubernetes-int-or-string': true },
        },
      },
    },
  };
  const custom = new FieldTypes((name) => (name === 'com.example.v1.Widget' ? schema : builtIn[name]));
  const type = custom.root('com.example.v1.Widget');
  const widget = (spec: Json): Thing => ({ apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' }, spec });
  const put = (live: KubeObject | undefined, spec: Json, manager: string) =>
    applyServerSide(type, live, widget(spec), application(manager, { apiVersion: 'example.com/v1', kind: 'Widget', keepsNulls: true }))
      .object as Thing;

  it('keep nulls, and lose what has nothing left in it', () => {
    const first = put(undefined, { whole: null, free: { x: { y: 1, z: 2 } }, ports: [{ port: 1, name: null }] }, 'm1');
    expect(first.spec).toEqual({ whole: null, free: { x: { y: 1, z: 2 } }, ports: [{ port: 1, name: null }] });
    const second = put(first, { free: { x: null }, ports: null }, 'm1');
    expect(second.spec).toEqual({ free: { x: null } });
    expect(owners(second)['m1 Apply']).toEqual({ 'f:spec': { 'f:free': { 'f:x': {} }, 'f:ports': {} } });
    expect(put(second, { free: { x: null } }, 'm1').spec).toEqual({ free: { x: null } });
    const labelled = { ...widget({}), metadata: { name: 'w', labels: null } } as unknown as KubeObject;
    const more = application('m1', { apiVersion: 'example.com/v1', kind: 'Widget', keepsNulls: true });
    expect(applyServerSide(type, undefined, labelled, more).object.metadata).not.toHaveProperty('labels');
  });

  it('are merged by their own schema', () => {
    const first = put(undefined, { ports: [{ port: 1, name: 'a' }], free: { x: { y: 1 } }, whole: { a: '1' }, size: '5%' }, 'm1');
    expect(owners(first)['m1 Apply']).toEqual({
      'f:spec': {
        'f:free': { 'f:x': { '.': {}, 'f:y': {} } },
        'f:ports': { 'k:{"port":1}': { '.': {}, 'f:name': {}, 'f:port': {} } },
        'f:size': {},
        'f:whole': {},
      },
    });
    const second = put(first, { ports: [{ port: 2 }], free: { x: { z: 2 } } }, 'm2');
    expect(second.spec).toMatchObject({ ports: [{ port: 1 }, { port: 2 }], free: { x: { y: 1, z: 2 } } });
    expect(errorOf(() => put(first, { whole: { b: '1' } }, 'm2')).message).toContain(': .spec.whole');
    expect(errorOf(() => put(first, { none: 1 }, 'm2')).message).toContain('.spec.none: field not declared in schema');
  });
});
