import type { PersistentVolumeSpec, TopologySelectorTerm } from '../generated/types/core/v1.ts';
import type { StorageClass, VolumeAttachment, VolumeAttributesClass, VolumeError } from '../generated/types/storage/v1.ts';
import { byteLength, inclusiveRangeMessage } from '../names/index.ts';
import { checkImmutable, checkImmutableText, checkOptionalOneOf, checkQualifiedName, type Errors, reportInvalid } from './checks.ts';
import { semanticEqual } from './equality.ts';
import { duplicate, forbidden, invalid, notSupported, required, tooLong } from './field-error.ts';
import { structInGo } from './internal-structs.ts';
import { type InternalType, mapInGo } from './internal-types.ts';
import { nameIsDnsSubdomain } from './name-rules.ts';
import { Path } from './path.ts';
import { validateInlineVolumeSpec } from './persistent-volume.ts';
import { checkCsiDriverName } from './volume-sources.ts';

const attachmentSpecType: InternalType = [
  ['Attacher', ''],
  [
    'Source',
    null,
    [
      ['PersistentVolumeName', null],
      ['InlineVolumeSpec', null, (spec) => structInGo('PersistentVolumeSpec', spec)],
    ],
  ],
  ['NodeName', ''],
];

/** Classes and attachments of `pkg/apis/storage/validation`. */

const specPath = Path.of('spec');
const maxParameters = 512;
const maxParametersSize = 256 * 1024;
const maxErrorMessage = 1024;

export function validateStorageClass(storageClass: StorageClass, errors: Errors): void {
  const { provisioner = '', parameters, reclaimPolicy, volumeBindingMode, allowedTopologies } = storageClass;
  checkProvisioner(provisioner, Path.of('provisioner'), errors);
  validateParameters(parameters ?? {}, Path.of('parameters'), errors);
  if (reclaimPolicy !== '') checkOptionalOneOf(reclaimPolicy, ['Delete', 'Retain'], Path.of('reclaimPolicy'), errors);
  const modePath = Path.of('volumeBindingMode');
  if (volumeBindingMode === undefined) errors.push(required(modePath));
  else if (!['Immediate', 'WaitForFirstConsumer'].includes(volumeBindingMode)) {
    errors.push(notSupported(modePath, volumeBindingMode, ['Immediate', 'WaitForFirstConsumer']));
  }
  validateTopologies(allowedTopologies ?? [], Path.of('allowedTopologies'), errors);
}

/** Who makes volumes. Errors show the name in small letters, as upstream does. */
function checkProvisioner(name: string, path: Path, errors: Errors): void {
  if (name === '') errors.push(required(path));
  else checkQualifiedName(name.toLowerCase(), path, errors);
}

function validateParameters(parameters: Readonly<Record<string, string>>, path: Path, errors: Errors): void {
  const entries = Object.entries(parameters);
  if (entries.length > maxParameters) {
    errors.push(tooLong(path, maxParameters));
    return;
  }
  for (const [key] of entries) if (key === '') errors.push(invalid(path, key, 'field can not be empty.'));
  if (sizeOf(parameters) > maxParametersSize) errors.push(tooLong(path, maxParametersSize));
}

function sizeOf(map: Readonly<Record<string, string>>): number {
  return Object.entries(map).reduce((size, [key, value]) => size + byteLength(key) + byteLength(value), 0);
}

function validateTopologies(terms: readonly TopologySelectorTerm[], path: Path, errors: Errors): void {
  // Upstream's list of what it saw begins with as many terms of nothing as there are terms.
  const seen = terms.map(() => ({}));
  for (const [index, term] of terms.entries()) {
    const at = path.index(index).child('matchLabelExpressions');
    const keys = new Set<string>();
    for (const [each, { key = '', values = [] }] of (term.matchLabelExpressions ?? []).entries()) {
      const valuesPath = at.index(each).child('values');
      if (values.length === 0) errors.push(required(valuesPath));
      for (const [valueIndex, value] of values.entries()) {
        if (values.indexOf(value) < valueIndex) errors.push(duplicate(valuesPath.index(valueIndex), value));
      }
      checkQualifiedName(key, at.index(each).child('key'), errors);
      if (keys.has(key)) errors.push(duplicate(at.index(each).child('key'), key));
      keys.add(key);
    }
    const meaning = meaningOf(term);
    for (const other of seen) if (JSON.stringify(other) === JSON.stringify(meaning)) errors.push(duplicate(at, ''));
    seen.push(meaning);
  }
}

/** What a term selects: by key the values, whose order does not matter. */
function meaningOf({ matchLabelExpressions }: TopologySelectorTerm): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    (matchLabelExpressions ?? [])
      .map(({ key, values }): [string, string[]] => [key, [...new Set(values)].sort()])
      .sort(([left], [right]) => (left < right ? -1 : 1)),
  );
}

