import { applyDefaults } from '../../api/defaults/index.ts';
import { goText } from '../../api/go-text.ts';
import { apiVersionOf, type Kind } from '../../api/kinds/kind.ts';
import { badRequest, invalidFields } from '../../api/status.ts';
import { type FieldComplaint, lossesOf } from '../../api/structure/index.ts';
import { type FieldError, invalid, quote } from '../../api/validation/field-error.ts';
import { Path } from '../../api/validation/path.ts';
import { type ApiObject, type Dict, isDict } from '../registry/api-object.ts';
import type { ResourceTable } from '../registry/resource-table.ts';
import { type Document, unhandled, unrecognized } from './document.ts';
import { annotationProblem } from './older-annotations.ts';
import { readStructure } from './read-structure.ts';
import { duplicateWarnings } from './read-yaml.ts';
import { isReadKind, isReadVersion, isSharedKind } from './registered-kinds.ts';

/** What happens to fields that the kind does not know, and to those that stand twice. */
export type FieldValidation = 'Ignore' | 'Warn' | 'Strict';

/** Splits `apps/v1` and `v1`. */
export function splitApiVersion(apiVersion: string): { readonly group: string; readonly version: string } {
  const at = apiVersion.indexOf('/');
  return at < 0 ? { group: '', version: apiVersion } : { group: apiVersion.slice(0, at), version: apiVersion.slice(at + 1) };
}

/**
 * Turns a document into an object of `kind` with its defaults. Unknown and duplicate fields are dropped; `validation` says whether they are told as
 * warnings or refused. A document without apiVersion and kind is taken for the kind expected. Throws 400 as upstream's `transformDecodeError` words it.
 */
export function decodeObject(
  document: Document,
  kind: Kind,
  resources: ResourceTable,
  validation: FieldValidation,
  warn: (text: string) => void,
): ApiObject {
  const { object } = document;
  checkKind(document, kind, resources);
  const { error, unknownFields } = readStructure(kind, object, 'json', document.spellings);
  if (error !== undefined) throw cannotBeHandled(kind, error);
  for (const loss of lossesOf(document.spellings, object)) warn(loss);
  if (validation !== 'Ignore') {
    const ofFields = complaintsOf(document, kind, unknownFields).map(({ problem, path }) => `${problem} field ${quote(path)}`);
    const complaints = document.duplicates === undefined ? ofFields : [document.duplicates, ...ofFields];
    if (complaints.length > 0) {
      if (validation === 'Strict') throw cannotBeHandled(kind, `strict decoding error: ${complaints.join(', ')}`);
      for (const complaint of document.duplicates === undefined ? [] : duplicateWarnings(document.duplicates)) warn(complaint);
      for (const complaint of ofFields) warn(complaint);
    }
  }
  const decoded = asApiObject(object, kind);
  applyDefaults(kind, decoded);
  const problem = annotationProblem(kind, decoded);
  if (problem !== undefined) throw cannotBeHandled(kind, problem);
  return decoded;
}

/** In the order of the document; of custom resources unknown fields are told last, because they are found when the schema prunes. */
function complaintsOf(document: Document, kind: Kind, unknownFields: readonly string[]): readonly FieldComplaint[] {
  if (kind.read === undefined) return document.complaints(unknownFields);
  return [...document.complaints([]), ...unknownFields.map((path) => ({ problem: 'unknown', path }) as const)];
}

/** An object of the kind, with type meta and metadata in place. */
export function asApiObject(object: Dict, kind: Kind): ApiObject {
  const { apiVersion: _version, kind: _kind, metadata, ...rest } = object;
  return { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata: isDict(metadata) ? metadata : {}, ...rest };
}

/** 400: what was sent cannot become an object of the kind. */
export function cannotBeHandled(kind: Kind, why: string, sent = kind.kind, version = kind.version): Error {
  return unhandled(kind.kind, why, sent, version);
}

/** Kinds that every group version knows beside its own. */
const commonKinds: ReadonlySet<string> = new Set([
  'List',
  'Status',
  'DeleteOptions',
  'ListOptions',
  'CreateOptions',
  'UpdateOptions',
  'PatchOptions',
  'WatchEvent',
]);

