export type Protocol = 'TCP' | 'UDP' | 'SCTP';

export interface HttpExchange {
  readonly method: string;
  readonly scheme: 'http' | 'https';
  readonly host: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The address of the client; left out, it comes from the pod's node. */
  readonly from?: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

/** What listens on a port. What it cannot speak it leaves out. */
export interface Listener {
  http?(request: HttpExchange): HttpAnswer;
  /** The health service of gRPC. */
  grpcHealth?(service: string): 'SERVING' | 'NOT_SERVING' | 'SERVICE_UNKNOWN';
}

/** Who listens where in the flat network that all pods and nodes share. */
export interface Sockets {
  /** @returns closes the port again. @throws Error when the port is taken. */
  listen(address: string, port: number, protocol: Protocol, listener: Listener): () => void;
  /** Undefined: connection refused. */
  connect(address: string, port: number, protocol: Protocol): Listener | undefined;
}

export function createSockets(): Sockets {
  const listeners = new Map<string, Listener>();
  return {
    listen(address, port, protocol, listener) {
      const key = `${protocol}/${address}:${port}`;
      if (listeners.has(key)) throw new Error(`listen ${protocol.toLowerCase()} ${address}:${port}: bind: address already in use`);
      listeners.set(key, listener);
      return () => {
        if (listeners.get(key) === listener) listeners.delete(key);
      };
    },
    connect: (address, port, protocol) => listeners.get(`${protocol}/${address}:${port}`),
  };
}
