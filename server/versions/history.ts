import { t } from '@vscode/l10n';
import history from '../../runtime/api/kinds/history.json';
import type { FieldChange, History, Lifecycle, Span } from '../../runtime/api/kinds/history.ts';

/** The differences between the releases of Kubernetes that are known here. */
export const releases: History = history as unknown as History;

/** The newest release: the one whose schemas are shipped whole. */
export const newest = releases.releases.at(-1) ?? '';

/** How two releases, `1.9` and `1.30`, stand to each other: negative when the left one is older. */
export function compareReleases(left: string, right: string): number {
  return minorOf(left) - minorOf(right);
}

function minorOf(release: string): number {
  return Number(release.split('.')[1]);
}

/** Whether something that came and went is there in a release. */
export function isIn({ added, removed }: Span, release: string): boolean {
  return (added === undefined || compareReleases(added, release) <= 0) && (removed === undefined || compareReleases(release, removed) < 0);
}

/** What changed about a field; undefined when every known release has it, or none. */
export function changeOf(definition: string | undefined, field: string): FieldChange | undefined {
  const fields = definition === undefined ? undefined : releases.fields[definition];
  return fields && Object.hasOwn(fields, field) ? fields[field] : undefined;
}

/** How long a kind is served; undefined of kinds that are not Kubernetes' own. */
export function lifecycleOf(apiVersion: string, kind: string): Lifecycle | undefined {
  const key = `${apiVersion} ${kind}`;
  return Object.hasOwn(releases.kinds, key) ? releases.kinds[key] : undefined;
}

/** Why a field is not there in a release, to be put behind what else is said of it; empty when no release has it. */
export function absence(change: Span | undefined, release: string): string {
  if (!change || isIn(change, release)) return '';
  const isGone = change.removed !== undefined && compareReleases(change.removed, release) <= 0;
  return isGone ? `: ${t('removed in Kubernetes {0}', change.removed ?? '')}` : `: ${t('added in Kubernetes {0}', change.added ?? '')}`;
}
