import type { Route } from '../services/network.ts';
import type { ByteConnection } from '../streams.ts';

/** A request to a server that extends the API. */
export interface RemoteRequest {
  readonly method: string;
  /** HTTPS. */
  readonly url: string;
  /** Named in small letters, values as bytes, each one character; several of one name are several lines. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array | ReadableStream<Uint8Array> | null;
  /** Ends the exchange, whatever has come of it. */
  readonly signal: AbortSignal;
}

/** What must be shown to each other. */
export interface RemoteTls {
  /** The name that the other side's certificate must be for. */
  readonly serverName: string;
  /** Who may have signed it, in PEM; the host's own when left out. */
  readonly authorities?: string;
  /** Whatever certificate it shows is good. */
  readonly isInsecure: boolean;
  /** What this side shows, in PEM. */
  readonly client?: { readonly certificate: string; readonly key: string };
}

/** A connection that the other side has upgraded. */
export interface RemoteUpgrade {
  /** What the other side has answered, down to the empty line, and what came right after it. */
  readonly head: Uint8Array<ArrayBuffer>;
  readonly connection: ByteConnection;
}

/** The way to servers that extend the API. Both reject with what Go's client would say. */
export interface RemoteTransport {
  /** The answer's body comes as the other side sends it. */
  send(request: RemoteRequest, tls: RemoteTls, route: Route): Promise<Response>;
  /** Asks for an upgrade; the answer when there is none. */
  upgrade(request: RemoteRequest, tls: RemoteTls, route: Route): Promise<RemoteUpgrade | Response>;
}
