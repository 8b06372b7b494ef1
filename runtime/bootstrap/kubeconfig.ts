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
 * Adds the cluster to a kubeconfig that is already there, in place of an older entry of the same name, and makes it the current one. The namespace
 * that somebody has chosen for its context stays chosen, and everything else in the file is left as it is, comments included.
 * @throws when the file is not a kubeconfig
 */
export function mergeKubeconfig(existing: string, entry: KubeconfigEntry): string {
  const { document, content } = readKubeconfig(existing);
  const namespace = listed(content, 'contexts').find((item) => item?.name === entry.name)?.context?.namespace;
  for (const [section, [added]] of Object.entries(sections(entry, namespace))) {
    const others = listed(content, section).filter((item) => item?.name !== entry.name);
    document.set(section, document.createNode([...others, added]));
  }
  document.set('current-context', entry.name);
  return document.toString();
}

/** What {@link mergeKubeconfig} takes the place of, where that is not this cluster's own. */
export interface Displaced {
  /** Server of another cluster, to which the context led: the addresses differ, and so do the CAs. */
  readonly server?: string;
  /** The current context, when it was another one. */
  readonly currentContext?: string;
}

/** Tells what adding the cluster will displace. @throws when the file is not a kubeconfig */
export function displacedBy(existing: string, entry: KubeconfigEntry): Displaced {
  const { content } = readKubeconfig(existing);
  const current = content['current-context'];
  const named = listed(content, 'contexts').find((item) => item?.name === entry.name)?.context?.cluster;
  const cluster = listed(content, 'clusters').find((item) => item?.name === named)?.cluster;
  const server = cluster?.server;
  const isOther = typeof server === 'string' && server !== entry.server && cluster?.['certificate-authority-data'] !== base64(entry.ca);
  return {
    ...(isOther && { server }),
    ...(typeof current === 'string' && current !== '' && current !== entry.name && { currentContext: current }),
  };
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

/** An entry of one of the lists of a kubeconfig, which may hold anything. */
type Named = {
  readonly name?: unknown;
  readonly context?: { readonly namespace?: unknown; readonly cluster?: unknown } | null;
  readonly cluster?: { readonly server?: unknown; readonly 'certificate-authority-data'?: unknown } | null;
} | null;

function listed(content: Readonly<Record<string, unknown>>, section: string): readonly Named[] {
  return Array.isArray(content[section]) ? content[section] : [];
}

function sections(entry: KubeconfigEntry, namespace?: unknown) {
  const context = { cluster: entry.name, user: entry.name, ...(typeof namespace === 'string' && { namespace }) };
  return {
    clusters: [{ name: entry.name, cluster: { server: entry.server, 'certificate-authority-data': base64(entry.ca) } }],
    users: [
      {
        name: entry.name,
        user: { 'client-certificate-data': base64(entry.client.certificate), 'client-key-data': base64(entry.client.key) },
      },
    ],
    contexts: [{ name: entry.name, context }],
  };
}
