import type { Node, Taint, Toleration } from '../../api/generated/types/core/v1.ts';

export const notReadyTaint = 'node.kubernetes.io/not-ready';
export const unreachableTaint = 'node.kubernetes.io/unreachable';
export const outOfServiceTaint = 'node.kubernetes.io/out-of-service';

export function sameTaint(left: Taint, right: Taint): boolean {
  return left.key === right.key && left.effect === right.effect;
}

export function hasTaint(node: Node, key: string, effect: string): boolean {
  return node.spec?.taints?.some((taint) => taint.key === key && taint.effect === effect) === true;
}

/** Whether a toleration lets its pod bear a taint, after `Toleration.ToleratesTaint` of `k8s.io/component-helpers`. */
export function tolerates(toleration: Toleration, taint: Taint): boolean {
  const { key = '', operator = 'Equal', effect = '', value = '' } = toleration;
  if (effect !== '' && effect !== taint.effect) return false;
  if (key !== '' && key !== taint.key) return false;
  switch (operator) {
    case 'Exists':
      return true;
    case 'Equal':
      return key !== '' && value === (taint.value ?? '');
    case 'Lt':
      return bothIntegers(taint.value, value) && Number(taint.value) < Number(value);
    case 'Gt':
      return bothIntegers(taint.value, value) && Number(taint.value) > Number(value);
    default:
      return false;
  }
}

function bothIntegers(left: string | undefined, right: string): boolean {
  return /^-?\d+$/.test(left ?? '') && /^-?\d+$/.test(right);
}
