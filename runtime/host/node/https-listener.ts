import { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import type { Peer } from '../../apiserver/authentication/peer.ts';
import type { ApiServer } from '../../apiserver/server.ts';
import { bodyFault } from './https/body-fault.ts';
import { Exchanges, urlOf } from './https/exchange.ts';
import { type Limits, usualLimits } from './https/limits.ts';
import { serveWithoutUpgrade } from './https/not-upgraded.ts';
import { refuseBadRequest } from './https/refusals.ts';
import { answerConnect, answerUnparsed } from './https/unparsed.ts';
import { Upgrades } from './https/upgrades.ts';

export interface ListenerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** PEM. */
  readonly certificate: string;
  readonly key: string;
  /** PEM of the CA that signs client certificates. */
  readonly clientCa: string;
  /** PEM of the CA that signs certificates of front proxies; left out, nobody is one. */
  readonly frontProxyCa?: string;
  readonly limits?: Partial<Limits>;
}

export interface Listener {
  readonly port: number;
  /** How many connections are open. */
  connections(): Promise<number>;
  /** Takes no more connections, ends streams, lets what is being answered finish, and frees the port. */
  close(): Promise<void>;
}

/** A peer that went away without a word is asked whether it is still there after so many milliseconds of silence. */
const keepAliveProbe = 30_000;
const handshakeTimeout = 10_000;
/** How often Node looks for connections whose header is late. */
const lateHeaderCheck = 5_000;

/**
 * Puts the API server behind HTTPS.
 * @throws the system's error, `EADDRINUSE` for a busy port
 */
export async function listenHttps(server: ApiServer, options: ListenerOptions): Promise<Listener> {
  const limits = { ...usualLimits, ...options.limits };
  const exchanges = new Exchanges(server, limits);
  const upgrades = new Upgrades(server);
  const peers = new WeakMap<Socket, Peer>();
  const { clientCa, frontProxyCa } = options;
  const frontProxyAuthority = frontProxyCa === undefined ? undefined : new X509Certificate(frontProxyCa).fingerprint256;
  const peerAt = (socket: Socket): Peer => {
    let peer = peers.get(socket);
    if (!peer) {
      peer = peerOf(socket as TLSSocket, frontProxyAuthority);
      peers.set(socket, peer);
    }
    return peer;
  };
  const https = createServer({
    cert: options.certificate,
    key: options.key,
    ca: frontProxyCa === undefined ? clientCa : [clientCa, frontProxyCa],
    requestCert: true,
    rejectUnauthorized: false,
    ALPNProtocols: ['http/1.1'],
    maxHeaderSize: limits.headerBytes,
    // Which is told in other words than Node's.
    requireHostHeader: false,
    headersTimeout: limits.headerTimeout,
    // Bodies have a time limit of their own, with an answer that says so.
    requestTimeout: 0,
    connectionsCheckingInterval: Math.min(lateHeaderCheck, limits.headerTimeout),
    keepAliveTimeout: limits.idleTimeout,
    keepAlive: true,
    keepAliveInitialDelay: keepAliveProbe,
    handshakeTimeout,
  });
  https.on('secureConnection', (socket: Socket) => exchanges.read(socket));
  for (const event of ['request', 'checkContinue'] as const) {
    https.on(event, (incoming, outgoing) => {
      exchanges.serve(peerAt(incoming.socket), incoming, outgoing, event === 'checkContinue').catch(() => outgoing.destroy());
    });
  }
  // Their bytes are limited already; Node would leave out those beyond the thousandth, and `Host` may be one.
  https.maxHeadersCount = 0;
  const leave = async (incoming: IncomingMessage, socket: Socket, head: Buffer) => {
    // Nobody else listens for errors of it meanwhile.
    const onError = () => socket.destroy();
    socket.on('error', onError);
    await exchanges.whenAnswered(socket);
    if (socket.destroyed) return;
    const url = urlOf(incoming);
    const protocol = (incoming.headers.upgrade ?? '').toLowerCase();
    const isConnection = url === undefined || server.mayUpgrade(incoming.method ?? 'GET', url, protocol);
    if (isConnection) await upgrades.accept(peerAt(socket), incoming, socket, head);
    else serveWithoutUpgrade(https, incoming, socket, head);
    socket.off('error', onError);
  };
  https.on('upgrade', (incoming: IncomingMessage, socket: Socket, head: Buffer) => {
    exchanges.leave(socket);
    leave(incoming, socket, head).catch(() => socket.destroy());
  });
  https.on('connect', (incoming: IncomingMessage, socket: Socket) => {
    exchanges.leave(socket);
    answerConnect(server, peerAt(socket), incoming, socket);
  });
  const faulty = new WeakSet<Socket>();
  https.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    // What still comes in of the same request is at fault, too.
    if (faulty.has(socket)) return;
    faulty.add(socket);
    // While bytes are being read, TLS does not always send what is written.
    setImmediate(() => {
      // What has a faulty body is answered as what it is.
      const fault = bodyFault(error);
      if (fault !== undefined && exchanges.failBody(socket, fault)) return;
      const answer = () => {
        if (!answerUnparsed(server, () => peerAt(socket), error, socket)) refuseBadRequest(error, socket);
      };
      // What came before is answered first.
      if (error.code?.startsWith('HPE_')) exchanges.whenAnswered(socket).then(answer, () => socket.destroy());
      else answer();
    });
  });
  await new Promise<void>((resolve, reject) => {
    https.once('error', reject);
    https.listen(options.port, options.host, () => {
      https.off('error', reject);
      resolve();
    });
  });
  return {
    port: (https.address() as AddressInfo).port,
    connections: () => new Promise((resolve, reject) => https.getConnections((error, count) => (error ? reject(error) : resolve(count)))),
    close: () =>
      new Promise((resolve) => {
        const timer = setTimeout(() => https.closeAllConnections(), limits.endTimeout);
        https.close(() => {
          clearTimeout(timer);
          resolve();
        });
        exchanges.close();
        upgrades.close();
        https.closeIdleConnections();
      }),
  };
}

function peerOf(socket: TLSSocket, frontProxyAuthority: string | undefined): Peer {
  const address = socket.remoteAddress === undefined ? {} : { address: socket.remoteAddress };
  const peer: DetailedPeerCertificate | null = socket.getPeerCertificate(true);
  // The connection has ended meanwhile.
  if (peer === null) return address;
  if (!socket.authorized) return Object.keys(peer).length === 0 ? address : { ...address, hasUntrustedCertificate: true };
  const subject: Readonly<Record<string, string | string[] | undefined>> = { ...peer.subject };
  // Go keeps the last one of several.
  const commonName = list(subject.CN).at(-1) ?? '';
  if (authorityOf(peer) === frontProxyAuthority) return { ...address, frontProxy: { commonName } };
  if (commonName === '') return address;
  const sha256 = peer.fingerprint256.replaceAll(':', '').toLowerCase();
  return { ...address, certificate: { commonName, organizations: list(subject.O), uids: list(subject[uidAttribute]), sha256 } };
}

/** The fingerprint of who signed last of all, who is his own issuer. */
function authorityOf(certificate: DetailedPeerCertificate): string {
  let last = certificate;
  while (last.issuerCertificate !== undefined && last.issuerCertificate !== last) last = last.issuerCertificate;
  return last.fingerprint256;
}

/** The attribute of a subject that tells a user's uid. */
const uidAttribute = '1.3.6.1.4.1.57683.2';

const list = (value: string | string[] | undefined): string[] => (value === undefined ? [] : Array.isArray(value) ? value : [value]);
