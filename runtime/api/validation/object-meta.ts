import type { ManagedFieldsEntry, ObjectMeta, OwnerReference } from '../generated/types/meta/v1.ts';
import { byteLength, labelValueProblems, qualifiedNameProblems } from '../names/index.ts';
import { checkImmutable, checkImmutableText, checkNonNegative, type Errors, reportInvalid } from './checks.ts';
import { forbidden, invalid, quote, required, tooLong } from './field-error.ts';
import { type NameRule, nameIsDnsLabel } from './name-rules.ts';
import { Path } from './path.ts';

export const metadataPath = Path.of('metadata');

/** How many bytes the names and values of an object's annotations may have together. */
export const annotationsLimit = 256 * 1024;
const none: ObjectMeta = {};

/** What the rules on metadata depend on. */
export interface MetaRule {
  readonly namespaced: boolean;
  readonly name: NameRule;
}

/** Metadata of a new object, as `ValidateObjectMeta` of `k8s.io/apimachinery/pkg/api/validation` judges it. */
export function validateObjectMeta(meta: ObjectMeta | undefined, rule: MetaRule, errors: Errors, path: Path = metadataPath): void {
  const { name = '', generateName = '', namespace = '', generation } = meta ?? none;
  if (generateName !== '') reportInvalid(rule.name(generateName, true), generateName, path.child('generateName'), errors);
  if (name === '') errors.push(required(path.child('name'), 'name or generateName is required'));
  else reportInvalid(rule.name(name, false), name, path.child('name'), errors);
  if (rule.namespaced) {
    if (namespace === '') errors.push(required(path.child('namespace')));
    else reportInvalid(nameIsDnsLabel(namespace, false), namespace, path.child('namespace'), errors);
  } else if (namespace !== '') errors.push(forbidden(path.child('namespace'), 'not allowed on this type'));
  checkNonNegative(generation, path.child('generation'), errors);
  validateCommon(meta ?? none, path, errors);
}

/** Metadata of an object that is being changed, as `ValidateObjectMetaUpdate` judges it. */
export function validateObjectMetaUpdate(
  meta: ObjectMeta | undefined,
  old: ObjectMeta | undefined,
  errors: Errors,
  path: Path = metadataPath,
): void {
  const now = meta ?? none;
  const before = old ?? none;
  if (before.deletionTimestamp !== undefined) {
    const added = (now.finalizers ?? []).filter((finalizer) => before.finalizers?.includes(finalizer) !== true).sort();
    if (added.length > 0) {
      const list = `[]string{${[...new Set(added)].map(quote).join(', ')}}`;
      errors.push(
        forbidden(path.child('finalizers'), `no new finalizers can be added if the object is being deleted, found new finalizers ${list}`),
      );
    }
  }
  if ((now.resourceVersion ?? '') === '') errors.push(invalid(path.child('resourceVersion'), '', 'must be specified for an update'));
  if ((now.generation ?? 0) < (before.generation ?? 0)) {
    errors.push(invalid(path.child('generation'), now.generation ?? 0, 'must not be decremented'));
  }
  checkImmutableText(now.name, before.name, path.child('name'), errors);
  checkImmutableText(now.namespace, before.namespace, path.child('namespace'), errors);
  checkImmutableText(now.uid, before.uid, path.child('uid'), errors);
  checkImmutable(now.creationTimestamp, before.creationTimestamp, path.child('creationTimestamp'), errors);
  checkImmutable(now.deletionTimestamp, before.deletionTimestamp, path.child('deletionTimestamp'), errors);
  checkImmutable(now.deletionGracePeriodSeconds, before.deletionGracePeriodSeconds, path.child('deletionGracePeriodSeconds'), errors);
  validateCommon(now, path, errors, false);
}

function validateCommon(meta: ObjectMeta, path: Path, errors: Errors, withFinalizers = true): void {
  if (meta.labels !== undefined) validateLabels(meta.labels, path.child('labels'), errors);
  if (meta.annotations !== undefined) validateAnnotations(meta.annotations, path.child('annotations'), errors);
  if (meta.ownerReferences !== undefined) validateOwnerReferences(meta.ownerReferences, path.child('ownerReferences'), errors);
  if (meta.finalizers !== undefined && withFinalizers) validateFinalizers(meta.finalizers, path.child('finalizers'), errors);
  if (meta.managedFields !== undefined) validateManagedFields(meta.managedFields, path.child('managedFields'), errors);
}

/** Keys and values of labels, or of any other map that has to be able to select them. */
export function validateLabels(labels: Readonly<Record<string, string>> | undefined, path: Path, errors: Errors): void {
  for (const key in labels) {
    reportInvalid(qualifiedNameProblems(key), key, path, errors);
    const value = labels[key] ?? '';
    reportInvalid(labelValueProblems(value), value, path, errors);
  }
}

