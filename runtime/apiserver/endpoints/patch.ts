import { applyDefaults } from '../../api/defaults/index.ts';
import type { Kind } from '../../api/kinds/kind.ts';
import type { Json } from '../../api/object.ts';
import { applyJsonPatch } from '../../api/patches/json-patch.ts';
import { applyMergePatch } from '../../api/patches/merge-patch.ts';
import { PatchError } from '../../api/patches/patch-error.ts';
import { applyStrategicMergePatch } from '../../api/patches/strategic-merge-patch.ts';
import {
  badRequest,
  invalid,
  notFound,
  plainError,
  requestEntityTooLarge,
  unprocessable,
  unsupportedMediaType,
  unsupportedPatchType,
} from '../../api/status.ts';
import { definitions } from '../../api/structure/index.ts';
import { forbidden } from '../../api/validation/field-error.ts';
import { Path } from '../../api/validation/path.ts';
import type { ApiRequest } from '../api-request.ts';
import { asApiObject, cannotBeHandled } from '../decoding/decode-object.ts';
import { goJsonError } from '../decoding/go-json-error.ts';
import { readStructure } from '../decoding/read-structure.ts';
import { negotiate } from '../negotiation/accept.ts';
import { readBody } from '../negotiation/body.ts';
import { answerEntry } from '../negotiation/present.ts';
import { type ApiObject, copyJson, isDict } from '../registry/api-object.ts';
import type { Core } from '../registry/core.ts';
import { managedChange, trackFields } from '../registry/managed-fields.ts';
import { type UpdateOptions, updateObject } from '../registry/update.ts';
import { applyEndpoint, applyType } from './apply.ts';
import { type MutationOptions, mutationOptions, optionsInvalid } from './options.ts';
import { checkIdentity } from './update.ts';

const patchTypes = ['application/json-patch+json', 'application/merge-patch+json', 'application/strategic-merge-patch+json'] as const;
type PatchType = (typeof patchTypes)[number];

/** Custom resources have no merge strategies. */
const customPatchTypes = 'application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml';

function isPatchType(text: string): text is PatchType {
  return patchTypes.some((type) => type === text);
}

function mediaTypeOf({ request }: ApiRequest): string {
  return (request.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '';
}

/** What turns a live object, in the served version, into the patched one. It does not change its argument. */
export type Patch = (live: Json) => Json;

/** PATCH of an object or of a subresource that is a part of it. */
export async function patchEndpoint(core: Core, request: ApiRequest, part: Partial<UpdateOptions> = {}): Promise<Response> {
  if (mediaTypeOf(request) === applyType) return applyEndpoint(core, request, part);
  const { resource, info } = request;
  const accepted = negotiate(request.request.headers.get('accept'));
  const options = mutationOptions(request, 'PatchOptions');
  if (resource.isCustom && mediaTypeOf(request) === 'application/strategic-merge-patch+json') throw unsupportedMediaType(customPatchTypes);
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

/** Reads the patch by its media type. Throws 415, or 400 for what is not JSON. */
export async function readPatch(request: ApiRequest, definition: string): Promise<Patch> {
  const type = mediaTypeOf(request);
  if (!isPatchType(type)) throw unsupportedPatchType();
  if (request.query.has('force')) {
    throw optionsInvalid('PatchOptions', [], [forbidden(Path.of('force'), 'may not be specified for non-apply patch')]);
  }
  const text = new TextDecoder().decode(await readBody(request.request));
  let patch: Json;
  try {
    patch = JSON.parse(text);
  } catch {
    throw badRequest(goJsonError(text) ?? 'invalid JSON');
  }
  switch (type) {
    case 'application/json-patch+json':
      return (live) => applyJsonPatch(live, patch);
    case 'application/merge-patch+json':
      return (live) => applyMergePatch(live, patch);
    case 'application/strategic-merge-patch+json':
      return (live) => {
        if (!isDict(live) || !isDict(patch)) throw badRequest('json: cannot unmarshal array into Go value of type map[string]interface {}');
        return applyStrategicMergePatch(live, patch, (name) => definitions[name], definition);
      };
  }
}

/** Applies a patch to an object. Throws the failure that upstream answers with. */
export function applyPatch(patch: Patch, live: ApiObject): Json {
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

/** Reads the patched document as an object of the kind, with its defaults. Throws 422 when it is none, and 400 for unknown fields under `Strict`. */
export function readPatched(kind: Kind, document: Json, options: MutationOptions): ApiObject {
  const copy: unknown = copyJson(document);
  const refuse = (why: string): Error =>
    invalid({ group: '', resource: '' }, '', [
      { reason: 'FieldValueInvalid', message: `Invalid value: ${JSON.stringify(JSON.stringify(document))}: ${why}`, field: 'patch' },
    ]);
  if (!isDict(copy))
    throw refuse(
      `couldn't get version/kind; json parse error: json: cannot unmarshal array into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
    );
  if (copy.kind !== undefined && copy.kind !== kind.kind) {
    throw badRequest(`the kind of the patched object (${String(copy.kind)}) does not match the kind of the resource (${kind.kind})`);
  }
  const { error, unknownFields } = readStructure(kind, copy);
  if (error !== undefined) throw refuse(error);
  if (options.fieldValidation !== 'Ignore' && unknownFields.length > 0) {
    const complaints = unknownFields.map((field) => `unknown field ${JSON.stringify(field)}`);
    if (options.fieldValidation === 'Strict') throw cannotBeHandled(kind, `strict decoding error: ${complaints.join(', ')}`);
    for (const complaint of complaints) options.warn(complaint);
  }
  const object = asApiObject(copy, kind);
  applyDefaults(kind, object);
  return object;
}
