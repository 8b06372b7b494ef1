import { above, duration, type Hovered, type HoverPart } from './part.ts';

/** What a number of seconds comes to, and what happens when they are over. */
export const seconds: HoverPart = (hovered) => {
  const { owner, field } = hovered;
  const count = field.number;
  if (count === undefined || !/[sS]econds(AfterFinished)?$/.test(owner)) return undefined;
  const said = about[owner]?.(count, hovered);
  if (said !== undefined) return said;
  return count >= 120 && !owner.startsWith('core.v1.Probe.') ? `${count} s = **${duration(count)}**` : undefined;
};

const about: Readonly<Record<string, (count: number, hovered: Hovered) => string>> = {
  'core.v1.PodSpec.terminationGracePeriodSeconds': (count) =>
    count === 0
      ? 'Killed at once, without a signal to end by itself.'
      : `On deletion preStop hooks run and containers get SIGTERM; whatever still runs after **${duration(count)}** is killed. The hooks count, too.`,
  'core.v1.Toleration.tolerationSeconds': (count, hovered) => {
    const effect = above(hovered, 1).get('effect').text;
    if (effect !== undefined && effect !== 'NoExecute') return `Has a meaning with effect NoExecute only, not with ${effect}.`;
    const key = above(hovered, 1).get('key').text ?? 'the taint';
    return count <= 0
      ? `Evicted at once when the node gets ${key}.`
      : `Stays for **${duration(count)}** after the node gets ${key}, then is evicted.`;
  },
  'batch.v1.JobSpec.activeDeadlineSeconds': (count) => `The Job fails, and its pods are ended, **${duration(count)}** after it started.`,
  'batch.v1.JobSpec.ttlSecondsAfterFinished': (count) =>
    count === 0 ? 'Deleted as soon as it has finished.' : `Deleted **${duration(count)}** after it has finished.`,
  'batch.v1.CronJobSpec.startingDeadlineSeconds': (count) =>
    `A run that cannot start within **${duration(count)}** of its time is missed.${count < 10 ? ' Below 10 s it may never start: the controller looks every 10 s.' : ''}`,
  'apps.v1.DeploymentSpec.progressDeadlineSeconds': (count) =>
    `A rollout without progress for **${duration(count)}** counts as failed; nothing is rolled back.`,
};
