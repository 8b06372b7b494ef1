import type { NamespaceCondition } from '../../api/generated/types/core/v1.ts';
import type { ContentReport } from './namespace-content.ts';

type Wanted = Pick<NamespaceCondition, 'type' | 'status' | 'reason' | 'message'>;

/**
 * The conditions of a namespace that is being deleted, in upstream's words; those of `previous` that stay are kept as they are. Upstream:
 * `namespaceConditionUpdater`.
 */
export function deletionConditions(previous: readonly NamespaceCondition[], report: ContentReport, now: string): NamespaceCondition[] {
  const conditions = [...previous];
  for (const wanted of wantedConditions(report)) {
    const index = conditions.findIndex(({ type }) => type === wanted.type);
    const old = conditions[index];
    if (old === undefined) conditions.push({ ...wanted, lastTransitionTime: now });
    else if (old.status !== wanted.status) conditions[index] = { ...old, ...wanted, lastTransitionTime: now };
    else if (old.reason !== wanted.reason || old.message !== wanted.message) conditions[index] = { ...old, ...wanted };
  }
  return conditions;
}

function wantedConditions({ discoveryFailure, failures, totals }: ContentReport): Wanted[] {
  const remaining = sorted(totals?.remaining, (name, count) => `${name} has ${count} resource instances`);
  const finalizers = sorted(totals?.finalizers, (name, count) => `${name} in ${count} resource instances`);
  const failed = `Failed to delete all resource types, ${failures.length} remaining: ${failures.toSorted().join(', ')}`;
  return [
    discoveryFailure === undefined
      ? condition('NamespaceDeletionDiscoveryFailure', 'False', 'ResourcesDiscovered', 'All resources successfully discovered')
      : condition('NamespaceDeletionDiscoveryFailure', 'True', 'DiscoveryFailed', discoveryFailure),
    condition('NamespaceDeletionGroupVersionParsingFailure', 'False', 'ParsedGroupVersions', 'All legacy kube types successfully parsed'),
    failures.length > 0
      ? condition('NamespaceDeletionContentFailure', 'True', 'ContentDeletionFailed', failed)
      : condition(
          'NamespaceDeletionContentFailure',
          'False',
          'ContentDeleted',
          'All content successfully deleted, may be waiting on finalization',
        ),
    remaining === ''
      ? condition('NamespaceContentRemaining', 'False', 'ContentRemoved', 'All content successfully removed')
      : condition('NamespaceContentRemaining', 'True', 'SomeResourcesRemain', `Some resources are remaining: ${remaining}`),
    finalizers === ''
      ? condition('NamespaceFinalizersRemaining', 'False', 'ContentHasNoFinalizers', 'All content-preserving finalizers finished')
      : condition(
          'NamespaceFinalizersRemaining',
          'True',
          'SomeFinalizersRemain',
          `Some content in the namespace has finalizers remaining: ${finalizers}`,
        ),
  ];
}

function condition(type: string, status: string, reason: string, message: string): Wanted {
  return { type, status, reason, message };
}

function sorted(counts: ReadonlyMap<string, number> | undefined, text: (name: string, count: number) => string): string {
  return [...(counts ?? [])]
    .map(([name, count]) => text(name, count))
    .sort()
    .join(', ');
}
