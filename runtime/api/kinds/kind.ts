import type { Structure } from '../structure/index.ts';

/** One REST verb as discovery names it. */
export type Verb = 'create' | 'delete' | 'deletecollection' | 'get' | 'list' | 'patch' | 'update' | 'watch';

/** A subresource of a kind: `status`, `scale`, `binding`, `eviction`, `log` … */
export interface Subresource {
  readonly name: string;
  /** Group, version and kind of what it takes and gives, where it is not the parent's own. */
  readonly group?: string;
  readonly version?: string;
  readonly kind: string;
  readonly verbs: readonly Verb[];
}

/** What a kind of object is called and how it is reached: one row of the table that the API server, the tree and the language server share. */
export interface Kind {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** What a list of it is called; `${kind}List` if left out. */
  readonly listKind?: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly Verb[];
  /** Those that discovery tells, where they are not all. */
  readonly discoveredVerbs?: readonly Verb[];
  readonly subresources: readonly Subresource[];
  /** Name of its definition in the OpenAPI document, `io.k8s.api.apps.v1.Deployment`. */
  readonly definition: string;
  /**
   * How objects of a kind that is defined while the cluster runs are read, in place: unknown fields are dropped, defaults filled in. Nulls where none
   * may stand are dropped, too, unless they are kept to be judged. Built-in kinds have none, they are read by their definition.
   */
  read?(object: Record<string, unknown>, nulls?: 'dropped' | 'kept'): Structure;
}

/** `v1` or `apps/v1`. */
export function apiVersionOf(kind: { readonly group: string; readonly version: string }): string {
  return kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
}

/** `apps` of `apps/v1`; empty for the core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** `/api/v1` or `/apis/apps/v1`. */
export function groupVersionPath(kind: { readonly group: string; readonly version: string }): string {
  return kind.group === '' ? `/api/${kind.version}` : `/apis/${kind.group}/${kind.version}`;
}
