import { withDisruptionAllowed } from '../../../api/disruption-allowed.ts';
import type { Condition, DeleteOptions } from '../../../api/generated/types/meta/v1.ts';
import type { HttpResponse } from '../../../api/http.ts';
import type { Kind } from '../../../api/kinds/kind.ts';
import { selectorFromLabelSelector } from '../../../api/selectors/index.ts';
import { badRequest, forbidden, noSuchResource, notFound, plainError, tooManyRequests } from '../../../api/status.ts';
import type { ApiRequest } from '../../api-request.ts';
import { answerJson } from '../../negotiation/answer.ts';
import { type ApiObject, arrayAt, type Dict, ensureDict, isDict, numberAt, stringAt, valueAt } from '../../registry/api-object.ts';
import type { Core } from '../../registry/core.ts';
import { checkPreconditions, deleteObject } from '../../registry/delete.ts';
import { updateObject } from '../../registry/update.ts';
import { checkNamespace } from '../create.ts';
import { decodeBody, transientKind } from '../decode-body.ts';
import { checkDeleteOptions, type MutationOptions, mutationOptions } from '../options.ts';
import { admitPart } from './admit-part.ts';
import { withCondition } from './pod-conditions.ts';

const evictionKind: Kind = transientKind('policy', 'v1', 'Eviction');
const olderEvictionKind: Kind = { ...evictionKind, version: 'v1beta1' };
const budgets = { group: 'policy', resource: 'poddisruptionbudgets' };
/** Upstream names the budgets in the singular where it refuses by itself. */
const oneBudget = { group: 'policy', resource: 'poddisruptionbudget' };
const maxDisruptedPods = 2000;

/** POST of an `Eviction` to a pod: a deletion that the pod's disruption budget may refuse. Follows `pkg/registry/core/pod/storage/eviction.go`. */
export async function evictionEndpoint(core: Core, request: ApiRequest): Promise<HttpResponse> {
  const { resource, info } = request;
  const options = mutationOptions(request, 'CreateOptions');
  const eviction = await decodeBody(core, request, evictionKind, options.fieldValidation, [olderEvictionKind]);
  checkNamespace(eviction, info.namespace);
  if (eviction.metadata.name !== info.name) throw badRequest('name in URL does not match name in Eviction object');
  await admitPart(core, request, 'CREATE', eviction, evictionKind, options.dryRun);
  const entry = core.entry(resource, info.namespace, info.name);
  if (entry === undefined) throw notFound(resource.subject, info.name);
  const pod = core.cache.object(resource, entry);
  const given = eviction.deleteOptions;
  const deletion: DeleteOptions = isDict(given) ? given : {};
  checkDeleteOptions(deletion);
  const dryRun = options.dryRun || (deletion.dryRun?.length ?? 0) > 0;
  if (!isFinished(pod)) await spendBudget(core, pod, { ...options, dryRun });
  const marked = dryRun ? deletion : await markEvicted(core, request, deletion, options);
  await deleteObject(core, resource, info.namespace, info.name, marked, { ...options, dryRun });
  return answerJson(201, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 });
}

/** Says in the pod why it goes. Gives the options of its deletion, of which a resourceVersion is that of the pod as it is now. */
async function markEvicted(
  core: Core,
  { resource, info }: ApiRequest,
  deletion: DeleteOptions,
  options: MutationOptions,
): Promise<DeleteOptions> {
  const { entry } = await updateObject(
    core,
    resource,
    info.namespace,
    info.name,
    (live) => {
      if (live === undefined) throw notFound(resource.subject, info.name);
      checkPreconditions(resource, info.name, live, deletion);
      const status = { ...ensureDict(live, 'status'), conditions: withCondition(live, evicted, core.now()) };
      return { ...live, metadata: { ...live.metadata }, status };
    },
    { ...options, subresource: 'status', withoutAdmission: true, prepare: () => {}, check: () => [] },
  );
  const { preconditions } = deletion;
  if (preconditions?.resourceVersion === undefined) return deletion;
  return { ...deletion, preconditions: { ...preconditions, resourceVersion: String(entry.revision) } };
}

const evicted = { type: 'DisruptionTarget', status: 'True', reason: 'EvictionByEvictionAPI', message: 'Eviction API: evicting' };

/** Pods that run nothing may go whatever the budget says. */
function isFinished(pod: ApiObject): boolean {
  const phase = stringAt(pod, 'status', 'phase');
  return phase === 'Succeeded' || phase === 'Failed' || phase === 'Pending' || pod.metadata.deletionTimestamp !== undefined;
}

