import type { Taint, Toleration } from '../../api/generated/types/core/v1.ts';

/** Whether one of the tolerations lets the pod live with the taint. Upstream: `Toleration.ToleratesTaint`. */
export function tolerates(tolerations: readonly Toleration[] | undefined, taint: Pick<Taint, 'key' | 'value' | 'effect'>): boolean {
  return (tolerations ?? []).some((t) => {
    if (t.effect && t.effect !== taint.effect) return false;
    if (t.key && t.key !== taint.key) return false;
    return t.operator === 'Exists' || (t.key !== undefined && t.key !== '' && (t.value ?? '') === (taint.value ?? ''));
  });
}
