/** The folder that a file is in. */
export function folderOf(uri: string): string {
  return uri.slice(0, uri.lastIndexOf('/'));
}

/** A file as it is called in a message about another one: by its path from the last folder that both are below. */
export function calledFrom(uri: string, other: string): string {
  const own = folderOf(uri).split('/');
  const parts = other.split('/');
  const shared = parts.findIndex((part, at) => part !== own[at]);
  return decodeURIComponent(parts.slice(Math.max(shared, 0)).join('/'));
}
