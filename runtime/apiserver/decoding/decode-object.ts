import { applyDefaults } from '../../api/defaults/index.ts';
import { apiVersionOf, type Kind } from '../../api/kinds/kind.ts';
import { badRequest, invalidFields } from '../../api/status.ts';
import type { FieldComplaint } from '../../api/structure/index.ts';
import { invalid } from '../../api/validation/field-error.ts';
import { Path } from '../../api/validation/path.ts';
import { type ApiObject, type Dict, isDict } from '../registry/api-object.ts';
import type { ResourceTable } from '../registry/resource-table.ts';
import { type Document, unrecognized } from './document.ts';
import { annotationProblem } from './older-annotations.ts';
import { readStructure } from './read-structure.ts';

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
  const { error, unknownFields } = readStructure(kind, object);
  if (error !== undefined) throw cannotBeHandled(kind, error);
  if (validation !== 'Ignore') {
    const ofFields = complaintsOf(document, kind, unknownFields).map(({ problem, path }) => `${problem} field ${JSON.stringify(path)}`);
    const complaints = document.duplicates === undefined ? ofFields : [document.duplicates, ...ofFields];
    if (complaints.length > 0) {
      if (validation === 'Strict') throw cannotBeHandled(kind, `strict decoding error: ${complaints.join(', ')}`);
      for (const complaint of complaints) warn(complaint);
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
  return badRequest(`${sent} in version ${JSON.stringify(version)} cannot be handled as a ${kind.kind}: ${why}`);
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
  if (resources.findKind(group, version, kind) !== undefined) return true;
  if (!resources.hasGroupVersion(group, version)) return false;
  return commonKinds.has(kind) || (kind.endsWith('List') && resources.findKind(group, version, kind.slice(0, -4)) !== undefined);
}

/** Custom resources have no scheme of kinds that could know what was sent. */
function otherKind(kind: Kind, sentKind: string, sentVersion: string, { metadata }: Dict): Error {
  if (sentVersion !== apiVersionOf(kind)) {
    return badRequest(`the API version in the data (${sentVersion}) does not match the expected API version (${apiVersionOf(kind)})`);
  }
  const name = isDict(metadata) && typeof metadata.name === 'string' ? metadata.name : '';
  return invalidFields({ group: kind.group, resource: sentKind }, name, [invalid(Path.of('kind'), sentKind, `must be ${kind.kind}`)]);
}

function checkKind({ object, body }: Document, kind: Kind, resources: ResourceTable): void {
  const sentKind = typeof object.kind === 'string' && object.kind !== '' ? object.kind : kind.kind;
  const sentVersion = typeof object.apiVersion === 'string' && object.apiVersion !== '' ? object.apiVersion : apiVersionOf(kind);
  if (sentKind === kind.kind && sentVersion === apiVersionOf(kind)) return;
  const { group, version } = splitApiVersion(sentVersion);
  if (sentVersion.split('/').length > 2) throw unrecognized(kind.kind, `unexpected GroupVersion string: ${sentVersion}`, body);
  if (kind.read !== undefined) throw otherKind(kind, sentKind, sentVersion, object);
  if (!isKnownKind(resources, group, version, sentKind)) {
    throw cannotBeHandled(
      kind,
      `no kind ${JSON.stringify(sentKind)} is registered for version ${JSON.stringify(sentVersion)} in scheme "k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30"`,
      sentKind,
      version,
    );
  }
  if (sentKind === kind.kind && group === kind.group) {
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
