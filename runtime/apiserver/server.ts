import type { HttpRequest, HttpResponse } from '../api/http.ts';
import type { RemoteServers } from './aggregator/remote-servers.ts';
import type { Peer } from './authentication/peer.ts';

/** The Kubernetes API over web-standard requests, free of sockets. */
export interface ApiServer {
  /** Never rejects: whatever goes wrong is answered with a `Status`. A watch answers with a body that streams until its reader cancels. */
  handle(request: HttpRequest, peer?: Peer): Promise<HttpResponse>;
  /** Whether another server answers requests for an address, and reads their bodies itself, however long they are. */
  passesOn(url: URL): boolean;
  /** Whether a request can become a connection of the protocol that it wishes for, in small letters. Of any other such a wish is not heeded. */
  mayUpgrade(method: string, url: URL, protocol: string): boolean;
}

/** An API server that others extend. */
export interface AggregatingApiServer extends ApiServer {
  readonly remoteServers: RemoteServers;
}
