import { t } from '@vscode/l10n';
import type { Deployment } from '../../../runtime/api/generated/types/apps/v1.ts';
import type { Pod } from '../../../runtime/api/generated/types/core/v1.ts';
import { formatDuration } from './amount.ts';
import { podCount, restartCount } from './counts.ts';
import { nodeState, notReadySince } from './node-state.ts';
import { type Objects, workloadOf } from './owner.ts';
import { podConditions } from './pod-condition.ts';
import { restarts } from './pod-state.ts';
import { type Condition, compareStates, type State } from './states.ts';
import { deploymentState } from './workload-state.ts';

/** One thing that needs a person's attention: a node, a workload, or pods that fail alike. */
export interface Problem {
  /** Stays the same while the problem does. */
  readonly id: string;
  readonly state: State;
  readonly kind: 'Node' | 'Pod' | 'Deployment';
  readonly namespace?: string;
  /** Names of the objects it is about. */
  readonly names: readonly string[];
  /** `payments-api`, or the node's or lone pod's name. */
  readonly subject: string;
  /** A short reason: `CrashLoopBackOff`, `NotReady 2m`. */
  readonly reason: string;
  /** How often the containers of failing pods were started again. */
  readonly restarts: number;
  /** A sentence: `payments-api keeps restarting`. */
  readonly title: string;
  /** A sentence or two of cause, where one is known. */
  readonly detail?: string;
}

/** Milliseconds a pod may run without being ready before that is a problem. */
const patience = 60_000;

/** The reason of a rollout that does not get on. */
const stuck = 'ProgressDeadlineExceeded';

/** How the ids of all problems of a workload's pods begin. */
function podsId(namespace: string | undefined, kind: string, workload: string): string {
  return `pod/${namespace ?? ''}/${kind}/${workload}/`;
}

/** All that needs attention, the worst first. `now`: milliseconds since the epoch. */
export function findProblems(objects: Objects, now: number): Problem[] {
  const pods = podProblems(objects, now);
  // That a rollout is stuck goes without saying where its pods are told of.
  const failing = pods.filter(({ state }) => state === 'failing').map(({ id }) => id);
  const isTold = ({ reason, namespace, subject }: Problem) =>
    reason === stuck && failing.some((id) => id.startsWith(podsId(namespace, 'Deployment', subject)));
  const problems = [...nodeProblems(objects, now), ...pods, ...deploymentProblems(objects).filter((problem) => !isTold(problem))];
  return problems.sort((a, b) => compareStates(a.state, b.state) || a.subject.localeCompare(b.subject));
}

function nodeProblems(objects: Objects, now: number): Problem[] {
  return objects.list('nodes').flatMap((node): Problem[] => {
    const { state, message } = nodeState(node);
    if (state !== 'failing') return [];
    const name = node.metadata?.name ?? '';
    const since = notReadySince(node);
    const time = since === undefined ? '' : ` ${formatDuration(now - since)}`;
    const pods = objects.list('pods').filter((pod) => pod.spec?.nodeName === name).length;
    const heard = message ?? t('It does not answer.');
    return [
      {
        id: `node/${name}`,
        state,
        kind: 'Node',
        names: [name],
        subject: name,
        reason: `NotReady${time}`,
        restarts: 0,
        title: t('Node {0} is NotReady', name),
        detail: `${/[.。]$/.test(heard) ? heard : `${heard}.`} ${t('{0} on it.', podCount(pods))}`,
      },
    ];
  });
}

