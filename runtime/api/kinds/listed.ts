/** What an object says it is. */
export interface TypeMeta {
  readonly apiVersion?: string | undefined;
  readonly kind?: string | undefined;
}

/** The same of an object of which nobody knows what is in it: what is no text says nothing. */
export function typeOf({ apiVersion, kind }: Readonly<Record<string, unknown>>): TypeMeta {
  return { ...(typeof apiVersion === 'string' && { apiVersion }), ...(typeof kind === 'string' && { kind }) };
}

/** Whether clients take an object for a list of others, which stand in its `items`: a `List`, or the list of one kind (`PodList`). */
export function isListKind(kind: unknown): kind is `${string}List` {
  return typeof kind === 'string' && kind.endsWith('List');
}

/**
 * What an item of a list is: what it says itself. Only where it says nothing, the list of one kind says it.
 * Upstream: `decodeToList` (apimachinery/pkg/apis/meta/v1/unstructured/helpers.go), which `kubectl apply` reads files with.
 */
export function typeOfItem(list: TypeMeta, item: TypeMeta): TypeMeta {
  const saysNothing = item.apiVersion === undefined && item.kind === undefined;
  const kind = saysNothing && isListKind(list.kind) ? list.kind.slice(0, -'List'.length) : '';
  return kind === '' ? item : { apiVersion: list.apiVersion, kind };
}