function isKnownKind(resources: ResourceTable, group: string, version: string, kind: string): boolean {
  const apiVersion = apiVersionOf({ group, version });
  const isThere = (name: string): boolean => resources.findKind(group, version, name) !== undefined || isReadKind(apiVersion, name);
  if (isThere(kind)) return true;
  if (!resources.hasGroupVersion(group, version) && !isReadVersion(apiVersion)) return false;
  return commonKinds.has(kind) || (kind.endsWith('List') && isThere(kind.slice(0, -4)));
}

/** What a custom resource says of its kind has to be said in full: there is no scheme of kinds that could fill it in. */
function checkCustomKind({ object, body }: Document, kind: Kind): void {
  if (isUnsaid(object.kind)) throw unrecognized(kind.kind, kindMissing(goText(body)), body);
  const sentVersion = isUnsaid(object.apiVersion) ? '' : String(object.apiVersion);
  if (sentVersion !== apiVersionOf(kind)) {
    throw badRequest(`the API version in the data (${sentVersion}) does not match the expected API version (${apiVersionOf(kind)})`);
  }
  checkCustomTypeMeta(object, kind);
}

/** Upstream's `NewMissingKindErr`. */
export function kindMissing(text: string): string {
  return `Object 'Kind' is missing in '${text}'`;
}

export function isUnsaid(field: unknown): boolean {
  return field === undefined || field === null || field === '';
}

/** Throws 422 when a custom resource calls itself something else. Upstream: `ValidateTypeMeta`. */
export function checkCustomTypeMeta({ kind: sentKind, apiVersion = '', metadata }: Dict, kind: Kind): void {
  const errors: FieldError[] = [];
  if (sentKind !== kind.kind) errors.push(invalid(Path.of('kind'), sentKind, `must be ${kind.kind}`));
  if (apiVersion !== apiVersionOf(kind)) errors.push(invalid(Path.of('apiVersion'), apiVersion, `must be ${apiVersionOf(kind)}`));
  if (errors.length === 0) return;
  const name = isDict(metadata) && typeof metadata.name === 'string' ? metadata.name : '';
  throw invalidFields({ group: splitApiVersion(String(apiVersion)).group, resource: String(sentKind) }, name, errors);
}

/** Why an object's kind cannot be told; `undefined` when it can, or is not said. Upstream: `SimpleMetaFactory.Interpret`. */
export function typeMetaFault({ apiVersion, kind }: Dict): string | undefined {
  for (const [field, value] of Object.entries({ apiVersion, kind })) {
    if (typeof value === 'string' || value === undefined || value === null) continue;
    const type = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
    return `couldn't get version/kind; json parse error: json: cannot unmarshal ${type} into Go struct field .${field} of type string`;
  }
  const isGroupVersion = typeof apiVersion !== 'string' || apiVersion.split('/').length <= 2;
  return isGroupVersion ? undefined : `unexpected GroupVersion string: ${apiVersion}`;
}

function checkKind(document: Document, kind: Kind, resources: ResourceTable): void {
  const { object, body } = document;
  const fault = typeMetaFault(object);
  if (fault !== undefined) throw unrecognized(kind.kind, fault, body);
  if (kind.read !== undefined) {
    checkCustomKind(document, kind);
    return;
  }
  const sentKind = isUnsaid(object.kind) ? kind.kind : String(object.kind);
  const sentVersion = isUnsaid(object.apiVersion) ? apiVersionOf(kind) : String(object.apiVersion);
  if (sentKind === kind.kind && sentVersion === apiVersionOf(kind)) return;
  const { group, version } = splitApiVersion(sentVersion);
  if (!isKnownKind(resources, group, version, sentKind)) {
    throw cannotBeHandled(
      kind,
      `no kind ${quote(sentKind)} is registered for version ${quote(sentVersion)} in scheme "k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30"`,
      sentKind,
      version,
    );
  }
  if (sentKind === kind.kind && isSharedKind(kind.kind, group, kind.group)) {
    throw badRequest(`the API version in the data (${sentVersion}) does not match the expected API version (${apiVersionOf(kind)})`);
  }
  const shortGroup = (of: string): string => (of === '' ? 'core' : (of.split('.')[0] ?? of));
  throw cannotBeHandled(
    kind,
    `converting (${version}.${sentKind}) to (${shortGroup(kind.group)}.${kind.kind}): unknown conversion`,
    sentKind,
    version,
  );
}
