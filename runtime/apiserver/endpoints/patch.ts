import { applyDefaults } from '../../api/defaults/index.ts';
import { goText } from '../../api/go-text.ts';
import type { HttpResponse } from '../../api/http.ts';
import { apiVersionOf, type Kind } from '../../api/kinds/kind.ts';
import type { Json } from '../../api/object.ts';
import { PatchError } from '../../api/patches/patch-error.ts';
import {
  badRequest,
  invalidFields,
  notFound,
  plainError,
  requestEntityTooLarge,
  unprocessable,
  unsupportedByPath,
  unsupportedMediaType,
} from '../../api/status.ts';
import { lossesOf } from '../../api/structure/index.ts';
import { forbidden, invalid as invalidField, quote } from '../../api/validation/field-error.ts';
import { Path } from '../../api/validation/path.ts';
import type { ApiRequest } from '../api-request.ts';
import { asApiObject, checkCustomTypeMeta, isUnsaid, kindMissing, typeMetaFault } from '../decoding/decode-object.ts';
import { type Patch, type Patched, type PatchType, readPatch as patchOf, patchTypes } from '../decoding/read-patch.ts';
import { readStructure } from '../decoding/read-structure.ts';
import { withoutLoneSurrogates } from '../decoding/well-formed.ts';
import { acceptedBy } from '../negotiation/accept.ts';
import { readBody } from '../negotiation/body.ts';
import { answerEntry } from '../negotiation/present.ts';
import { type ApiObject, copyJson, type Dict, isDict } from '../registry/api-object.ts';
import type { Core } from '../registry/core.ts';
import { managedChange, trackFields } from '../registry/managed-fields.ts';
import { type UpdateOptions, updateObject } from '../registry/update.ts';
import { applyEndpoint, applyType } from './apply.ts';
import { fieldValidation, type MutationOptions, mutationOptions, optionsInvalid } from './options.ts';
import { checkIdentity } from './update.ts';

/** Custom resources have no merge strategies. */
const customPatchTypes = 'application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml';

function isPatchType(text: string): text is PatchType {
  return patchTypes.some((type) => type === text);
}

/** The media type of a request's body, without parameters. */
export function mediaTypeOf({ request }: ApiRequest): string {
  return (request.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '';
}

/** PATCH of an object or of a subresource that is a part of it. */
export async function patchEndpoint(core: Core, request: ApiRequest, part: Partial<UpdateOptions> = {}): Promise<HttpResponse> {
  if (mediaTypeOf(request) === applyType) return applyEndpoint(core, request, part);
  const { resource, info } = request;
  const accepted = acceptedBy(request);
  const options = mutationOptions(request, 'PatchOptions');
  const patch = await readPatch(request, resource.kind.definition);
  const namespace = resource.kind.namespaced ? info.namespace : '';
  const { entry } = await updateObject(
    core,
    resource,
    namespace,
    info.name,
    (live) => {
      if (live === undefined) throw notFound(resource.subject, info.name);
      const served = resource.conversion === undefined ? live : resource.conversion.fromStored(live);
      const patched = readPatched(resource.kind, applyPatch(patch, served), options);
      checkIdentity(patched, info.name, namespace);
      const change = managedChange(resource, options.fieldManager, info.subresource, core.now());
      trackFields(core.fieldTypes, resource, served, patched, change);
      return resource.toStored(patched);
    },
    { ...options, subresource: info.subresource, ...part },
  );
  return answerEntry(core, request, entry, 200, accepted);
}

/** Throws 415 for a body that is no patch, before anything else is looked at. */
export function checkPatchType(request: ApiRequest): void {
  const type = mediaTypeOf(request);
  const { isCustom } = request.resource;
  if (isPatchType(type) ? isCustom && type === 'application/strategic-merge-patch+json' : type !== applyType) {
    throw isCustom ? unsupportedMediaType(customPatchTypes) : unsupportedByPath();
  }
}

/** Reads the patch by its media type. Throws 415, and 422 for options of other patches. */
export async function readPatch(request: ApiRequest, definition: string): Promise<Patch> {
  const type = mediaTypeOf(request);
  if (!isPatchType(type)) throw unsupportedByPath();
  if (request.query.has('force')) {
    throw optionsInvalid('PatchOptions', [], [forbidden(Path.of('force'), 'may not be specified for non-apply patch')]);
  }
  const text = withoutLoneSurrogates(goText(await readBody(request.request)));
  request.sentPatch?.(text);
  return patchOf(type, text, fieldValidation(request.query), definition);
}

/** Applies a patch to an object. Throws the failure that upstream answers with. */
export function applyPatch(patch: Patch, live: ApiObject): Patched {
  try {
    // A decoded object is JSON; its static type only says more of its metadata.
    return patch(live as unknown as Json);
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    if (error.code === 400) throw badRequest(error.message);
    if (error.code === 413) throw requestEntityTooLarge(error.message);
    if (error.code === 422) throw unprocessable('the server rejected our request due to an error in our request');
    throw plainError(error.message);
  }
}

/** Reads the patched document as an object of the kind, with its defaults. Throws 422 when it is none, and for unknown fields under `Strict`. */
export function readPatched(kind: Kind, { document, shown, typed, spellings, complaints }: Patched, options: MutationOptions): ApiObject {
  const copy: unknown = copyJson(document);
  const refuse = (why: string): Error => invalidFields({ group: '', resource: '' }, '', [invalidField(Path.of('patch'), shown(), why)]);
  if (!isDict(copy))
    throw refuse(
      `couldn't get version/kind; json parse error: json: cannot unmarshal array into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
    );
  const otherKind = typed ? undefined : kindFault(kind, copy, shown);
  if (otherKind !== undefined) throw refuse(otherKind);
  const { error, unknownFields } = readStructure(kind, copy, typed ? 'conversion' : 'json', spellings);
  if (error !== undefined) throw refuse(error);
  for (const loss of lossesOf(spellings, copy)) options.warn(loss);
  if (options.fieldValidation !== 'Ignore') {
    const all = [...complaints, ...unknownFields.map((field) => `unknown field ${quote(field)}`)];
    if (options.fieldValidation === 'Strict' && all.length > 0) throw refuse(`strict decoding error: ${all.join(', ')}`);
    for (const complaint of all) options.warn(complaint);
  }
  if (kind.read !== undefined) checkCustomTypeMeta(copy, kind);
  const object = asApiObject(copy, kind);
  applyDefaults(kind, object);
  return object;
}

/** Why a document is not of the kind that was patched, when it says so. */
function kindFault(kind: Kind, document: Dict, shown: () => string): string | undefined {
  const fault = typeMetaFault(document);
  if (fault !== undefined) return fault;
  if (kind.read !== undefined) return isUnsaid(document.kind) ? kindMissing(shown()) : undefined;
  const sentKind = isUnsaid(document.kind) ? kind.kind : document.kind;
  const apiVersion = isUnsaid(document.apiVersion) ? apiVersionOf(kind) : document.apiVersion;
  if (sentKind === kind.kind && apiVersion === apiVersionOf(kind)) return undefined;
  if (sentKind === kind.kind || apiVersion !== apiVersionOf(kind)) {
    return `no kind ${quote(String(sentKind))} is registered for version ${quote(String(apiVersion))} in scheme "k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30"`;
  }
  const group = kind.group === '' ? 'core' : (kind.group.split('.')[0] ?? kind.group);
  return `converting (${kind.version}.${String(sentKind)}) to (${group}.${kind.kind}): unknown conversion`;
}
