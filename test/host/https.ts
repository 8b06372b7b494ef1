import { connect, type TLSSocket } from 'node:tls';
import type { ApiServerOptions } from '../../runtime/apiserver/api-server.ts';
import { loadOrCreatePki, type Pki } from '../../runtime/bootstrap/pki.ts';
import { createRealClock } from '../../runtime/host/node/clock.ts';
import type { Limits } from '../../runtime/host/node/https/limits.ts';
import { type Listener, listenHttps } from '../../runtime/host/node/https-listener.ts';
import { createSystemRandom } from '../../runtime/host/node/random.ts';
import { type Api, admin, startApi } from '../apiserver/api.ts';

let made: Promise<Pki> | undefined;

/** Certificates for all tests of a file. */
export function testPki(): Promise<Pki> {
  made ??= loadOrCreatePki({ read: () => undefined, writeFolder: () => {} }, createRealClock(), createSystemRandom(), '10.96.0.1');
  return made;
}

export const adminToken = 'the-admin';

export interface Served extends Api {
  readonly port: number;
  readonly pki: Pki;
  readonly listener: Listener;
  /** A connection of a client that writes HTTP by hand. */
  open(): Promise<RawClient>;
}

/** A server on a socket. */
export async function serveApi(options: Partial<ApiServerOptions> = {}, limits: Partial<Limits> = {}): Promise<Served> {
  const pki = await testPki();
  const api = await startApi({ tokens: [{ token: adminToken, user: admin }], ...options });
  const listener = await listenHttps(api.server, {
    host: '127.0.0.1',
    port: 0,
    ...pki.apiserver,
    clientCa: pki.ca,
    frontProxyCa: pki.frontProxy.ca,
    limits,
  });
  return { ...api, pki, listener, port: listener.port, open: () => openRaw(listener.port, pki.ca) };
}

export interface RawClient {
  readonly socket: TLSSocket;
  write(text: string | Uint8Array): void;
  /** All that has come so far, once it matches. */
  until(pattern: RegExp): Promise<string>;
  /** All that came, once the server has closed. */
  readonly closed: Promise<string>;
}

export const head = (line: string, ...headers: string[]): string =>
  [`${line} HTTP/1.1`, 'host: localhost', `authorization: Bearer ${adminToken}`, ...headers, '', ''].join('\r\n');

function openRaw(port: number, ca: string): Promise<RawClient> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', ca, ALPNProtocols: ['http/1.1'] });
    let text = '';
    const waiting = new Set<() => void>();
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      for (const look of waiting) look();
    });
    socket.once('error', reject);
    const closed = new Promise<string>((done) => socket.once('close', () => done(text)));
    socket.once('secureConnect', () => {
      socket.off('error', reject).on('error', () => {});
      resolve({
        socket,
        closed,
        write: (data) => void socket.write(data),
        until: (pattern) =>
          new Promise((done, fail) => {
            const look = () => {
              if (!pattern.test(text)) return;
              waiting.delete(look);
              done(text);
            };
            waiting.add(look);
            void closed.then(() => fail(new Error(`closed before ${pattern}: ${text.slice(0, 2000)}`)));
            look();
          }),
      });
    });
  });
}
