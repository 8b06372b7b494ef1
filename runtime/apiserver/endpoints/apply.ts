import { ApplyConflictError, ApplyError } from '../../api/apply/apply-error.ts';
import type { ManagedChange } from '../../api/apply/managed-fields.ts';
import { applyServerSide } from '../../api/apply/server-side-apply.ts';
import { applyDefaults } from '../../api/defaults/index.ts';
import { type HttpResponse, isTrue } from '../../api/http.ts';
import type { Kind } from '../../api/kinds/kind.ts';
import { applyConflict, badRequest, plainError } from '../../api/status.ts';
import { Path, required } from '../../api/validation/index.ts';
import type { ApiRequest } from '../api-request.ts';
import { asApiObject, cannotBeHandled } from '../decoding/decode-object.ts';
import { readStructure } from '../decoding/read-structure.ts';
import { duplicateWarnings, parseYaml, type YamlValue } from '../decoding/read-yaml.ts';
import { YamlFault } from '../decoding/yaml-fault.ts';
import { acceptedBy } from '../negotiation/accept.ts';
import { readBody } from '../negotiation/body.ts';
import { answerEntry } from '../negotiation/present.ts';
import { type ApiObject, copyJson, isDict } from '../registry/api-object.ts';
import type { Core } from '../registry/core.ts';
import { managedChange } from '../registry/managed-fields.ts';
import { type UpdateOptions, updateObject } from '../registry/update.ts';

import { fieldValidation, mutationOptions, optionsInvalid } from './options.ts';
import { checkIdentity } from './update.ts';

/** The media type of a configuration that is applied. */
export const applyType = 'application/apply-patch+yaml';

/** PATCH by server-side apply: the object becomes what the configuration says, and what it says belongs to its manager. Makes the object when there is none. */
export async function applyEndpoint(core: Core, request: ApiRequest, part: Partial<UpdateOptions> = {}): Promise<HttpResponse> {
  const { resource, info } = request;
  const accepted = acceptedBy(request);
  const options = mutationOptions(request, 'PatchOptions');
  const apply = await readApplication(request, resource.kind);
  const namespace = resource.kind.namespaced ? info.namespace : '';
  const { entry, created } = await updateObject(
    core,
    resource,
    namespace,
    info.name,
    (live) => {
      const served = live === undefined ? undefined : (resource.conversion?.fromStored(live) ?? live);
      return resource.toStored(apply(core, served, managedChange(resource, options.fieldManager, info.subresource, core.now())));
    },
    { ...options, isApply: true, subresource: info.subresource, mayCreate: info.subresource === '', ...part },
  );
  return answerEntry(core, request, entry, created ? 201 : 200, accepted);
}

/** What makes the applied object out of the live one, both of the kind that was sent. Throws 400, 409 and 500 as upstream does. */
export type Application = (core: Core, live: ApiObject | undefined, change: ManagedChange) => ApiObject;

/** Reads the configuration of a request by server-side apply, of the kind of its resource or subresource. Throws 400 and 422. */
export async function readApplication(request: ApiRequest, kind: Kind): Promise<Application> {
  const { info, query } = request;
  if ((query.get('fieldManager') ?? '') === '') {
    throw optionsInvalid('PatchOptions', [], [required(Path.of('fieldManager'), 'is required for apply patch')]);
  }
  const body = await readBody(request.request);
  request.sentPatch?.(new TextDecoder().decode(body));
  const { value, duplicates } = attemptYaml(body);
  const configuration = readConfiguration(value);
  const namespace = request.resource.kind.namespaced ? info.namespace : '';
  const force = isTrue(query.get('force'));
  return (core, live, change) => {
    const object = applied(core, kind, live, configuration, change, force);
    if (duplicates !== undefined) complain(request, duplicates);
    checkIdentity(object, info.name, namespace);
    return object;
  };
}

/** Keys that stand twice are told after what is wrong with the configuration itself. */
function complain({ query, warnings }: ApiRequest, duplicates: string): void {
  const why = `error converting YAML to JSON: ${duplicates}`;
  const validation = fieldValidation(query);
  if (validation === 'Strict') throw badRequest(`error strict decoding YAML: ${why}`);
  if (validation === 'Warn') for (const warning of duplicateWarnings(duplicates)) warnings.add(warning);
}

function readConfiguration(value: unknown): ApiObject {
  if (!isDict(value)) {
    const what = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
    throw badRequest(
      `error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${what} into Go value of type map[string]interface {}`,
    );
  }
  const { kind, apiVersion, metadata, ...rest } = value;
  return {
    kind: typeof kind === 'string' ? kind : '',
    apiVersion: typeof apiVersion === 'string' ? apiVersion : '',
    metadata: isDict(metadata) ? { ...metadata } : {},
    ...rest,
  };
}

/** Reads the body, which is YAML whatever else it looks like. Throws 400. */
function attemptYaml(body: Uint8Array): YamlValue {
  try {
    return parseYaml(body);
  } catch (error) {
    if (!(error instanceof YamlFault)) throw error;
    throw badRequest(`error decoding YAML: error converting YAML to JSON: ${error.message}`);
  }
}

function applied(
  core: Core,
  kind: Kind,
  live: ApiObject | undefined,
  configuration: ApiObject,
  change: ManagedChange,
  force: boolean,
): ApiObject {
  try {
    const { object, managedFields } = applyServerSide(core.fieldTypes.root(kind.definition), live, configuration, {
      ...change,
      kind: kind.kind,
      force,
      keepsNulls: kind.read !== undefined,
    });
    const copy = copyJson<unknown>(object);
    if (!isDict(copy)) throw badRequest('the applied configuration is no object');
    // Nulls where none may stand are taken for nothing only in objects that are sent, not in what is applied.
    const { error } = kind.read === undefined ? readStructure(kind, copy) : kind.read(copy, 'kept');
    if (object === live && live !== undefined) return asApiObject(copy, kind);
    if (error !== undefined) throw cannotBeHandled(kind, error);
    const result = asApiObject(copy, kind);
    applyDefaults(kind, result);
    if (managedFields === undefined) delete result.metadata.managedFields;
    else result.metadata.managedFields = managedFields;
    // A write is based on what stood there, unless the configuration says on what.
    const base = configuration.metadata.resourceVersion ?? live?.metadata.resourceVersion;
    if (base !== undefined) result.metadata.resourceVersion = base;
    return result;
  } catch (error) {
    if (error instanceof ApplyConflictError) throw applyConflict(error.causes, error.message);
    if (error instanceof ApplyError) throw error.code === 400 ? badRequest(error.message) : plainError(error.message);
    throw error;
  }
}
