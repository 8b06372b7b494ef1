import { apiVersionOf, groupOf } from '../../api/kinds/kind.ts';
import type { Schema } from '../../api/kinds/schema.ts';
import schemeVersions from './scheme-versions.json' with { type: 'json' };

interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1.';
const apiExtensions = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.';

/** Kinds of machinery that are of the core group alone. */
const coreKinds = new Set(['APIGroup', 'APIGroupList', 'APIResourceList', 'APIVersions', 'Status'].map((kind) => meta + kind));
/** Kinds of machinery that are of every group. */
const commonKinds = new Set(['DeleteOptions', 'WatchEvent'].map((kind) => meta + kind));
/** What Go reads by hand in one of several forms, so that no type is told of it. */
const untyped = new Set(
  ['JSON', 'JSONSchemaPropsOrArray', 'JSONSchemaPropsOrBool', 'JSONSchemaPropsOrStringArray'].map((name) => apiExtensions + name),
);
/** Groups that are not known where documents of custom kinds are made. */
const foreignToCustom = new Set(['admission.k8s.io', 'apiextensions.k8s.io', 'apiregistration.k8s.io', 'imagepolicy.k8s.io']);

/** Every group version that Kubernetes has a Go package for, of which it serves some. */
const everyVersion: readonly GroupVersion[] = schemeVersions.map((apiVersion) => {
  const group = groupOf(apiVersion);
  return { group, version: group === '' ? apiVersion : apiVersion.slice(group.length + 1) };
});

/** Of which group versions kinds of every group are told in a document: of all, of the document's own and the core, or of those that custom kinds know. */
export type TellsOf = 'all' | 'custom' | GroupVersion;

/**
 * A built-in definition as upstream publishes it: with the groups that it is of, and without what only this server tells itself of
 * definitions. Upstream: `GetDefinitionName` of apiserver's `DefinitionNamer`, and the definitions that openapi-gen makes.
 */
export function publishedForm(name: string, schema: Schema, tellsOf: TellsOf): Schema {
  const { type, 'x-kubernetes-int-or-string': _intOrString, 'x-kubernetes-preserve-unknown-fields': _open, ...rest } = schema;
  const kinds = versionsOf(name, tellsOf).map(({ group, version }) => ({ group, kind: name.slice(meta.length), version }));
  return {
    ...(type !== undefined && !untyped.has(name) && { type }),
    ...rest,
    ...(kinds.length > 0 && { 'x-kubernetes-group-version-kind': kinds }),
  };
}

function versionsOf(name: string, tellsOf: TellsOf): readonly GroupVersion[] {
  const core = { group: '', version: 'v1' };
  if (coreKinds.has(name)) return [core];
  if (!commonKinds.has(name)) return [];
  if (tellsOf === 'all') return everyVersion;
  if (tellsOf === 'custom') return everyVersion.filter(({ group }) => !foreignToCustom.has(group));
  return apiVersionOf(tellsOf) === 'v1' ? [core] : [core, { group: tellsOf.group, version: tellsOf.version }];
}
