import { Agent, request as requestHttps } from 'node:https';
import { BlockList, isIP } from 'node:net';
import { Readable } from 'node:stream';
import type { ReadableStream as WebStream } from 'node:stream/web';
import type { WebhookTransport } from '../../apiserver/admission/webhooks/call.ts';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** The way to webhooks that run on this machine. Who configures webhooks must not make the cluster call anything else, so no name but `localhost` is looked up. */
export function loopbackWebhooks(): WebhookTransport {
  const agent = new Agent({ keepAlive: true });
  return {
    async fetch(request, authorities) {
      const url = new URL(request.url);
      if (url.protocol !== 'https:') throw new Error(`webhooks are called over HTTPS, not ${url.protocol.slice(0, -1)}`);
      const host = url.hostname.replace(/^\[|\]$/g, '');
      if (!isLoopback(host)) throw new Error(`${url.hostname} is not on this machine: webhooks are called on loopback addresses only`);
      const body = new Uint8Array(await request.arrayBuffer());
      return new Promise((resolve, reject) => {
        const sent = requestHttps(
          url,
          {
            agent,
            method: request.method,
            headers: { ...Object.fromEntries(request.headers), 'content-length': body.length },
            signal: request.signal,
            host: host === 'localhost' ? '127.0.0.1' : host,
            // Certificates of `localhost` hold for it by name.
            servername: isIP(host) === 0 ? host : '',
            ...(authorities === undefined ? {} : { ca: authorities }),
          },
          (message) => {
            // The two declarations of web streams, Node's and the platform's, differ in name only.
            const stream = Readable.toWeb(message) as WebStream<Uint8Array> as ReadableStream<Uint8Array>;
            const status = message.statusCode ?? 500;
            const isEmpty = status === 204 || status === 304;
            if (isEmpty) message.resume();
            resolve(new Response(isEmpty ? null : stream, { status }));
          },
        );
        sent.on('error', reject);
        sent.end(body);
      });
    },
  };
}

function isLoopback(host: string): boolean {
  const family = isIP(host);
  return family === 0 ? host === 'localhost' : loopback.check(host, family === 4 ? 'ipv4' : 'ipv6');
}
