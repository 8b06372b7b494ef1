import type { CustomResourceSubresourceScale } from '../generated/types/apiextensions/v1.ts';
import type { ObjectMeta } from '../generated/types/meta/v1.ts';
import { isInt64 } from '../go-number.ts';
import { qualifiedNameProblems } from '../names/index.ts';
import { formatGo, goTypeOf } from '../patches/json-tree.ts';
import { type FieldError, quote } from '../validation/field-error.ts';
import { nameIsDnsSubdomain } from '../validation/name-rules.ts';
import { validateObjectMeta, validateObjectMetaUpdate } from '../validation/object-meta.ts';
import { root } from '../validation/path.ts';
import { validateEmbeddedResources } from './embedded-resources.ts';
import { isObject, type JsonObject, type JsonSchema } from './json-schema.ts';
import { validateListTypes } from './list-types.ts';
import type { ObjectRules, Tolerated } from './rules.ts';
import { validateAgainstJsonSchema } from './schema-validator.ts';

/** What objects of one version of a custom kind are judged by. */
export interface CustomRules {
  readonly namespaced: boolean;
  readonly schema: JsonSchema;
  readonly scale: CustomResourceSubresourceScale | undefined;
  /** The rules in CEL; undefined when the schema has none. */
  readonly rules: ObjectRules | undefined;
}

/** A custom resource after it was read by `readCustomObject`. */
export type CustomObject = JsonObject & { readonly metadata: ObjectMeta };

const blockedText =
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';
const blocking: ReadonlySet<FieldError['type']> = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);

/** Everything that is wrong with a new object, as upstream's `customResourceStrategy.Validate` finds it. */
export function validateCustomObject(object: CustomObject, by: CustomRules): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMeta(object.metadata, { namespaced: by.namespaced, name: nameIsDnsSubdomain }, errors);
  errors.push(...validateAgainstJsonSchema(object, by.schema, ''));
  validateScale(object, by.scale, true, errors);
  validateEmbeddedResources(object, by.schema, root, errors);
  validateListTypes(object, by.schema, root, errors);
  validateRules(object, undefined, by, errors);
  return errors;
}

/** Everything that is wrong with a change; what was wrong before and stays as it was is let through. */
export function validateCustomObjectUpdate(object: CustomObject, old: CustomObject, by: CustomRules, tolerated?: Tolerated): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMetaUpdate(object.metadata, old.metadata, errors);
  errors.push(...validateAgainstJsonSchema(object, by.schema, '', old));
  validateScale(object, by.scale, true, errors);
  validateEmbeddedResources(object, by.schema, root, errors);
  validateListTypesUpdate(object, old, by, errors);
  validateRules(object, old, by, errors, tolerated);
  return errors;
}

/** Everything that is wrong with a change through the subresource `status`. */
export function validateCustomStatusUpdate(object: CustomObject, old: CustomObject, by: CustomRules, tolerated?: Tolerated): FieldError[] {
  const errors: FieldError[] = [];
  validateObjectMetaUpdate(object.metadata, old.metadata, errors);
  const schema = by.schema.properties?.status;
  if (object.status !== undefined && schema !== undefined)
    errors.push(...validateAgainstJsonSchema(object.status, schema, 'status', old.status));
  validateScale(object, by.scale, false, errors);
  validateListTypesUpdate(object, old, by, errors);
  validateRules(object, old, by, errors, tolerated);
  return errors;
}

function validateListTypesUpdate(object: CustomObject, old: CustomObject, by: CustomRules, errors: FieldError[]): void {
  const before: FieldError[] = [];
  validateListTypes(old, by.schema, root, before);
  if (before.length === 0) validateListTypes(object, by.schema, root, errors);
}

function validateRules(
  object: CustomObject,
  old: CustomObject | undefined,
  { rules }: CustomRules,
  errors: FieldError[],
  tolerated?: Tolerated,
): void {
  if (rules === undefined) return;
  if (errors.some(({ type }) => blocking.has(type)))
    errors.push({ type: 'FieldValueInvalid', field: '<nil>', value: null, detail: blockedText });
  else errors.push(...rules.validate(object, old, tolerated));
}

function validateScale(
  object: CustomObject,
  scale: CustomResourceSubresourceScale | undefined,
  withSpec: boolean,
  errors: FieldError[],
): void {
  if (scale === undefined) return;
  if (withSpec) validateReplicas(object, scale.specReplicasPath, errors);
  validateReplicas(object, scale.statusReplicasPath, errors);
  const { labelSelectorPath } = scale;
  if (labelSelectorPath === undefined) return;
  const found = nested(object, labelSelectorPath);
  const problem =
    found.problem ??
    (found.value === undefined || typeof found.value === 'string' ? undefined : wrongType(labelSelectorPath, found.value, 'string'));
  if (problem !== undefined) errors.push({ type: 'FieldValueInvalid', field: labelSelectorPath, value: '', detail: problem });
}

function validateReplicas(object: CustomObject, path: string, errors: FieldError[]): void {
  const { value, problem } = nested(object, path);
  const fail = (shown: number, detail: string): void => {
    errors.push({ type: 'FieldValueInvalid', field: path, value: shown, detail });
  };
  if (problem !== undefined) fail(0, problem);
  else if (value === undefined) return;
  else if (typeof value !== 'number' || !isInt64(value)) fail(0, wrongType(path, value, 'int64'));
  else if (value < 0) fail(value, 'should be a non-negative integer');
  else if (value > 2147483647) fail(value, 'should be less than or equal to 2147483647');
}

function nested(object: CustomObject, path: string): { readonly value?: unknown; readonly problem?: string } {
  const steps = path.replace(/^\./, '').split('.');
  let value: unknown = object;
  for (const [index, step] of steps.entries()) {
    if (value === undefined || value === null) return {};
    if (!isObject(value)) return { problem: wrongType(`.${steps.slice(0, index + 1).join('.')}`, value, 'map[string]interface{}') };
    value = Object.hasOwn(value, step) ? value[step] : undefined;
  }
  return value === null ? {} : { value };
}

function wrongType(path: string, value: unknown, wanted: string): string {
  return `${path} accessor error: ${formatGo(value)} is of the type ${goTypeOf(value)}, expected ${wanted}`;
}

const standardFinalizers: ReadonlySet<string> = new Set(['orphan', 'foregroundDeletion', 'kubernetes']);

/** What upstream warns of when finalizers are added to a custom resource. */
export function finalizerWarnings(metadata: ObjectMeta, old: ObjectMeta | undefined): readonly string[] {
  const added = (metadata.finalizers ?? []).filter((finalizer) => old?.finalizers?.includes(finalizer) !== true).sort();
  return added.flatMap((finalizer) => {
    const warnings = qualifiedNameProblems(finalizer).map((problem) => `metadata.finalizers: ${quote(finalizer)}: ${problem}`);
    if (finalizer.includes('/') || standardFinalizers.has(finalizer)) return warnings;
    const including = finalizer.includes('.') ? ' including a path (/)' : '';
    return [
      ...warnings,
      `metadata.finalizers: ${quote(finalizer)}: prefer a domain-qualified finalizer name${including} to avoid accidental conflicts with other finalizer writers`,
    ];
  });
}