function isReady(pod: ApiObject): boolean {
  return arrayAt(pod, 'status', 'conditions').some(
    (condition) => stringAt(condition, 'type') === 'Ready' && stringAt(condition, 'status') === 'True',
  );
}

/** Takes one disruption from the budget that covers the pod, if there is one. Throws 429 when it has none left. */
async function spendBudget(core: Core, pod: ApiObject, options: MutationOptions): Promise<void> {
  const { namespace = '', name = '' } = pod.metadata;
  const covering = core.reader.list('policy', 'poddisruptionbudgets', namespace).filter((budget) => covers(budget, pod));
  const [budget, another] = covering;
  if (budget === undefined) return;
  if (another !== undefined) {
    throw plainError('This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.');
  }
  if (!isReady(pod) && mayEvictUnready(budget)) return;
  const resource = core.resources.find('policy', 'v1', 'poddisruptionbudgets');
  if (resource === undefined) throw noSuchResource();
  await updateObject(
    core,
    resource,
    namespace,
    budget.metadata.name ?? '',
    (live) => {
      if (live === undefined) throw notFound(budgets, budget.metadata.name ?? '');
      return spent(core, live, name);
    },
    { ...options, subresource: 'status', check: () => [] },
  );
}

function covers(budget: ApiObject, pod: ApiObject): boolean {
  const selector = valueAt(budget, 'spec', 'selector');
  return isDict(selector) && selectorFromLabelSelector(selector).matches(pod.metadata.labels);
}

function mayEvictUnready(budget: ApiObject): boolean {
  if (stringAt(budget, 'spec', 'unhealthyPodEvictionPolicy') === 'AlwaysAllow') return true;
  const desired = numberAt(budget, 'status', 'desiredHealthy') ?? 0;
  return desired > 0 && (numberAt(budget, 'status', 'currentHealthy') ?? 0) >= desired;
}

function spent(core: Core, budget: ApiObject, pod: string): ApiObject {
  const name = budget.metadata.name ?? '';
  const status = ensureDict(budget, 'status');
  const allowed = numberAt(status, 'disruptionsAllowed') ?? 0;
  if ((numberAt(status, 'observedGeneration') ?? 0) < (budget.metadata.generation ?? 0)) {
    throw refused(`The disruption budget ${name} is still being processed by the server.`, 10);
  }
  if (allowed < 0) throw forbidden(oneBudget, name, 'pdb disruptions allowed is negative');
  const disrupted = isDict(status.disruptedPods) ? status.disruptedPods : {};
  if (Object.keys(disrupted).length > maxDisruptedPods) {
    throw forbidden(oneBudget, name, 'DisruptedPods map too big - too many evictions not confirmed by PDB controller');
  }
  if (allowed === 0) {
    throw refused(whyNot(name, status), 0);
  }
  const now = core.now();
  const left: Dict = { ...status, disruptionsAllowed: allowed - 1, disruptedPods: { ...disrupted, [pod]: now } };
  if (allowed === 1) {
    // Nothing invalid is stored: these are conditions.
    const conditions = arrayAt(status, 'conditions') as Condition[];
    const observedGeneration = numberAt(status, 'observedGeneration') ?? 0;
    left.conditions = withDisruptionAllowed(
      conditions,
      { status: 'False', observedGeneration, reason: 'InsufficientPods', message: '' },
      now,
    );
  }
  return { ...budget, metadata: { ...budget.metadata }, status: left };
}

/** Why a budget has nothing to spend. */
function whyNot(name: string, status: Dict): string {
  const [desired, current] = ['desiredHealthy', 'currentHealthy'].map((field) => numberAt(status, field) ?? 0);
  const condition = arrayAt(status, 'conditions').find((each) => stringAt(each, 'type') === 'DisruptionAllowed');
  const reason = stringAt(condition, 'reason');
  const message = stringAt(condition, 'status') === 'False' ? stringAt(condition, 'message') : '';
  if (message !== '' && reason === 'SyncFailed') {
    return `The disruption budget ${name} does not allow evicting pods currently because it failed sync: ${message}`;
  }
  if (Number(current) <= Number(desired)) return `The disruption budget ${name} needs ${desired} healthy pods and has ${current} currently`;
  const told = message === '' ? '' : ` (${reason}): ${message}`;
  return `The disruption budget ${name} does not allow evicting pods currently${told}`;
}

function refused(why: string, retryAfterSeconds: number): Error {
  return tooManyRequests("Cannot evict pod as it would violate the pod's disruption budget.", retryAfterSeconds, [
    { reason: 'DisruptionBudget', message: why },
  ]);
}
