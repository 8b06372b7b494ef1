import type { ByteConnection } from '../streams.ts';

/** Where to connect to in place of the host and port of a request's URL. */
export type Route = { readonly host: string; readonly port: number } | { readonly connection: ByteConnection };

/** The network on which the pods of the cluster are found. */
export interface PodNetwork {
  /** Connects to a TCP port. Rejects with Go's words: `dial tcp 10.244.1.2:443: connect: connection refused`. */
  dial(address: string, port: number): Promise<ByteConnection>;
}
