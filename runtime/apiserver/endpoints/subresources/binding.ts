import type { HttpResponse } from '../../../api/http.ts';
import type { Kind } from '../../../api/kinds/kind.ts';
import { badRequest, conflict, noSuchResource, plainError } from '../../../api/status.ts';
import { formatFieldErrors, validatePodBinding } from '../../../api/validation/index.ts';
import type { ApiRequest } from '../../api-request.ts';
import { answerJson } from '../../negotiation/answer.ts';
import { type ApiObject, arrayAt, ensureDict, isDict, stringAt } from '../../registry/api-object.ts';
import type { Core } from '../../registry/core.ts';
import { updateObject } from '../../registry/update.ts';
import { checkNamespace } from '../create.ts';
import { decodeBody, transientKind } from '../decode-body.ts';
import { mutationOptions } from '../options.ts';

const bindingKind: Kind = transientKind('', 'v1', 'Binding');
const subject = { group: '', resource: 'pods/binding' };

/** POST of a `Binding` to a pod, or to the collection `bindings`: the scheduler's decision. Follows `pkg/registry/core/pod/storage`. */
export async function bindingEndpoint(core: Core, request: ApiRequest): Promise<HttpResponse> {
  const { info } = request;
  const pods = core.resources.find('', 'v1', 'pods');
  if (pods === undefined) throw noSuchResource();
  const options = mutationOptions(request, 'CreateOptions');
  const binding = await decodeBody(core, request, bindingKind, options.fieldValidation);
  checkNamespace(binding, info.namespace);
  const given = binding.metadata.name ?? '';
  const name = info.name || given;
  if (info.name !== '' && given !== '' && given !== info.name) {
    throw badRequest(`name in URL does not match name in Binding object`);
  }
  const errors = validatePodBinding({ ...binding, target: ensureDict(binding, 'target') });
  if (errors.length > 0) throw plainError(formatFieldErrors(errors));
  await updateObject(core, pods, info.namespace, name, (live) => assigned(core, ensurePod(live), binding, name), {
    ...options,
    subresource: 'binding',
    uidGuards: true,
    prepare: () => {},
    check: () => [],
  });
  return answerJson(201, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 });
}

function ensurePod(live: ApiObject | undefined): ApiObject {
  if (live === undefined) throw noSuchResource();
  return live;
}

function assigned(core: Core, live: ApiObject, binding: ApiObject, name: string): ApiObject {
  const { uid, resourceVersion, annotations, labels } = binding.metadata;
  const nodeName = stringAt(live, 'spec', 'nodeName');
  if (live.metadata.deletionTimestamp !== undefined) {
    throw conflict(subject, name, `pod ${name} is being deleted, cannot be assigned to a host`);
  }
  if (nodeName !== '') throw conflict(subject, name, `pod ${name} is already assigned to node ${JSON.stringify(nodeName)}`);
  if (arrayAt(live, 'spec', 'schedulingGates').length > 0) {
    throw conflict(subject, name, `pod ${name} has non-empty .spec.schedulingGates`);
  }
  const { resourceVersion: _, ...metadata } = live.metadata;
  // Upstream's ClearingNominatedNodeNameAfterBinding: the room that was kept for it is taken.
  const { nominatedNodeName: _nominated, ...status } = ensureDict(live, 'status');
  return {
    ...live,
    metadata: {
      ...metadata,
      ...(uid ? { uid } : {}),
      ...(resourceVersion ? { resourceVersion } : {}),
      ...(annotations ? { annotations: { ...metadata.annotations, ...annotations } } : {}),
      ...(labels ? { labels: { ...metadata.labels, ...labels } } : {}),
    },
    spec: { ...ensureDict(live, 'spec'), nodeName: stringAt(binding, 'target', 'name') },
    status: { ...status, conditions: scheduled(core, live) },
  };
}

/** The pod's conditions with `PodScheduled` true. */
function scheduled(core: Core, live: ApiObject): unknown[] {
  const conditions = arrayAt(live, 'status', 'conditions').filter(isDict);
  const { generation } = live.metadata;
  const condition = {
    type: 'PodScheduled',
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: core.now(),
  };
  return [...conditions.filter(({ type }) => type !== 'PodScheduled'), condition];
}
