import { t } from '@vscode/l10n';
import { compareReleases, lifecycleOf } from './history.ts';

/** Of the kinds that manifests may be of, what is needed to find the one that took over. */
interface KindList {
  all(): readonly { readonly apiVersion: string; readonly group: string; readonly kind: string }[];
  find(apiVersion: string, kind: string): { readonly apiVersion: string; readonly kind: string } | undefined;
}

/** The warning of the API server about a kind that a release still serves; undefined when there is none. */
export function deprecationOf(apiVersion: string, kind: string, release: string): string | undefined {
  const { deprecated, removed, replacement } = lifecycleOf(apiVersion, kind) ?? {};
  if (deprecated === undefined || compareReleases(deprecated, release) > 0) return undefined;
  const end = removed === undefined ? '' : `, unavailable in v${removed}+`;
  return `${apiVersion} ${kind} is deprecated in v${deprecated}+${end}${replacement === undefined ? '' : `; use ${replacement}`}`;
}

/** Why a release does not serve a kind of Kubernetes; undefined of kinds that never were. */
export function missingBecause(apiVersion: string, kind: string, release: string): string | undefined {
  const { introduced, removed } = lifecycleOf(apiVersion, kind) ?? {};
  if (removed !== undefined && compareReleases(removed, release) <= 0) return t('removed in Kubernetes {0}', removed);
  return introduced !== undefined && compareReleases(introduced, release) > 0 ? t('added in Kubernetes {0}', introduced) : undefined;
}

/** The kind to use in place of one that is not served: the one that upstream names as far as it is served, else the best version of the same kind. */
export function replacementOf(apiVersion: string, kind: string, kinds: KindList): { apiVersion: string; kind: string } | undefined {
  let named = lifecycleOf(apiVersion, kind)?.replacement;
  for (const seen = new Set<string>(); named !== undefined && !seen.has(named); ) {
    seen.add(named);
    const [version = '', name = ''] = named.split(' ');
    const found = kinds.find(version, name);
    if (found) return found;
    named = lifecycleOf(version, name)?.replacement;
  }
  const group = apiVersion.slice(0, Math.max(0, apiVersion.indexOf('/')));
  const same = kinds.all().filter((known) => known.group === group && known.kind === kind);
  return same.toSorted((a, b) => rank(b.apiVersion) - rank(a.apiVersion))[0];
}

/** Stable versions before beta before alpha, newer before older. */
export function rank(apiVersion: string): number {
  const [, major = '0', stage, minor = '0'] = /v(\d+)(?:(alpha|beta)(\d+))?$/.exec(apiVersion) ?? [];
  return (stage === undefined ? 2_000_000 : stage === 'beta' ? 1_000_000 : 0) + Number(major) * 1000 + Number(minor);
}
