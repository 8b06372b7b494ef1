import type { HttpRequest, HttpResponse } from '../api/http.ts';
import type { RemoteServers } from './aggregator/remote-servers.ts';

/** Who makes a request. */
export interface User {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** What the transport knows about the other side, beyond the request itself. */
export interface Peer {
  /** Subject of a client certificate that was verified against the cluster's CA. */
  readonly certificate?: {
    readonly commonName: string;
    readonly organizations: readonly string[];
    /** The values of the attribute 1.3.6.1.4.1.57683.2, of which there may be one. */
    readonly uids?: readonly string[];
    /** SHA-256 of the certificate, in lower-case hexadecimal. */
    readonly sha256?: string;
  };
  /** Subject of a client certificate that was verified against the CA of front proxies. */
  readonly frontProxy?: { readonly commonName: string };
  /** A client certificate came that cannot be trusted. */
  readonly hasUntrustedCertificate?: boolean;
  /** The address of the other side. */
  readonly address?: string;
  /** A component of this very process; no credentials are needed. */
  readonly component?: User;
}

/** The Kubernetes API over web-standard requests, free of sockets. */
export interface ApiServer {
  /** Never rejects: whatever goes wrong is answered with a `Status`. A watch answers with a body that streams until its reader cancels. */
  handle(request: HttpRequest, peer?: Peer): Promise<HttpResponse>;
  /** Whether another server answers requests for an address, and reads their bodies itself, however long they are. */
  passesOn(url: URL): boolean;
}

/** An API server that others extend. */
export interface AggregatingApiServer extends ApiServer {
  readonly remoteServers: RemoteServers;
}
