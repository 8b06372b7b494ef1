import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent, type RequestOptions, request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { WebhookTransport } from '../../../apiserver/webhooks/transport.ts';
import { duplexOf, goText, responseOf } from './exchange.ts';
import { hostOf, localAddress } from './loopback.ts';

/** The way to webhooks that run on this machine, and to those behind a connection that is already there. */
export function loopbackWebhooks(): WebhookTransport {
  const agent = new Agent({ keepAlive: true });
  return {
    async fetch(request, authorities, route) {
      const url = new URL(request.url);
      if (url.protocol !== 'https:') throw new Error(`webhooks are called over HTTPS, not ${url.protocol.slice(0, -1)}`);
      const body = new Uint8Array(await request.arrayBuffer());
      const options: RequestOptions = {
        method: request.method,
        path: url.pathname + url.search,
        headers: { ...Object.fromEntries(request.headers), host: url.host, 'content-length': body.length },
        signal: request.signal,
      };
      const host = hostOf(url);
      // Certificates of `localhost` and of services hold for them by name.
      const tls = { servername: isIP(host) === 0 ? host : '', ...(authorities === undefined ? {} : { ca: authorities }) };
      if (route !== undefined && 'connection' in route) {
        // The call may have been given up while its body was read and its service looked up.
        request.signal.throwIfAborted();
        const socket = connectTls({ ...tls, socket: duplexOf(route.connection) });
        const end = () => socket.destroy();
        request.signal.addEventListener('abort', end, { once: true });
        return send((take) => requestHttp({ ...options, createConnection: () => socket }, take), body, host);
      }
      const { address, port } = localAddress(url, route, 'webhooks');
      return send((take) => requestHttps({ ...options, ...tls, agent, host: address, port }, take), body, `${address}:${port}`);
    },
  };
}

function send(start: (take: (message: IncomingMessage) => void) => ClientRequest, body: Uint8Array, address: string): Promise<Response> {
  return new Promise((resolve, reject) => {
    const sent = start((message) => resolve(responseOf(message)));
    sent.on('error', (error) => reject(new Error(goText(error, address))));
    sent.end(body);
  });
}
