import { t } from '@vscode/l10n';
import { above, duration, type Hovered, type HoverPart } from './part.ts';

/** What a number of seconds comes to, and what happens when they are over. */
export const seconds: HoverPart = (hovered) => {
  const { owner, field } = hovered;
  const count = field.number;
  if (count === undefined || !/[sS]econds(AfterFinished)?$/.test(owner)) return undefined;
  const said = about[owner]?.(count, hovered);
  if (said !== undefined) return said;
  return count >= 120 && !owner.startsWith('core.v1.Probe.') ? t('{0} s = **{1}**', count, duration(count)) : undefined;
};

const about: Readonly<Record<string, (count: number, hovered: Hovered) => string>> = {
  'core.v1.PodSpec.terminationGracePeriodSeconds': (count) =>
    count === 0
      ? t('Killed at once, without a signal to end by itself.')
      : t(
          'On deletion preStop hooks run and containers get SIGTERM; whatever still runs after **{0}** is killed. The hooks count, too.',
          duration(count),
        ),
  'core.v1.Toleration.tolerationSeconds': (count, hovered) => {
    const effect = above(hovered, 1).get('effect').text;
    if (effect !== undefined && effect !== 'NoExecute') return t('Has a meaning with effect NoExecute only, not with {0}.', effect);
    const key = above(hovered, 1).get('key').text ?? t('the taint');
    return count <= 0
      ? t('Evicted at once when the node gets {0}.', key)
      : t('Stays for **{0}** after the node gets {1}, then is evicted.', duration(count), key);
  },
  'batch.v1.JobSpec.activeDeadlineSeconds': (count) =>
    t('The Job fails, and its pods are ended, **{0}** after it started.', duration(count)),
  'batch.v1.JobSpec.ttlSecondsAfterFinished': (count) =>
    count === 0 ? t('Deleted as soon as it has finished.') : t('Deleted **{0}** after it has finished.', duration(count)),
  'batch.v1.CronJobSpec.startingDeadlineSeconds': (count) =>
    [
      t('A run that cannot start within **{0}** of its time is missed.', duration(count)),
      ...(count < 10 ? [t('Below 10 s it may never start: the controller looks every 10 s.')] : []),
    ].join(' '),
  'apps.v1.DeploymentSpec.progressDeadlineSeconds': (count) =>
    t('A rollout without progress for **{0}** counts as failed; nothing is rolled back.', duration(count)),
};
