import { groupVersionPath, type Kind } from '../../runtime/api/kinds/kind.ts';

type Addressed = Pick<Kind, 'group' | 'version' | 'plural'>;

/** `/apis/apps/v1/namespaces/default/deployments`; without a namespace that of all, or of a kind that has none. */
export function collectionPath(kind: Addressed, namespace?: string): string {
  const root = groupVersionPath(kind);
  return namespace === undefined ? `${root}/${kind.plural}` : `${root}/namespaces/${encodeURIComponent(namespace)}/${kind.plural}`;
}

/** The path of one object. */
export function objectPath(kind: Addressed, name: string, namespace?: string): string {
  return `${collectionPath(kind, namespace)}/${encodeURIComponent(name)}`;
}

/** `deployment.apps/web`, as kubectl names an object. */
export function displayName(kind: Pick<Kind, 'group' | 'kind'>, name: string): string {
  return `${kind.kind.toLowerCase()}${kind.group === '' ? '' : `.${kind.group}`}/${name}`;
}
