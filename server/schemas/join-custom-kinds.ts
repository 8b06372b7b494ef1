import type { CustomKind } from './custom.ts';
import type { CustomKinds } from './kinds.ts';

/** Asks several sources of custom kinds; of a kind that two of them define the first one's definition counts. */
export function joinCustomKinds(sources: readonly CustomKinds[]): CustomKinds {
  return {
    get generation() {
      return sources.reduce((sum, source) => sum + source.generation, 0);
    },
    list(group) {
      const found = new Map<string, CustomKind>();
      for (const source of sources) {
        for (const kind of source.list(group)) {
          const key = `${kind.group}/${kind.version} ${kind.kind}`;
          if (!found.has(key)) found.set(key, kind);
        }
      }
      return [...found.values()];
    },
  };
}