function podProblems(objects: Objects, now: number): Problem[] {
  const conditionOf = podConditions(objects);
  const groups = new Map<string, { condition: Condition; pods: Pod[]; owner: string }>();
  for (const pod of objects.list('pods')) {
    const condition = conditionOf(pod);
    if (!needsAttention(pod, condition, now)) continue;
    const { namespace = '', name = '' } = pod.metadata ?? {};
    const workload = workloadOf(pod, objects);
    const owner = workload?.name ?? name;
    const id = podsId(namespace, workload?.kind ?? 'Pod', owner) + (condition.reason ?? '');
    const group = groups.get(id) ?? { condition, pods: [], owner };
    groups.set(id, group);
    group.pods.push(pod);
  }
  return [...groups].map(([id, { condition, pods, owner }]) => {
    const names = pods.map((pod) => pod.metadata?.name ?? '');
    const times = pods.reduce((sum, pod) => sum + restarts(pod), 0);
    return {
      id,
      state: condition.state,
      kind: 'Pod',
      namespace: pods[0]?.metadata?.namespace ?? '',
      names,
      subject: names.length === 1 ? (names[0] ?? '') : podsOf(names.length, owner),
      reason: condition.reason ?? 'Error',
      restarts: condition.state === 'failing' ? times : 0,
      title: podTitle(owner, names, condition),
      ...(detailOf(condition, times) === '' ? {} : { detail: detailOf(condition, times) }),
    };
  });
}

function needsAttention(pod: Pod, { state, reason }: Condition, now: number): boolean {
  switch (state) {
    case 'failing':
      return true;
    case 'pending':
      // Before the scheduler has looked at it there is nothing to tell.
      return reason !== undefined;
    case 'creating':
      return reason?.startsWith('Failed') === true;
    case 'running': {
      const ready = pod.status?.conditions?.find(({ type }) => type === 'Ready');
      const since = ready?.lastTransitionTime ?? pod.status?.startTime;
      return since !== undefined && now - Date.parse(since) > patience;
    }
    default:
      return false;
  }
}

function podTitle(owner: string, names: readonly string[], { state, reason = '' }: Condition): string {
  const pods = names.length;
  const many = pods > 1;
  const who = many ? podsOf(pods, owner) : owner;
  // A pod of its own goes by its name, one of several by its workload's.
  if (state === 'pending') return t('{0} cannot be placed', many || names[0] === owner ? who : t('1 {0} pod', owner));
  if (state === 'running') return many ? t('{0} run but are not ready', who) : t('{0} runs but is not ready', who);
  if (/^Failed(Mount|AttachVolume)$/.test(reason)) return many ? t('{0} wait for a volume', who) : t('{0} waits for a volume', who);
  if (reason === 'FailedCreatePodSandBox') return t('{0} cannot be set up', who);
  if (reason.endsWith('CrashLoopBackOff')) return many ? t('{0} keep restarting', who) : t('{0} keeps restarting', who);
  if (/ImagePullBackOff|ErrImagePull|InvalidImageName|ErrImageNeverPull/.test(reason))
    return many ? t('{0} cannot get their image', who) : t('{0} cannot get its image', who);
  if (reason === 'OOMKilled') return t('{0} ran out of memory', who);
  if (reason === 'Evicted') return many ? t('{0} were evicted', who) : t('{0} was evicted', who);
  return many ? t('{0} fail: {1}', who, reason) : t('{0} fails: {1}', who, reason);
}

function podsOf(n: number, owner: string): string {
  return t('{0} {1} pods', n, owner);
}

function detailOf({ state, message = '' }: Condition, times: number): string {
  const told = state === 'failing' && times > 0 ? t('{0}. ', restartCount(times)) : '';
  return (told + message.replace(/(?<=\.) (?:preemption: .*|no new claims .*|not found)$/s, '')).trim();
}

function deploymentProblems(objects: Objects): Problem[] {
  return objects.list('deployments').flatMap((deployment: Deployment): Problem[] => {
    const { state, reason = 'Failed', message } = deploymentState(deployment);
    if (state !== 'failing') return [];
    const { namespace = '', name = '' } = deployment.metadata ?? {};
    return [
      {
        id: `deployment/${namespace}/${name}`,
        state,
        kind: 'Deployment',
        namespace,
        names: [name],
        subject: name,
        reason,
        restarts: 0,
        title: reason === stuck ? t('The rollout of {0} is stuck', name) : t('{0} cannot make pods', name),
        ...(message === undefined ? {} : { detail: message }),
      },
    ];
  });
}
