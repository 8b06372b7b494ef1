import { withDisruptionAllowed } from '../../api/disruption-allowed.ts';
import { jsonEqual } from '../../api/equality.ts';
import type { Pod } from '../../api/generated/types/core/v1.ts';
import type { LabelSelector } from '../../api/generated/types/meta/v1.ts';
import type { PodDisruptionBudget, PodDisruptionBudgetStatus } from '../../api/generated/types/policy/v1.ts';
import { selectorFromLabelSelector } from '../../api/selectors/labels.ts';
import { isReason } from '../../client/client.ts';
import { runController } from '../../client/controller.ts';
import { keyOf, nameOf, namespaceOf, splitKey } from '../../client/object-key.ts';
import { podDisruptionBudgets, pods } from '../../client/resources.ts';
import { formatTime } from '../../simulation/clock.ts';
import { type Controller, type ControllerContext, queueFor, recorderFor } from '../common/context.ts';
import { isPodReady, isPodTerminal, isPodTerminating, podCondition, withPodCondition } from '../common/pods.ts';
import { ExpectedPods } from './expected-pods.ts';

const name = 'disruption-controller';

/** How long an evicted pod may take to be deleted before it counts again. */
const deletionTimeout = 2 * 60_000;
/** How long a pod that was told to go, and stays, is marked. */
const staleTimeout = 2 * 60_000;

/** Says of every PodDisruptionBudget how many pods may go; after `pkg/controller/disruption` of Kubernetes. */
export function createDisruptionController(context: ControllerContext): Controller {
  const { client, informers, clock, log } = context;
  const budgets = informers.for(podDisruptionBudgets);
  const podInformer = informers.for(pods);
  const expected = new ExpectedPods(context);
  const recorder = recorderFor(context, 'controllermanager');
  const queue = queueFor(context, 'disruption');
  const staleQueue = queueFor(context, 'stale_pod_disruption');

  const isOf = (budget: PodDisruptionBudget, pod: Pod) => selectorFromLabelSelector(budget.spec?.selector).matches(pod.metadata?.labels);
  const podChanged = (pod: Pod) => {
    const [budget, ...others] = budgets.lister.list(namespaceOf(pod)).filter((each) => isOf(each, pod));
    if (budget !== undefined) {
      if (others.length > 0) {
        const message = `Pod "${namespaceOf(pod)}"/"${nameOf(pod)}" matches multiple PodDisruptionBudgets.  Chose "${nameOf(budget)}" arbitrarily.`;
        recorder.event(pod, 'Warning', 'MultiplePodDisruptionBudgets', message);
      }
      queue.add(keyOf(budget));
    }
    const wait = staleAfter(pod, clock.now());
    if (wait !== undefined) staleQueue.addAfter(keyOf(pod), wait);
  };
  const budgetChanged = (budget: PodDisruptionBudget) => queue.add(keyOf(budget));
  budgets.on({ added: budgetChanged, updated: budgetChanged, deleted: budgetChanged });
  podInformer.on({
    added: podChanged,
    updated(pod, before) {
      podChanged(pod);
      if (jsonEqual(pod.metadata?.labels, before.metadata?.labels)) return;
      for (const budget of budgets.lister.list(namespaceOf(pod))) if (isOf(budget, before)) budgetChanged(budget);
    },
    deleted: podChanged,
  });

  const write = async (budget: PodDisruptionBudget, status: PodDisruptionBudgetStatus) => {
    await client.resource(podDisruptionBudgets).update({ ...budget, status }, 'status');
  };

  const sync = async (budget: PodDisruptionBudget) => {
    const now = clock.now();
    const covered = podInformer.lister.list(namespaceOf(budget)).filter((pod) => isOf(budget, pod));
    if (covered.length === 0) recorder.event(budget, 'Normal', 'NoPods', 'No matching pods found');
    const { count, desiredHealthy, unmanaged } = await expected.of(budget, covered).catch((error: unknown) => {
      const text = error instanceof Error ? error.message : String(error);
      const message = `Failed to calculate the number of expected pods: ${text}`;
      recorder.event(budget, 'Warning', 'CalculateExpectedPodCountFailed', message);
      throw error;
    });
    if (unmanaged.length > 0) recorder.event(budget, 'Warning', 'UnmanagedPods', unmanagedMessage(budget));
    const disrupted = stillDisrupted(budget, covered, now);
    for (const pod of disrupted.overdue) {
      // Upstream names the namespace twice.
      const place = `${namespaceOf(budget)}/${namespaceOf(budget)}`;
      recorder.event(pod, 'Warning', 'NotDeleted', `Pod was expected by PDB ${place} to be deleted but it wasn't`);
    }
    const healthy = covered.filter((pod) => !isPodTerminating(pod) && disrupted.pods[nameOf(pod)] === undefined && isPodReady(pod));
    const allowed = count <= 0 ? 0 : Math.max(healthy.length - desiredHealthy, 0);
    const generation = budget.metadata?.generation ?? 0;
    const status: PodDisruptionBudgetStatus = {
      currentHealthy: healthy.length,
      desiredHealthy,
      expectedPods: count,
      disruptionsAllowed: allowed,
      ...(Object.keys(disrupted.pods).length > 0 && { disruptedPods: disrupted.pods }),
      observedGeneration: generation,
      conditions: withDisruptionAllowed(
        budget.status?.conditions ?? [],
        {
          status: allowed > 0 ? 'True' : 'False',
          reason: allowed > 0 ? 'SufficientPods' : 'InsufficientPods',
          message: '',
          observedGeneration: generation,
        },
        formatTime(now),
      ),
    };
    if (!jsonEqual(budget.status, status)) await write(budget, status);
    if (disrupted.recheckAt !== undefined) queue.addAfter(keyOf(budget), disrupted.recheckAt - now);
  };

  const reconcile = async (key: string) => {
    const { namespace, name: budgetName } = splitKey(key);
    const budget = budgets.lister.get(namespace, budgetName);
    if (budget === undefined) return;
    try {
      await sync(budget);
    } catch (error) {
      if (isReason(error, 'Conflict')) throw error;
      // When nothing is known, nothing may be evicted.
      const message = error instanceof Error ? error.message : String(error);
      const observedGeneration = budget.status?.observedGeneration ?? 0;
      const failed = { status: 'False', reason: 'SyncFailed', message, observedGeneration } as const;
      const conditions = withDisruptionAllowed(budget.status?.conditions ?? [], failed, formatTime(clock.now()));
      const status = { currentHealthy: 0, desiredHealthy: 0, expectedPods: 0, ...budget.status, disruptionsAllowed: 0, conditions };
      if (!jsonEqual(budget.status, status)) await write(budget, status);
    }
  };

  const clearStale = async (key: string) => {
    const { namespace, name: podName } = splitKey(key);
    const pod = podInformer.lister.get(namespace, podName);
    const wait = pod && staleAfter(pod, clock.now());
    if (pod === undefined || wait === undefined) return;
    if (wait > 0) return staleQueue.addAfter(key, wait);
    const cleared = withPodCondition(pod, { type: 'DisruptionTarget', status: 'False' }, formatTime(clock.now()));
    await client.resource(pods).update(cleared, 'status');
  };

  return {
    name,
    async run(signal) {
      await Promise.all([budgets.synced(), podInformer.synced(), expected.synced()]);
      await Promise.all([
        runController({ name, queue, workers: 1, reconcile, signal, log }),
        runController({ name, queue: staleQueue, workers: 1, reconcile: clearStale, signal, log }),
      ]);
    },
  };
}

