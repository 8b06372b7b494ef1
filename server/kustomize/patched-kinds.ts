import type { Kinds, KnownKind } from '../schemas/kinds.ts';
import type { Applied } from './apply-patches.ts';
import { fitsKind } from './target.ts';

/** The kinds of what a JSON patch is applied to. */
export interface PatchedKinds {
  readonly kinds: readonly KnownKind[];
  /** Whether objects of all of them are patched; else some may be meant only by the way the target is written. */
  readonly certain: boolean;
}

/** The kinds that a patch meets: those of the objects it is for, or where none is known those that its target names. */
export function kindsOf({ target, resources }: Applied, kinds: Kinds): PatchedKinds {
  const found = new Map<string, KnownKind>();
  for (const { apiVersion, kind } of resources) {
    const known = kinds.find(apiVersion, kind);
    if (known) found.set(`${apiVersion} ${kind}`, known);
  }
  if (resources.length > 0) return { kinds: [...found.values()], certain: true };
  if (!target?.kind) return { kinds: [], certain: false };
  return { kinds: kinds.all().filter(({ apiVersion, kind }) => fitsKind(target, apiVersion, kind)), certain: false };
}
