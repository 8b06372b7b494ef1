import { kinds } from '../generated/kinds.ts';
import { apiVersionOf } from '../kinds/kind.ts';
import type { KubeObject } from '../object.ts';
import type { Errors } from './checks.ts';
import type { FieldError } from './field-error.ts';
import { nameIsDnsSubdomain, nameIsPathSegment } from './name-rules.ts';
import { validateCoreFinalizers, validateObjectMeta, validateObjectMetaUpdate } from './object-meta.ts';
import type { KindRules } from './rules.ts';
import { validateAgainstSchema } from './schema.ts';
import { rulesByKind } from './table.ts';

export { rollbackTo } from './apps.ts';
export { validateCertificateSigningRequestApproval } from './certificates.ts';
export { semanticEqual } from './equality.ts';
export * from './field-error.ts';
export { validateNamespaceFinalize } from './nodes.ts';
export { validateFieldManager } from './object-meta.ts';
export { Path } from './path.ts';
export { validatePodResize } from './pod/resize.ts';
export { validateEphemeralContainersUpdate, validatePodBinding } from './pod/subresources.ts';
export { validateClusterIPs } from './service.ts';

/** A kind by its group, version and name; whatever else a caller's object holds is not looked at. */
export interface KindName {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

interface Known {
  readonly namespaced: boolean;
  readonly definition: string;
  readonly rules: KindRules<KubeObject> | undefined;
}

let known: ReadonlyMap<string, Known> | undefined;

function lookUp(kind: KindName): Known | undefined {
  known ??= new Map(
    kinds.map((each): [string, Known] => {
      const key = `${apiVersionOf(each)}/${each.kind}`;
      // The key says which kind the rules take.
      const rules = rulesByKind[key] as KindRules<KubeObject> | undefined;
      return [key, { namespaced: each.namespaced, definition: each.definition, rules }];
    }),
  );
  return known.get(`${apiVersionOf(kind)}/${kind.kind}`);
}

/**
 * Everything that is wrong with a new object, in upstream's order and words; nothing if it may be stored. The object must have passed
 * `checkStructure` and `applyDefaults`, and have what the server fills in: name, namespace, uid, allocated addresses.
 * Of kinds that are not built in nothing but metadata is judged.
 */
export function validateCreate(kind: KindName, object: KubeObject): FieldError[] {
  const errors: Errors = [];
  const entry = lookUp(kind);
  const rules = entry?.rules;
  const namespaced = entry?.namespaced ?? object.metadata?.namespace !== undefined;
  if (rules?.name !== undefined) {
    validateObjectMeta(object.metadata, { namespaced, name: rules.name }, errors);
    if (rules.coreMeta === true) validateCoreFinalizers(object.metadata, errors);
  }
  if (rules?.create !== undefined) rules.create(object, errors);
  else if (entry !== undefined && rules === undefined) validateUnknown(entry, object, errors);
  // Kinds that leave metadata alone are still held to what the registry asks of all, once the rest is sound.
  if (rules?.name === undefined && errors.length === 0) {
    validateObjectMeta(object.metadata, { namespaced, name: rules === undefined ? nameIsDnsSubdomain : nameIsPathSegment }, errors);
  }
  return errors;
}

/** Everything that is wrong with a change of an object. Both must be of the same version, and defaulted. */
export function validateUpdate(kind: KindName, object: KubeObject, old: KubeObject): FieldError[] {
  const errors: Errors = [];
  const entry = lookUp(kind);
  const rules = entry?.rules;
  validateObjectMetaUpdate(object.metadata, old.metadata, errors);
  if (rules?.coreMeta === true) validateCoreFinalizers(object.metadata, errors);
  if (rules?.update !== undefined) rules.update(object, old, errors);
  else if (rules?.create !== undefined) rules.create(object, errors);
  else if (entry !== undefined && rules === undefined) validateUnknown(entry, object, errors);
  return errors;
}

/** Everything that is wrong with a change through the `status` subresource. The specification must be the old one already. */
export function validateStatusUpdate(kind: KindName, object: KubeObject, old: KubeObject): FieldError[] {
  const errors: Errors = [];
  const rules = lookUp(kind)?.rules;
  validateObjectMetaUpdate(object.metadata, old.metadata, errors);
  if (rules?.coreMeta === true) validateCoreFinalizers(object.metadata, errors);
  rules?.status?.(object, old, errors);
  return errors;
}

function validateUnknown(entry: Known, object: KubeObject, errors: Errors): void {
  validateAgainstSchema(entry.definition, object, errors);
}
