import type { Pod } from '../api/generated/types/core/v1.ts';
import { StatusError } from '../api/status.ts';
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
}

export interface ConnectionOptions {
  readonly serverOf: (nodeName: string) => KubeletServer;
  readonly sockets: Sockets;
}

/** The API server's way to the nodes of this process. Streams logs and proxies HTTP to pods; the rest is refused with a reason. */
export function createNodeConnection({ serverOf, sockets }: ConnectionOptions) {
  return {
    /** @throws StatusError */
    async connect(connection: NodeConnection, request: Request): Promise<Response> {
      const { verb, namespace, name, node, container } = connection;
      try {
        switch (verb) {
          case 'log': {
            const stream = await serverOf(node).containerLogs(namespace, name, container, logOptions(new URL(request.url).searchParams));
            return new Response(stream, { headers: { 'content-type': 'text/plain' } });
          }
          case 'exec':
            await serverOf(node).exec(namespace, name, container, { cmd: new URL(request.url).searchParams.getAll('command'), tty: false });
            throw new KubeletError(501, 'not available: streams to processes come with the process kernel');
          case 'attach':
            await serverOf(node).attach(namespace, name, container, { tty: false });
            throw new KubeletError(501, 'not available: streams to processes come with the process kernel');
          case 'portforward':
            throw new KubeletError(501, 'not available: port forwarding comes with the process kernel');
          case 'proxy':
            return proxy(connection, request, serverOf(node), sockets);
        }
      } catch (error) {
        throw error instanceof KubeletError ? statusOf(error) : error;
      }
    },
  };
}

function logOptions(query: URLSearchParams): ContainerLogOptions {
  const number = (name: string) => (query.has(name) ? { [name]: Number(query.get(name)) } : {});
  const flag = (name: string) => ['true', '1', ''].includes(query.get(name) ?? 'false');
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

function proxy({ kind, namespace, name, path }: NodeConnection, request: Request, server: KubeletServer, sockets: Sockets): Response {
  if (kind !== 'pods') throw new KubeletError(501, `not available: ${kind} cannot be proxied in a simulated network yet`);
  const parts = name.split(':');
  const [scheme = '', podName = '', port = ''] = parts.length === 3 ? parts : ['', ...parts];
  const pod = server.findPod(namespace, podName);
  const address = pod?.status?.podIP ?? '';
  const number = portNumber(pod, port);
  const target = `${scheme === 'https' ? 'https' : 'http'}://${address}:${number}`;
  const listener = sockets.connect(address, number, 'TCP');
  if (listener === undefined)
    throw new KubeletError(503, `error trying to reach service: dial tcp ${address}:${number}: connect: connection refused`);
  if (listener.http === undefined) throw new KubeletError(503, `error trying to reach service: Get "${target}": EOF`);
  const answer: HttpAnswer = listener.http({
    method: request.method,
    scheme: scheme === 'https' ? 'https' : 'http',
    host: address,
    path: `/${path.replace(/^\//, '')}${new URL(request.url).search}`,
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
