import type { ManagedChange } from '../../../api/apply/managed-fields.ts';
import { entriesAfterScale, scaleEntriesOf } from '../../../api/apply/scale-fields.ts';
import type { Scale } from '../../../api/generated/types/autoscaling/v1.ts';
import type { LabelSelector } from '../../../api/generated/types/meta/v1.ts';
import type { HttpResponse } from '../../../api/http.ts';
import { apiVersionOf, type Kind } from '../../../api/kinds/kind.ts';
import { formatSelector, selectorFromLabelSelector, selectorFromLabels } from '../../../api/selectors/index.ts';
import { internalError, invalidFields, notFound } from '../../../api/status.ts';
import { invalid } from '../../../api/validation/field-error.ts';
import { Path } from '../../../api/validation/path.ts';
import type { Entry } from '../../../store/store.ts';
import type { ApiRequest } from '../../api-request.ts';
import { type Accepted, acceptedBy } from '../../negotiation/accept.ts';
import { answerJson } from '../../negotiation/answer.ts';
import { partialMetadata } from '../../negotiation/partial-metadata.ts';
import { answerForm } from '../../negotiation/present.ts';
import { includeObject, tableOf } from '../../negotiation/table.ts';
import { type ApiObject, copyJson, ensureDict, isDict, numberAt, stringAt, valueAt } from '../../registry/api-object.ts';
import { liveObject } from '../../registry/converted.ts';
import type { Core } from '../../registry/core.ts';
import { trackFields } from '../../registry/managed-fields.ts';
import type { ScalePaths } from '../../registry/strategy.ts';
import { updateObject } from '../../registry/update.ts';
import { applyType, readApplication } from '../apply.ts';
import { decodeBody, transientKind } from '../decode-body.ts';
import { mutationOptions } from '../options.ts';
import { applyPatch, mediaTypeOf, readPatch, readPatched } from '../patch.ts';
import { checkIdentity } from '../update.ts';

const scaleKind: Kind = transientKind('autoscaling', 'v1', 'Scale');

/** GET, PUT and PATCH of `scale`: the replicas of a workload in a form that is the same for all kinds. */
export async function scaleEndpoint(core: Core, request: ApiRequest): Promise<HttpResponse> {
  const { resource, info } = request;
  const accepted = acceptedBy(request);
  const paths = resource.strategy.scale;
  const answer = async (entry: Entry) =>
    answerScale(core, request, scaleOf(await liveObject(core.cache, resource, entry), paths), accepted);
  if (info.verb === 'get') {
    const entry = core.entry(resource, info.namespace, info.name);
    if (entry === undefined) throw notFound(resource.subject, info.name);
    return answer(entry);
  }
  const options = mutationOptions(request, info.verb === 'patch' ? 'PatchOptions' : 'UpdateOptions');
  const wanted = await readScale(core, request, options);
  const replicas = paths?.specReplicas ?? specReplicas;
  const { entry } = await updateObject(
    core,
    resource,
    info.namespace,
    info.name,
    (live) => {
      if (live === undefined) throw notFound(resource.subject, info.name);
      const before = managedScale(live, paths);
      const scale = wanted(before);
      const object = withReplicas(live, scale, paths, info.name, info.namespace);
      const apiVersion = apiVersionOf(resource.kind);
      const entries = entriesAfterScale(live.metadata.managedFields ?? [], scale.metadata.managedFields ?? [], apiVersion, replicas);
      if (entries === undefined) delete object.metadata.managedFields;
      else object.metadata.managedFields = entries;
      return object;
    },
    {
      ...options,
      subresource: 'scale',
      uidGuards: true,
      ...(resource.isCustom ? {} : { check: () => [] }),
      prepare: (object, old) => {
        if (numberAt(object, ...replicas) !== numberAt(old, ...replicas)) {
          object.metadata.generation = (old.metadata.generation ?? 0) + 1;
        }
      },
    },
  );
  return answer(entry);
}

/** Answers with a scale in the form that the client accepts. */
function answerScale(core: Core, request: ApiRequest, scale: ApiObject, accepted: Accepted): HttpResponse {
  const form = answerForm(request, accepted);
  if (accepted.as === undefined) return answerJson(200, scale, form);
  if (accepted.as !== 'Table') return answerJson(200, partialMetadata(scale, accepted), form);
  const { resource } = request;
  const layout = resource.isCustom ? resource : { kind: scaleKind, strategy: {} };
  const { resourceVersion } = scale.metadata;
  const metadata = resourceVersion === undefined ? {} : { resourceVersion };
  return answerJson(200, tableOf(layout, [scale], metadata, includeObject(request.query), accepted, core.clock.now()), form);
}