/** Keys of annotations, whose letters may have any case, and their size in total. */
export function validateAnnotations(annotations: Readonly<Record<string, string>> | undefined, path: Path, errors: Errors): void {
  let size = 0;
  for (const key in annotations) {
    reportInvalid(qualifiedNameProblems(key.toLowerCase()), key, path, errors);
    size += byteLength(key) + byteLength(annotations[key] ?? '');
  }
  if (size > annotationsLimit) errors.push(tooLong(path, annotationsLimit));
}

/** Metadata of what objects are made of: labels and annotations, and nothing that only an object of its own has. */
export function validateTemplateMeta(meta: ObjectMeta | undefined, path: Path, errors: Errors): void {
  validateAnnotations(meta?.annotations, path.child('annotations'), errors);
  validateLabels(meta?.labels, path.child('labels'), errors);
  for (const field of Object.keys(meta ?? {})) {
    if (field !== 'annotations' && field !== 'labels') errors.push(forbidden(path.child(field), 'cannot be set'));
  }
}

/** Whether there is a version in `group/version`, of which there are two parts at most. */
function namesVersion(apiVersion: string): boolean {
  const parts = apiVersion.split('/');
  return parts.length <= 2 && parts.at(-1) !== '';
}

function validateOwnerReferences(references: readonly OwnerReference[], path: Path, errors: Errors): void {
  let controller: string | undefined;
  for (const reference of references) {
    const { apiVersion = '', kind = '', name = '', uid = '' } = reference;
    if (!namesVersion(apiVersion)) errors.push(invalid(path.child('apiVersion'), apiVersion, 'version must not be empty'));
    if (kind === '') errors.push(invalid(path.child('kind'), kind, 'must not be empty'));
    if (name === '') errors.push(invalid(path.child('name'), name, 'must not be empty'));
    if (uid === '') errors.push(invalid(path.child('uid'), uid, 'must not be empty'));
    if (apiVersion === 'v1' && kind === 'Event') errors.push(invalid(path, reference, '/v1, Kind=Event is disallowed from being an owner'));
    if (reference.controller !== true) continue;
    const present = `${kind}/${name}`;
    if (controller === undefined) controller = present;
    else {
      errors.push(
        invalid(
          path,
          references,
          `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${present}`,
        ),
      );
    }
  }
}

const standardFinalizers = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

function validateFinalizers(finalizers: readonly string[], path: Path, errors: Errors): void {
  for (const finalizer of finalizers) reportInvalid(qualifiedNameProblems(finalizer), finalizer, path, errors);
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    errors.push(invalid(path, finalizers, 'finalizer orphan and foregroundDeletion cannot be both set'));
  }
}

/** One finalizer of a namespace's specification. */
export function validateFinalizerName(name: string, path: Path, errors: Errors): void {
  reportInvalid(qualifiedNameProblems(name), name, path, errors);
  checkStandardFinalizer(name, path, errors);
}

/** Kinds of the core API also refuse finalizers without a domain, except the three that Kubernetes itself knows. */
export function validateCoreFinalizers(meta: ObjectMeta | undefined, errors: Errors, path: Path = metadataPath): void {
  for (const [index, finalizer] of (meta?.finalizers ?? []).entries()) {
    checkStandardFinalizer(finalizer, path.child('finalizers').index(index), errors);
  }
}

function checkStandardFinalizer(name: string, path: Path, errors: Errors): void {
  if (!name.includes('/') && !standardFinalizers.has(name)) {
    errors.push(invalid(path, name, 'name is neither a standard finalizer name nor is it fully qualified'));
  }
}

const isPlain = /^[ -~]*$/;

function validateManagedFields(entries: readonly ManagedFieldsEntry[], path: Path, errors: Errors): void {
  for (const [index, entry] of entries.entries()) {
    const { operation = '', fieldsType = '', manager = '', subresource = '' } = entry;
    if (operation !== 'Apply' && operation !== 'Update') {
      errors.push(invalid(path.index(index).child('operation'), operation, 'must be `Apply` or `Update`'));
    }
    if (fieldsType !== '' && fieldsType !== 'FieldsV1') {
      errors.push(invalid(path.index(index).child('fieldsType'), fieldsType, 'must be `FieldsV1`'));
    }
    validateFieldManager(manager, path.index(index).child('manager'), errors);
    if (byteLength(subresource) > 256) errors.push(tooLong(path.index(index).child('subresource'), 256));
  }
}

/** The name under which a client manages fields. */
export function validateFieldManager(manager: string, path: Path, errors: Errors): void {
  if (byteLength(manager) > 128) errors.push(tooLong(path, 128));
  if (isPlain.test(manager)) return;
  for (const { 0: character, index } of manager.matchAll(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu)) {
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    errors.push(invalid(path, manager, `invalid character U+${code} (at position ${byteLength(manager.slice(0, index))})`));
  }
}
