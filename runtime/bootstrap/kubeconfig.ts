import { type Document, parseDocument, stringify } from 'yaml';
import { base64, type KeyPair } from './certificates.ts';

export interface KubeconfigEntry {
  /** Name of the cluster, the user and the context. */
  readonly name: string;
  /** `https://127.0.0.1:6443` */
  readonly server: string;
  /** PEM of the CA. */
  readonly ca: string;
  readonly client: KeyPair;
}

/** A kubeconfig that knows one cluster. */
export function createKubeconfig(entry: KubeconfigEntry): string {
  return stringify({ apiVersion: 'v1', kind: 'Config', ...sections(entry), 'current-context': entry.name, preferences: {} });
}

/**
 * Adds the cluster to a kubeconfig that is already there, in place of an older entry of the same name, and makes it the current one.
 * Everything else in the file stays as it is, comments included.
 * @throws when the file is not a kubeconfig
 */
export function mergeKubeconfig(existing: string, entry: KubeconfigEntry): string {
  const { document, content } = readKubeconfig(existing);
  for (const [section, [added]] of Object.entries(sections(entry))) {
    const list: unknown = content[section];
    const others = Array.isArray(list) ? list.filter((item: { name?: unknown }) => item?.name !== entry.name) : [];
    document.set(section, document.createNode([...others, added]));
  }
  document.set('current-context', entry.name);
  return document.toString();
}

/** The parsed text of a kubeconfig. @throws when it is something else */
export function readKubeconfig(text: string): { readonly document: Document; readonly content: Readonly<Record<string, unknown>> } {
  const document = parseDocument(text);
  const content: unknown = document.errors.length > 0 ? undefined : document.toJS();
  if (typeof content !== 'object' || content === null || !('kind' in content) || content.kind !== 'Config') {
    throw new Error('it is not a kubeconfig file');
  }
  return { document, content: content as Readonly<Record<string, unknown>> };
}

function sections(entry: KubeconfigEntry) {
  return {
    clusters: [{ name: entry.name, cluster: { server: entry.server, 'certificate-authority-data': base64(entry.ca) } }],
    users: [
      {
        name: entry.name,
        user: { 'client-certificate-data': base64(entry.client.certificate), 'client-key-data': base64(entry.client.key) },
      },
    ],
    contexts: [{ name: entry.name, context: { cluster: entry.name, user: entry.name } }],
  };
}
