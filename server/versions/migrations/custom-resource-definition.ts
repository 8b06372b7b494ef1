import { isScalar, type YAMLMap, YAMLSeq } from 'yaml';
import { type Migration, mapOf, pairOf, put, take } from './migration.ts';

/** `apiextensions.k8s.io/v1beta1` to `v1`: what was said once for all versions is said in each. */
export function migrateDefinition(migration: Migration): void {
  const spec = migration.mapAt(migration.object, 'spec');
  if (!spec) return;
  migration.rewrite(spec);
  const only = take(spec, 'version', 'name');
  if (only && !pairOf(spec, 'versions')) {
    const version = mapOf([only]);
    if (version) for (const flag of ['served', 'storage']) put(version, flag, true);
    const list = new YAMLSeq();
    list.items.push(version);
    put(spec, 'versions', list);
  }
  const versions = migration.mapsAt(spec, 'versions');
  const preserved = take(spec, 'preserveUnknownFields')?.value;
  // Left out, it was true: fields that no schema names were kept.
  const keepsUnknown = !(isScalar(preserved) && preserved.value === false);
  shareOut(spec, versions, 'validation', 'schema');
  shareOut(spec, versions, 'subresources', 'subresources');
  shareOut(spec, versions, 'additionalPrinterColumns', 'additionalPrinterColumns');
  for (const version of versions) {
    for (const column of migration.mapsAt(version, 'additionalPrinterColumns')) renameKey(column, 'JSONPath', 'jsonPath');
    if (keepsUnknown) keepUnknownFields(migration, version);
  }
  migrateConversion(migration, spec);
}

/** Moves a field of the spec into every version that has none of its own. */
function shareOut(spec: YAMLMap, versions: readonly YAMLMap[], name: string, newName: string): void {
  const pair = take(spec, name, newName);
  if (!pair) return;
  for (const version of versions) if (!pairOf(version, newName)) version.items.push(pair.clone());
}

function keepUnknownFields(migration: Migration, version: YAMLMap): void {
  const name = 'x-kubernetes-preserve-unknown-fields';
  const root = migration.mapAt(version, 'schema', 'openAPIV3Schema');
  if (!root) {
    put(version, 'schema', { openAPIV3Schema: { type: 'object', [name]: true } });
    return;
  }
  if (!pairOf(root, name)) put(root, name, true);
  if (!pairOf(root, 'type')) put(root, 'type', 'object', 0);
}

function migrateConversion(migration: Migration, spec: YAMLMap): void {
  const conversion = migration.mapAt(spec, 'conversion');
  if (!conversion) return;
  const webhook = mapOf([take(conversion, 'webhookClientConfig', 'clientConfig'), take(conversion, 'conversionReviewVersions')]);
  put(conversion, 'webhook', webhook);
}

function renameKey(map: YAMLMap, name: string, newName: string): void {
  const key = pairOf(map, name)?.key;
  if (isScalar(key)) key.value = newName;
}