/** The scale of an object with what of its managed fields is about replicas. */
function managedScale(live: ApiObject, paths: ScalePaths | undefined): ApiObject {
  const scale = scaleOf(live, paths, true);
  const managedFields = scaleEntriesOf(live.metadata.managedFields ?? [], paths?.specReplicas ?? specReplicas);
  return managedFields.length === 0 ? scale : { ...scale, metadata: { ...scale.metadata, managedFields } };
}

/** What gives the scale that a request wants, with its managed fields, out of the one that is. */
async function readScale(
  core: Core,
  request: ApiRequest,
  options: ReturnType<typeof mutationOptions>,
): Promise<(before: ApiObject) => ApiObject> {
  const change: ManagedChange = {
    manager: options.fieldManager,
    apiVersion: apiVersionOf(scaleKind),
    subresource: 'scale',
    time: core.now(),
  };
  const tracked = (before: ApiObject, scale: ApiObject): ApiObject => {
    trackFields(core.fieldTypes, { kind: scaleKind }, before, scale, change);
    return scale;
  };
  if (request.info.verb !== 'patch') {
    const scale = await decodeBody(core, request, scaleKind, options.fieldValidation);
    return (before) => tracked(before, copyJson(scale));
  }
  if (mediaTypeOf(request) === applyType) {
    const apply = await readApplication(request, scaleKind);
    return (before) => apply(core, before, change);
  }
  const patch = await readPatch(request, scaleKind.definition);
  return (before) => tracked(before, readPatched(scaleKind, applyPatch(patch, copyJson(before)), options));
}

function withReplicas(live: ApiObject, scale: ApiObject, paths: ScalePaths | undefined, name: string, namespace: string): ApiObject {
  checkIdentity(scale, name, namespace);
  const replicas = numberAt(scale, 'spec', 'replicas') ?? 0;
  if (replicas < 0) {
    throw invalidFields({ group: 'autoscaling', resource: 'Scale' }, name, [
      invalid(Path.of('spec', 'replicas'), replicas, 'must be greater than or equal to 0'),
    ]);
  }
  const { resourceVersion, uid } = scale.metadata;
  const [field = '', ...parents] = [...(paths?.specReplicas ?? specReplicas)].reverse();
  const object: ApiObject = copyJson({
    ...live,
    metadata: { ...live.metadata, ...(resourceVersion ? { resourceVersion } : {}), ...(uid ? { uid } : {}) },
  });
  ensureDict(object, ...parents.reverse())[field] = replicas;
  return object;
}

/** Built-in workloads have their replicas where everybody expects them. */
const specReplicas = ['spec', 'replicas'] as const;
const statusReplicas = ['status', 'replicas'] as const;

function scaleOf(object: ApiObject, paths: ScalePaths | undefined, mayLack = false): Scale & ApiObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const wanted = numberAt(object, ...(paths?.specReplicas ?? specReplicas));
  if (wanted === undefined && paths !== undefined && !mayLack) {
    throw internalError(`the spec replicas field ".${paths.specReplicas.join('.')}" does not exist`);
  }
  const replicas = wanted ?? 0;
  const selector =
    paths === undefined ? selectorText(valueAt(object, 'spec', 'selector')) : stringAt(object, ...(paths.labelSelector ?? []));
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      ...(name === undefined ? {} : { name }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
    },
    spec: replicas === 0 ? {} : { replicas },
    status: { replicas: numberAt(object, ...(paths?.statusReplicas ?? statusReplicas)) ?? 0, ...(selector === '' ? {} : { selector }) },
  };
}

/** The selector as text. That of a replication controller is a plain map of labels. */
function selectorText(selector: unknown): string {
  if (!isDict(selector)) return '';
  const structured = isDict(selector.matchLabels) || Array.isArray(selector.matchExpressions);
  if (structured) return formatSelector(selectorFromLabelSelector(selector satisfies LabelSelector));
  const labels = Object.fromEntries(Object.entries(selector).map(([key, value]) => [key, String(value)]));
  return formatSelector(selectorFromLabels(labels));
}