export function validateStorageClassUpdate(storageClass: StorageClass, old: StorageClass, errors: Errors): void {
  validateStorageClass(storageClass, errors);
  checkImmutable(storageClass.parameters, old.parameters, Path.of('parameters'), errors, mapInGo);
  checkImmutableText(storageClass.provisioner, old.provisioner, Path.of('provisioner'), errors);
  for (const field of ['reclaimPolicy', 'volumeBindingMode'] as const) {
    checkImmutable(storageClass[field], old[field], Path.of(field), errors);
  }
}

function checkFixed<T extends object>(object: T, old: T, field: keyof T & string, errors: Errors): void {
  if (!semanticEqual(object[field], old[field])) errors.push(forbidden(Path.of(field), `updates to ${field} are forbidden.`));
}

export function validateVolumeAttributesClass({ driverName = '', parameters = {} }: VolumeAttributesClass, errors: Errors): void {
  checkProvisioner(driverName, Path.of('driverName'), errors);
  validateParameters(parameters, Path.of('parameters'), errors);
  if (Object.keys(parameters).length === 0) errors.push(required(Path.of('parameters'), 'must contain at least one key/value pair'));
}

export function validateVolumeAttributesClassUpdate(attributes: VolumeAttributesClass, old: VolumeAttributesClass, errors: Errors): void {
  for (const field of ['driverName', 'parameters'] as const) checkFixed(attributes, old, field, errors);
  validateVolumeAttributesClass(attributes, errors);
}

/** A new attachment, which is held to the rules of v1 as well. */
export function validateVolumeAttachmentCreate(attachment: VolumeAttachment, errors: Errors): void {
  validateVolumeAttachment(attachment, errors);
  const { attacher = '', source } = attachment.spec ?? {};
  checkCsiDriverName(attacher, Path.of('spec.attacher'), errors);
  const name = source?.persistentVolumeName;
  if (name !== undefined) reportInvalid(nameIsDnsSubdomain(name, false), name, Path.of('spec.source.persistentVolumeName'), errors);
}

function validateVolumeAttachment({ spec, status }: VolumeAttachment, errors: Errors): void {
  const { attacher = '', source = {}, nodeName = '' } = spec ?? {};
  if (attacher === '') errors.push(required(specPath.child('attacher')));
  validateSource(source, specPath.child('source'), errors);
  reportInvalid(nameIsDnsSubdomain(nodeName, false), nodeName, specPath.child('nodeName'), errors);
  const statusPath = Path.of('status');
  if (sizeOf(status?.attachmentMetadata ?? {}) > maxParametersSize) {
    errors.push(tooLong(statusPath.child('attachmentMetadata'), maxParametersSize));
  }
  validateVolumeError(status?.attachError, statusPath.child('attachError'), errors);
  validateVolumeError(status?.detachError, statusPath.child('detachError'), errors);
}

function validateSource(
  { persistentVolumeName, inlineVolumeSpec }: { persistentVolumeName?: string; inlineVolumeSpec?: PersistentVolumeSpec },
  path: Path,
  errors: Errors,
): void {
  const detail = 'must specify exactly one of inlineVolumeSpec and persistentVolumeName';
  if (inlineVolumeSpec === undefined && persistentVolumeName === undefined) errors.push(required(path, detail));
  else if (inlineVolumeSpec !== undefined && persistentVolumeName !== undefined) errors.push(forbidden(path, detail));
  else if (inlineVolumeSpec !== undefined) validateInlineVolumeSpec(inlineVolumeSpec, path.child('inlineVolumeSpec'), errors);
  else if (persistentVolumeName === '') {
    errors.push(required(path.child('persistentVolumeName'), 'must specify non empty persistentVolumeName'));
  }
}

function validateVolumeError(error: VolumeError | undefined, path: Path, errors: Errors): void {
  const { message = '', errorCode = 0 } = error ?? {};
  // The limit that upstream names here is another one than it holds to.
  if (byteLength(message) > maxErrorMessage) errors.push(tooLong(path.child('message'), maxParametersSize));
  if (errorCode < 0) errors.push(invalid(path.child('errorCode'), errorCode, inclusiveRangeMessage(0, 2 ** 31 - 1)));
}

/** What is attached where does not change; the status is judged as well, through which drivers report. */
export function validateVolumeAttachmentUpdate(attachment: VolumeAttachment, old: VolumeAttachment, errors: Errors): void {
  validateVolumeAttachment(attachment, errors);
  checkImmutable(attachment.spec, old.spec, specPath, errors, attachmentSpecType);
}
