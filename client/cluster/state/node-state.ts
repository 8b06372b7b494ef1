import { t } from '@vscode/l10n';
import type { Node } from '../../../runtime/api/generated/types/core/v1.ts';
import type { Condition } from './states.ts';

/** How a node is: ready, failing when it says or shows that it is not, creating before it said anything. */
export function nodeState(node: Node): Condition {
  const ready = node.status?.conditions?.find((condition) => condition.type === 'Ready');
  if (node.metadata?.deletionTimestamp !== undefined) return { state: 'terminating', reason: t('Terminating') };
  if (ready === undefined) return { state: 'creating', reason: t('Joining') };
  if (ready.status === 'True') return { state: 'ready' };
  return { state: 'failing', reason: 'NotReady', ...(ready.message === undefined ? {} : { message: ready.message }) };
}

/** When a node stopped being ready, in milliseconds since the epoch. */
export function notReadySince(node: Node): number | undefined {
  const ready = node.status?.conditions?.find((condition) => condition.type === 'Ready');
  if (ready === undefined || ready.status === 'True' || ready.lastTransitionTime === undefined) return undefined;
  return Date.parse(ready.lastTransitionTime);
}

/** The zone a node says it stands in. */
export function zoneOf(node: Node): string | undefined {
  return node.metadata?.labels?.['topology.kubernetes.io/zone'];
}

/** Taints that a person or an administrator set, not those that tell the node's own condition. */
export function taintsOf(node: Node): string[] {
  return (node.spec?.taints ?? [])
    .filter(({ key }) => !key.startsWith('node.kubernetes.io/'))
    .map(({ key, value, effect }) => `${key}${value ? `=${value}` : ''}:${effect}`);
}
