import { t } from '@vscode/l10n';
import { above, type Hovered, type HoverPart } from './part.ts';

type Rounding = 'up' | 'down';

/** Percentages and what they are rounded to: a surge is never too small, an outage never too big. */
const fields: Readonly<Record<string, Rounding>> = {
  'apps.v1.RollingUpdateDeployment.maxSurge': 'up',
  'apps.v1.RollingUpdateDeployment.maxUnavailable': 'down',
  'apps.v1.RollingUpdateStatefulSetStrategy.maxUnavailable': 'up',
  'policy.v1.PodDisruptionBudgetSpec.minAvailable': 'up',
  'policy.v1.PodDisruptionBudgetSpec.maxUnavailable': 'up',
};

/** So many pods a number or percentage is. */
export function podsOf(value: string | number | undefined, replicas: number, rounding: Rounding): number | undefined {
  if (typeof value === 'number') return value;
  const percent = /^(\d+)%$/.exec(value ?? '')?.[1];
  if (percent === undefined) return undefined;
  const exact = (Number(percent) * replicas) / 100;
  return rounding === 'up' ? Math.ceil(exact) : Math.floor(exact);
}

/** How many pods a percentage of an update or a disruption budget means. */
export const strategy: HoverPart = (hovered) => {
  const rounding = fields[hovered.owner];
  if (rounding === undefined) return undefined;
  const value = hovered.field.number ?? hovered.field.text;
  const replicas = replicasOf(hovered);
  if (replicas === undefined) return undefined;
  const pods = podsOf(value, replicas, rounding);
  if (pods === undefined) return undefined;
  const count =
    pods === 1
      ? t('{0} of {1} replicas = **1 pod**', value ?? '', replicas)
      : t('{0} of {1} replicas = **{2} pods**', value ?? '', replicas, pods);
  const rounded =
    typeof value !== 'string' ? t('{0}.', count) : rounding === 'up' ? t('{0}, rounded up.', count) : t('{0}, rounded down.', count);
  return [rounded, consequence(hovered, replicas, pods)].filter((line) => line !== '').join(' ');
};

/** The replicas of a workload, or of those that a disruption budget chooses. */
function replicasOf({ known, object, names, namespace }: Hovered): number | undefined {
  if (known.kind !== 'PodDisruptionBudget') return object.get('spec', 'replicas').number ?? 1;
  const wanted = object.get('spec', 'selector', 'matchLabels').entries();
  const chosen = [...names.inNamespace(namespace)].filter(
    ({ pod, replicas }) =>
      pod && replicas !== undefined && wanted.length > 0 && wanted.every(([name, value]) => pod.labels[name] === value.text),
  );
  return chosen.length === 0 ? undefined : chosen.reduce((sum, { replicas }) => sum + (replicas ?? 0), 0);
}

function consequence(hovered: Hovered, replicas: number, pods: number): string {
  const last = hovered.owner.slice(hovered.owner.lastIndexOf('.') + 1);
  if (hovered.known.kind === 'PodDisruptionBudget') {
    const allowed = last === 'minAvailable' ? replicas - pods : pods;
    return allowed <= 0 ? t('No pod may be evicted: every drain waits.') : t('At most {0} may be evicted at a time.', allowed);
  }
  if (last === 'maxSurge') return t('An update runs up to {0} pods.', replicas + pods);
  const surge = above(hovered, 1).get('maxSurge');
  const surging = podsOf(surge.number ?? surge.text ?? '25%', replicas, 'up');
  // Where both come to nothing the update could not move.
  if (pods === 0 && surging === 0) return t('With no surge either, one pod is taken down at a time.');
  return t('At least {0} stay available during an update.', Math.max(replicas - pods, 0));
}