/** Evicted pods that are on their way out yet, those that should long be gone, and when to look again. */
function stillDisrupted({ status }: PodDisruptionBudget, covered: readonly Pod[], now: number) {
  const disrupted: Record<string, string> = {};
  const overdue: Pod[] = [];
  let recheckAt: number | undefined;
  for (const pod of covered) {
    const since = status?.disruptedPods?.[nameOf(pod)];
    if (since === undefined || isPodTerminating(pod)) continue;
    // A time that is none is null, and long ago.
    const end = (Date.parse(since) || 0) + deletionTimeout;
    if (end < now) {
      overdue.push(pod);
      continue;
    }
    recheckAt = Math.min(recheckAt ?? end, end);
    disrupted[nameOf(pod)] = since;
  }
  return { pods: disrupted, overdue, recheckAt };
}

/** In how many milliseconds the mark of a pod that was told to go and did not is taken off; nothing for pods without such a mark. */
function staleAfter(pod: Pod, now: number): number | undefined {
  const condition = podCondition(pod, 'DisruptionTarget');
  if (condition?.status !== 'True' || condition.reason === 'TerminationByKubelet') return undefined;
  if (isPodTerminating(pod) || isPodTerminal(pod)) return undefined;
  return Math.max(staleTimeout - (now - Date.parse(condition.lastTransitionTime ?? formatTime(now))), 0);
}

function unmanagedMessage({ spec }: PodDisruptionBudget): string {
  return (
    `Pods selected by this PodDisruptionBudget (selector: ${goSelector(spec?.selector)}) were found ` +
    'to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. ' +
    'To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.'
  );
}

/** A selector as Go prints it, which is how upstream's events show it. */
function goSelector({ matchLabels = {}, matchExpressions = [] }: LabelSelector = {}): string {
  const labels = Object.entries(matchLabels)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, value]) => `${key}: ${value},`);
  const expressions = matchExpressions.map(
    ({ key, operator, values = [] }) => `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],},`,
  );
  const list = `[]LabelSelectorRequirement{${expressions.join('')}}`;
  return `&LabelSelector{MatchLabels:map[string]string{${labels.join('')}},MatchExpressions:${list},}`;
}
