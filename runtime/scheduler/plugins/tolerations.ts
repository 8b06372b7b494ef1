import type { Taint, Toleration } from '../../api/generated/types/core/v1.ts';

/** Whether one of the tolerations lets the pod live with the taint. Upstream: `Toleration.ToleratesTaint`. */
export function tolerates(tolerations: readonly Toleration[] | undefined, taint: Pick<Taint, 'key' | 'value' | 'effect'>): boolean {
  return (tolerations ?? []).some((t) => {
    if (t.effect && t.effect !== taint.effect) return false;
    if (t.key && t.key !== taint.key) return false;
    if (t.operator === 'Exists') return true;
    return (!t.operator || t.operator === 'Equal') && (t.value ?? '') === (taint.value ?? '');
  });
}
