import type { ByteConnection } from '../streams.ts';

/** Where to connect to in place of the host and port of a request's URL. */
export type Route = { readonly host: string; readonly port: number } | { readonly connection: ByteConnection };

/** The way to webhooks. Requests are HTTPS; `authorities`, in PEM, are who may have signed the other side's certificate, the host's own when left out. */
export interface WebhookTransport {
  /** The certificate must be for the host of the request's URL, wherever the route leads. Rejects with what went wrong. */
  fetch(request: Request, authorities: string | undefined, route?: Route): Promise<Response>;
}

/** The network on which the pods of the cluster are found. */
export interface PodNetwork {
  /** Connects to a TCP port. Rejects with Go's words: `dial tcp 10.244.1.2:443: connect: connection refused`. */
  dial(address: string, port: number): Promise<ByteConnection>;
}
