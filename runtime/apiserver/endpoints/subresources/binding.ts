import type { HttpResponse } from '../../../api/http.ts';
import type { Kind } from '../../../api/kinds/kind.ts';
import { badRequest, conflict, noSuchResource, plainError } from '../../../api/status.ts';
import { formatFieldErrors, validatePodBinding } from '../../../api/validation/index.ts';
import type { ApiRequest } from '../../api-request.ts';
import { answerJson } from '../../negotiation/answer.ts';
import { type ApiObject, arrayAt, ensureDict, stringAt } from '../../registry/api-object.ts';
import type { Core } from '../../registry/core.ts';
import { failedPrecondition, updateObject } from '../../registry/update.ts';
import { checkNamespace } from '../create.ts';
import { decodeBody, transientKind } from '../decode-body.ts';
import { mutationOptions } from '../options.ts';
import { admitPart } from './admit-part.ts';
import { withCondition } from './pod-conditions.ts';

const bindingKind: Kind = transientKind('', 'v1', 'Binding');
const subject = { group: '', resource: 'pods/binding' };
const podSubject = { group: '', resource: 'pods' };

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
  if (given !== name) throw badRequest('name in URL does not match name in Binding object');
  if (name === '') throw badRequest('Name parameter required.');
  const errors = validatePodBinding({ ...binding, target: ensureDict(binding, 'target') });
  if (errors.length > 0) throw plainError(formatFieldErrors(errors));
  await admitPart(core, request, 'CREATE', binding, bindingKind, options.dryRun);
  const key = pods.keyOf(info.namespace, name);
  await updateObject(core, pods, info.namespace, name, (live) => assigned(core, ensurePod(live), binding, key), {
    ...options,
    subresource: 'binding',
    withoutAdmission: true,
    prepare: () => {},
    check: () => [],
  });
  return answerJson(201, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 });
}

function ensurePod(live: ApiObject | undefined): ApiObject {
  if (live === undefined) throw noSuchResource();
  return live;
}

function assigned(core: Core, live: ApiObject, binding: ApiObject, key: string): ApiObject {
  const { name = '', uid, resourceVersion, annotations, labels } = binding.metadata;
  const { uid: itsUid = '', resourceVersion: itsVersion = '' } = live.metadata;
  const isOther = (wanted: string | undefined, found: string): wanted is string => Boolean(wanted) && wanted !== found;
  if (isOther(uid, itsUid)) throw conflict(podSubject, name, failedPrecondition(key, 'UID', uid, itsUid));
  if (isOther(resourceVersion, itsVersion)) {
    throw conflict(podSubject, name, failedPrecondition(key, 'ResourceVersion', resourceVersion, itsVersion));
  }
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
      ...(annotations ? { annotations: { ...metadata.annotations, ...annotations } } : {}),
      ...(labels ? { labels: { ...metadata.labels, ...labels } } : {}),
    },
    spec: { ...ensureDict(live, 'spec'), nodeName: stringAt(binding, 'target', 'name') },
    status: { ...status, conditions: withCondition(live, { type: 'PodScheduled', status: 'True' }, core.now()) },
  };
}
