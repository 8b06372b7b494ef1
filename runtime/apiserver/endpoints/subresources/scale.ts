import type { Scale } from '../../../api/generated/types/autoscaling/v1.ts';
import type { LabelSelector } from '../../../api/generated/types/meta/v1.ts';
import type { Kind } from '../../../api/kinds/kind.ts';
import { formatSelector, selectorFromLabelSelector, selectorFromLabels } from '../../../api/selectors/index.ts';
import { internalError, invalidFields, notFound } from '../../../api/status.ts';
import { invalid } from '../../../api/validation/field-error.ts';
import { Path } from '../../../api/validation/path.ts';
import type { ApiRequest } from '../../api-request.ts';
import { negotiate } from '../../negotiation/accept.ts';
import { answerJson } from '../../negotiation/answer.ts';
import { answerForm } from '../../negotiation/present.ts';
import { type ApiObject, copyJson, ensureDict, isDict, numberAt, stringAt, valueAt } from '../../registry/api-object.ts';
import type { Core } from '../../registry/core.ts';
import { managedChange, trackFields } from '../../registry/managed-fields.ts';
import type { ScalePaths } from '../../registry/strategy.ts';
import { updateObject } from '../../registry/update.ts';
import { decodeBody, transientKind } from '../decode-body.ts';
import { mutationOptions } from '../options.ts';
import { applyPatch, readPatch, readPatched } from '../patch.ts';
import { checkIdentity } from '../update.ts';

const scaleKind: Kind = transientKind('autoscaling', 'v1', 'Scale');

/** GET, PUT and PATCH of `scale`: the replicas of a workload in a form that is the same for all kinds. */
export async function scaleEndpoint(core: Core, request: ApiRequest): Promise<Response> {
  const { resource, info } = request;
  const accepted = negotiate(request.request.headers.get('accept'));
  const form = answerForm(request, { media: accepted.media });
  const paths = resource.strategy.scale;
  if (info.verb === 'get') {
    const entry = core.entry(resource, info.namespace, info.name);
    if (entry === undefined) throw notFound(resource.subject, info.name);
    return answerJson(200, scaleOf(core.cache.object(resource, entry), paths), form);
  }
  const options = mutationOptions(request, info.verb === 'patch' ? 'PatchOptions' : 'UpdateOptions');
  const wanted = await readScale(core, request, options);
  const { entry } = await updateObject(
    core,
    resource,
    info.namespace,
    info.name,
    (live) => {
      if (live === undefined) throw notFound(resource.subject, info.name);
      const object = withReplicas(live, wanted(live), paths, info.name, info.namespace);
      trackFields(core.fieldTypes, resource, live, object, managedChange(resource, options.fieldManager, 'scale', core.now()));
      return object;
    },
    {
      ...options,
      subresource: 'scale',
      uidGuards: true,
      ...(resource.isCustom ? {} : { check: () => [] }),
      prepare: (object, old) => {
        const path = paths?.specReplicas ?? specReplicas;
        if (numberAt(object, ...path) !== numberAt(old, ...path)) {
          object.metadata.generation = (old.metadata.generation ?? 0) + 1;
        }
      },
    },
  );
  return answerJson(200, scaleOf(core.cache.object(resource, entry), paths), form);
}

/** What gives the scale that a request wants, for the object that stands there. */
async function readScale(
  core: Core,
  request: ApiRequest,
  options: ReturnType<typeof mutationOptions>,
): Promise<(live: ApiObject) => ApiObject> {
  if (request.info.verb === 'patch') {
    const patch = await readPatch(request, scaleKind.definition);
    const paths = request.resource.strategy.scale;
    return (live) => readPatched(scaleKind, applyPatch(patch, { ...scaleOf(live, paths, true) }), options);
  }
  const scale = await decodeBody(core, request, scaleKind, options.fieldValidation);
  return () => scale;
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
  const { resourceVersion: _, ...metadata } = live.metadata;
  const [field = '', ...parents] = [...(paths?.specReplicas ?? specReplicas)].reverse();
  const object: ApiObject = copyJson({
    ...live,
    metadata: { ...metadata, ...(resourceVersion ? { resourceVersion } : {}), ...(uid ? { uid } : {}) },
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
