import type { Pod } from '../api/generated/types/core/v1.ts';
import { type HttpRequest, type HttpResponse, isTrue, StreamAnswer, WrittenHeaders } from '../api/http.ts';
import { StatusError } from '../api/status.ts';
import { httpConnection } from '../network/http-connection.ts';
import type { HttpAnswer, Sockets } from '../network/sockets.ts';
import { type ContainerLogOptions, KubeletError, type KubeletServer } from './kubelet-server.ts';

/** What the API server asks of the kubelet of a node, after it has checked that it may be asked. */
export interface NodeConnection {
  readonly verb: 'log' | 'exec' | 'attach' | 'portforward' | 'proxy';
  readonly kind: 'pods' | 'services' | 'nodes';
  readonly namespace: string;
  /** For `proxy` with scheme and port: `http:web:80`, `web:80`, `web`. */
  readonly name: string;
  readonly node: string;
  readonly container: string;
  /** For `proxy`: what comes after it. */
  readonly path: string;
  /** For `proxy` to a service: the endpoint that was chosen. */
  readonly endpoint?: { readonly address: string; readonly port: number };
}

export interface ConnectionOptions {
  readonly serverOf: (nodeName: string) => KubeletServer;
  readonly sockets: Sockets;
}

/** The API server's way to the nodes of this process. Streams logs, proxies HTTP to pods and forwards their ports; commands are the runtime's affair. */
export function createNodeConnection({ serverOf, sockets }: ConnectionOptions) {
  return {
    /** @throws StatusError */
    async connect(connection: NodeConnection, request: HttpRequest): Promise<HttpResponse> {
      const { verb, namespace, name, node, container } = connection;
      try {
        switch (verb) {
          case 'log': {
            const stream = await serverOf(node).containerLogs(namespace, name, container, logOptions(new URL(request.url).searchParams));
            return new StreamAnswer(200, new WrittenHeaders({ 'content-type': 'text/plain' }), stream);
          }
          case 'proxy':
            return proxy(connection, request, connection.endpoint ?? podEndpoint(connection, serverOf), sockets);
          default:
            throw new KubeletError(400, 'Upgrade request required');
        }
      } catch (error) {
        throw error instanceof KubeletError ? statusOf(error) : error;
      }
    },
    /** What `exec`, `attach` and `portforward` connect to. @throws StatusError */
    async open({ verb, namespace, name, node, container }: NodeConnection, request: HttpRequest) {
      try {
        const server = serverOf(node);
        const query = new URL(request.url).searchParams;
        if (verb === 'portforward') return portSession(server.findPod(namespace, name), name, sockets);
        const streams = commandStreams(query);
        const start = (stdin: ReadableStream<Uint8Array> | undefined) => {
          const common = { tty: streams.tty, ...(stdin !== undefined && { stdin }) };
          return verb === 'attach'
            ? server.attach(namespace, name, container, common)
            : server.exec(namespace, name, container, { ...common, cmd: query.getAll('command') });
        };
        const { commandsUnavailable: unavailable } = server;
        const does = verb === 'attach' ? ('attach' as const) : ('exec' as const);
        return { kind: 'command' as const, does, ...streams, start, ...(unavailable !== undefined && { unavailable }) };
      } catch (error) {
        throw error instanceof KubeletError ? statusOf(error) : error;
      }
    },
  };
}

const isSet = (query: URLSearchParams, name: string) => isTrue(query.get(name));

/** Which streams a client wants; with a terminal, errors come with the rest. */
function commandStreams(query: URLSearchParams) {
  const tty = isSet(query, 'tty');
  const streams = { tty, stdin: isSet(query, 'stdin'), stdout: isSet(query, 'stdout'), stderr: isSet(query, 'stderr') && !tty };
  if (!streams.stdin && !streams.stdout && !streams.stderr)
    throw new KubeletError(400, 'you must specify at least 1 of stdin, stdout, stderr');
  return streams;
}

