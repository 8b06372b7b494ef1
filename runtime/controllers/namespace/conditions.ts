import type { NamespaceCondition } from '../../api/generated/types/core/v1.ts';
import type { ContentReport } from './namespace-content.ts';

/** The conditions of a namespace that is being deleted, in upstream's words. Transition times of conditions that stay are kept. */
export function deletionConditions(previous: readonly NamespaceCondition[], report: ContentReport, now: string): NamespaceCondition[] {
  const next = [
    report.discoveryFailure === undefined
      ? condition('NamespaceDeletionDiscoveryFailure', 'False', 'ResourcesDiscovered', 'All resources successfully discovered')
      : condition('NamespaceDeletionDiscoveryFailure', 'True', 'DiscoveryFailed', report.discoveryFailure),
    condition('NamespaceDeletionGroupVersionParsingFailure', 'False', 'ParsedGroupVersions', 'All legacy kube types successfully parsed'),
    report.deletionFailures.length === 0
      ? condition(
          'NamespaceDeletionContentFailure',
          'False',
          'ContentDeleted',
          'All content successfully deleted, may be waiting on finalization',
        )
      : condition(
          'NamespaceDeletionContentFailure',
          'True',
          'ContentDeletionFailed',
          `Failed to delete all resource types, ${report.deletionFailures.length} remaining: ${report.deletionFailures.join(', ')}`,
        ),
    report.remaining.size === 0
      ? condition('NamespaceContentRemaining', 'False', 'ContentRemoved', 'All content successfully removed')
      : condition(
          'NamespaceContentRemaining',
          'True',
          'SomeResourcesRemain',
          `Some resources are remaining: ${sorted(report.remaining)
            .map(([name, count]) => `${name} has ${count} resource instances`)
            .join(', ')}`,
        ),
    report.finalizers.size === 0
      ? condition('NamespaceFinalizersRemaining', 'False', 'ContentHasNoFinalizers', 'All content-preserving finalizers finished')
      : condition(
          'NamespaceFinalizersRemaining',
          'True',
          'SomeFinalizersRemain',
          `Some content in the namespace has finalizers remaining: ${sorted(report.finalizers)
            .map(([name, count]) => `${name} in ${count} resource instances`)
            .join(', ')}`,
        ),
  ];
  const known = new Map(previous.map((old) => [old.type, old]));
  const others = previous.filter((old) => !next.some(({ type }) => type === old.type));
  return [
    ...others,
    ...next.map((wanted) => {
      const old = known.get(wanted.type);
      return { ...wanted, lastTransitionTime: old?.status === wanted.status ? (old.lastTransitionTime ?? now) : now };
    }),
  ];
}

function condition(type: string, status: string, reason: string, message: string): NamespaceCondition {
  return { type, status, reason, message };
}

function sorted(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].sort(([left], [right]) => (left < right ? -1 : 1));
}
