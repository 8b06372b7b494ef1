import type { Kind } from '../kinds/kind.ts';
import type { ApiObject } from '../object.ts';

/** A kind as it is served, as far as policies look at it. */
export interface PolicyResource {
  readonly kind: Pick<Kind, 'group' | 'version' | 'kind' | 'plural' | 'namespaced'>;
}

/** A write that policies are asked about. */
export interface PolicyWrite<R extends PolicyResource> {
  readonly operation: string;
  readonly resource: R;
  /** Empty for the object itself. */
  readonly subresource: string;
  /** Empty for kinds without namespaces. */
  readonly namespace: string;
  readonly name: string;
  readonly object?: ApiObject;
  readonly oldObject?: ApiObject;
}

/** What there is beside the write: other objects, and the kinds that are served. */
export interface PolicyContext<R extends PolicyResource> {
  readonly reader: {
    get(group: string, plural: string, namespace: string, name: string): ApiObject | undefined;
    /** All objects, of one namespace unless that is empty or left out. */
    list(group: string, plural: string, namespace?: string): readonly ApiObject[];
  };
  readonly resources: {
    all(): Iterable<R>;
    findKind(group: string, version: string, kind: string): R | undefined;
  };
}