/** The ports of a pod as a client of this machine reaches them. */
function portSession(pod: Pod | undefined, name: string, sockets: Sockets) {
  if (pod === undefined) throw new KubeletError(404, `pod "${name}" not found`);
  const address = pod.status?.podIP ?? '';
  return {
    kind: 'ports' as const,
    async dial(port: number) {
      const listener = sockets.connect(address, port, 'TCP');
      if (listener === undefined) {
        const reason = `failed to connect to localhost:${port} inside pod network, IPv4: dial tcp4 127.0.0.1:${port}: connect: connection refused`;
        throw new Error(`error forwarding port ${port} to pod ${name}, uid ${pod.metadata?.uid ?? ''}: ${reason}`);
      }
      // In the pod's network, forwarded connections come from the loopback device.
      return httpConnection(listener, address, '127.0.0.1');
    },
  };
}

function logOptions(query: URLSearchParams): ContainerLogOptions {
  const number = (name: string) => (query.has(name) ? { [name]: Number(query.get(name)) } : {});
  const flag = (name: string) => isSet(query, name);
  const sinceTime = query.get('sinceTime');
  return {
    follow: flag('follow'),
    previous: flag('previous'),
    timestamps: flag('timestamps'),
    ...number('tailLines'),
    ...number('limitBytes'),
    ...number('sinceSeconds'),
    ...(sinceTime === null ? {} : { sinceTime }),
  };
}

/** Scheme, name and port of what is proxied. */
function partsOf(name: string): readonly [scheme: string, name: string, port: string] {
  const parts = name.split(':');
  const [scheme = '', object = '', port = ''] = parts.length === 3 ? parts : ['', ...parts];
  return [scheme, object, port];
}

function podEndpoint({ kind, namespace, name, node }: NodeConnection, serverOf: ConnectionOptions['serverOf']) {
  if (kind !== 'pods') throw new KubeletError(501, `not available: ${kind} cannot be proxied in a simulated network yet`);
  const [, podName, port] = partsOf(name);
  const pod = serverOf(node).findPod(namespace, podName);
  return { address: pod?.status?.podIP ?? '', port: portNumber(pod, port) };
}

function proxy(
  { name, path }: NodeConnection,
  request: HttpRequest,
  { address, port: number }: NonNullable<NodeConnection['endpoint']>,
  sockets: Sockets,
): HttpResponse {
  const [scheme] = partsOf(name);
  const target = `${scheme === 'https' ? 'https' : 'http'}://${address}:${number}`;
  const listener = sockets.connect(address, number, 'TCP');
  if (listener === undefined)
    throw new KubeletError(503, `error trying to reach service: dial tcp ${address}:${number}: connect: connection refused`);
  if (listener.http === undefined) throw new KubeletError(503, `error trying to reach service: Get "${target}": EOF`);
  const answer: HttpAnswer = listener.http({
    method: request.method,
    scheme: scheme === 'https' ? 'https' : 'http',
    host: address,
    path: `${path.startsWith('/') ? path : `/${path}`}${new URL(request.url).search}`,
    headers: Object.fromEntries(request.headers),
  });
  return new Response(answer.body, { status: answer.status, headers: { 'content-type': 'text/plain' } });
}

/** A port by number or name; the first of the pod when none is given. */
function portNumber(pod: Pod | undefined, port: string): number {
  const ports = (pod?.spec?.containers ?? []).flatMap(({ ports: list = [] }) => list);
  if (port === '') return ports[0]?.containerPort ?? 80;
  return ports.find(({ name }) => name === port)?.containerPort ?? Number(port);
}

const reasons: Readonly<Record<number, string>> = { 400: 'BadRequest', 404: 'NotFound', 500: 'InternalError', 503: 'ServiceUnavailable' };

function statusOf({ code, message }: KubeletError): StatusError {
  const reason = reasons[code];
  return new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    ...(reason === undefined ? {} : { reason }),
    code,
  });
}
