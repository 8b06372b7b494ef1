import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Definitions } from '../../runtime/api/kinds/schema.ts';
import { Workspace } from '../../server/documents/workspace.ts';
import { step } from '../../server/schemas/describe.ts';
import { loadDefinitions, loadDescriptions } from '../../server/schemas/generated.ts';
import { Kinds } from '../../server/schemas/kinds.ts';
import { kustomizationSchema } from '../../server/schemas/kustomization.ts';
import { deref, refName, type StructuralSchema } from '../../server/schemas/structural.ts';
import { shortName } from '../../server/schemas/templates.ts';
import { rankedValues, usageRank, usualFields } from '../../server/schemas/usage.ts';

const folder = join(import.meta.dirname, '../corpus/manifests');
/** So often a field has to be written in the corpus to count as usual. */
const often = 3;

/** Counts the optional fields that objects write, by type. */
function count(value: unknown, schema: StructuralSchema, definitions: Definitions, counts: Map<string, number>): void {
  if (Array.isArray(value)) {
    const { items } = deref(schema, definitions);
    for (const item of items ? value : []) count(item, items ?? {}, definitions, counts);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const definition = refName(schema);
  for (const [name, below] of Object.entries(value)) {
    const field = step(schema, name, definitions);
    if (!field) continue;
    if (definition !== undefined && field.owner && !field.required)
      counts.set(`${definition} ${name}`, (counts.get(`${definition} ${name}`) ?? 0) + 1);
    count(below, field.schema, definitions, counts);
  }
}

test('fields that the corpus writes often are ranked as usual', async () => {
  const definitions = await loadDefinitions();
  const kinds = new Kinds(new Workspace());
  const counts = new Map<string, number>();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /\.ya?ml$/.test(file))) {
    for (const document of parseAllDocuments(readFileSync(join(folder, name), 'utf8'), { uniqueKeys: false, logLevel: 'silent' })) {
      if (!('contents' in document) || document.errors.length > 0) continue;
      const object: unknown = document.toJS();
      if (typeof object !== 'object' || object === null || !('kind' in object) || !('apiVersion' in object)) continue;
      const known = kinds.find(String(object.apiVersion), String(object.kind));
      if (known) count(object, known.schema, definitions, counts);
    }
  }
  const usual = [...counts].filter(([, times]) => times >= often).map(([key]) => key.split(' '));
  const heads = ['apiVersion', 'kind', 'metadata', 'spec'];
  const missing = usual.filter(([definition, name = '']) => !heads.includes(name) && usageRank(definition, name) === undefined);
  expect(usual.length).toBeGreaterThan(60);
  expect(missing).toEqual([]);
});

test('the fields that are ranked exist', async () => {
  const definitions = await loadDefinitions();
  const types = new Map<string, StructuralSchema | undefined>(Object.keys(definitions).map((name) => [shortName(name), definitions[name]]));
  types.set('Kustomization', kustomizationSchema);
  const wrong = usualFields().filter(([type, name]) => !Object.hasOwn(types.get(type)?.properties ?? {}, name));
  expect(wrong).toEqual([]);
});

test('the values that are ranked exist', async () => {
  const definitions = await loadDefinitions();
  const fields = Object.values(definitions).flatMap(({ properties = {} }) => Object.values(properties));
  const values = new Set(fields.flatMap(({ enum: own, items }) => [...(own ?? []), ...(items?.enum ?? [])]));
  expect(rankedValues().filter((value) => !values.has(value))).toEqual([]);
});

test('nothing is called deprecated by mistake', async () => {
  const descriptions = await loadDescriptions();
  const { isDeprecated } = await import('../../server/schemas/describe.ts');
  const deprecated = (definition: string, name: string) =>
    isDeprecated({ schema: {}, required: false, owner: { definition, name } }, descriptions);
  const core = 'io.k8s.api.core.v1.';
  expect(deprecated(`${core}PodSpec`, 'serviceAccount')).toBe(true);
  expect(deprecated(`${core}Volume`, 'glusterfs')).toBe(true);
  expect(deprecated(`${core}ServiceSpec`, 'loadBalancerIP')).toBe(true);
  expect(deprecated('io.k8s.api.networking.v1.IngressSpec', 'ingressClassName')).toBe(false);
  expect(deprecated('io.k8s.api.discovery.v1.EndpointSlice', 'addressType')).toBe(false);
  expect(deprecated(`${core}PersistentVolumeSpec`, 'persistentVolumeReclaimPolicy')).toBe(false);
});
