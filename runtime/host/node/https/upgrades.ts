import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { BytesRequest, RecordHeaders, StreamAnswer } from '../../../api/http.ts';
import { withoutToken } from '../../../apiserver/authentication/bearer-tokens.ts';
import type { Peer } from '../../../apiserver/authentication/peer.ts';
import { answerJson } from '../../../apiserver/negotiation/answer.ts';
import type { ApiServer } from '../../../apiserver/server.ts';
import { type CommandSession, PassedOnAnswer, type PortSession, TunnelAnswer, UpgradeAnswer } from '../../../apiserver/streams.ts';
import { duplexOf } from '../https-client/exchange.ts';
import { bytesOf } from './channels.ts';
import { commandProtocols, runCommand } from './command-channels.ts';
import { headFault, urlOf } from './exchange.ts';
import { forwardPorts, portChannelProtocols } from './port-channels.ts';
import { answerSocket, refusal } from './refusals.ts';
import { type SessionSocket, SpdyPortForward } from './spdy/port-forward.ts';
import { readerProtocols, sendBody, sendEvents } from './streamed-answers.ts';

/** What kubectl ≥ 1.31 asks for: the bytes of a SPDY session as messages of a WebSocket. */
const tunnelProtocol = 'SPDY/3.1+portforward.k8s.io';
/** What older ones ask for: SPDY on the bare connection. */
const spdyPortForwardProtocol = 'portforward.k8s.io';
/** Messages of clients are small; a longer one ends the connection. */
const maxMessageBytes = 4 * 1024 * 1024;
const noSpdyCommands = 'SPDY/3.1 is not available for commands here: exec, attach and cp need kubectl 1.30 or newer, which uses WebSockets';

/** A newer kubectl is no help where commands cannot be run at all. */
function spdyRefusal(session: CommandSession | PortSession): string {
  return session.kind === 'command' && session.unavailable !== undefined ? session.unavailable : noSpdyCommands;
}

/** What is done with a connection once it is a WebSocket. */
type Use = (socket: WebSocket) => Promise<void> | void;

/** Connections that are more than a request and its answer: exec, attach, port forwarding, and logs and watches as messages. */
export class Upgrades {
  private readonly server: ApiServer;
  private readonly open = new Set<Duplex>();
  private readonly webSockets = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes, perMessageDeflate: false });
  /** Which subprotocol was chosen for a request. */
  private readonly protocols = new WeakMap<IncomingMessage, string>();

  constructor(server: ApiServer) {
    this.server = server;
    this.webSockets.on('headers', (headers, request) => {
      const protocol = this.protocols.get(request);
      if (protocol !== undefined) headers.push(`Sec-WebSocket-Protocol: ${protocol}`);
    });
  }

  /** Asks the API server whether the connection may be upgraded, and does so, or answers why not. */
  async accept(peer: Peer, incoming: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy());
    this.open.add(socket);
    socket.once('close', () => this.open.delete(socket));
    const fault = headFault(incoming);
    const url = fault === undefined ? urlOf(incoming) : undefined;
    if (url === undefined) return answerSocket(socket, fault ?? refusal(400));
    const method = incoming.method ?? 'GET';
    const gone = new AbortController();
    socket.once('close', () => gone.abort());
    const request = new BytesRequest(method, url.href, new RecordHeaders(incoming.headers), undefined, gone.signal);
    const answer = await this.server.handle(request, peer);
    const upgrade = (incoming.headers.upgrade ?? '').toLowerCase();
    if (answer instanceof TunnelAnswer) return passThrough(answer, socket, head);
    if (!(answer instanceof UpgradeAnswer)) {
      if (!(answer instanceof StreamAnswer) || answer instanceof PassedOnAnswer) return answerSocket(socket, answer);
      return this.upgradeStream(answer, upgrade, incoming, socket, head);
    }
    socket.once('close', answer.onEnd);
    if (socket.destroyed) return answer.onEnd();
    const { session } = answer;
    if (upgrade === 'websocket') this.upgradeWebSocket(session, url, incoming, socket, head);
    else if (upgrade === 'spdy/3.1' && session.kind === 'ports') upgradeSpdy(session, incoming, socket, head);
    else refuse(socket, 400, upgrade === 'spdy/3.1' ? spdyRefusal(session) : `unable to upgrade to ${upgrade}`);
  }

  /** Ends every connection. */
  close(): void {
    for (const socket of this.open) socket.destroy();
  }

  private upgradeWebSocket(session: CommandSession | PortSession, url: URL, incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (session.kind === 'command') {
      this.negotiate(Object.keys(commandProtocols), incoming, socket, head, (protocol) => {
        const chosen = commandProtocols[protocol];
        return chosen && ((webSocket) => runCommand(webSocket, session, chosen));
      });
      return;
    }
    this.negotiate([tunnelProtocol, ...Object.keys(portChannelProtocols)], incoming, socket, head, (protocol) => {
      const encoding = portChannelProtocols[protocol];
      if (encoding === undefined) return (webSocket) => tunnel(webSocket, session);
      const ports = url.searchParams.getAll('ports').flatMap((list) => list.split(',').map(Number));
      if (arePorts(ports)) return (webSocket) => forwardPorts(webSocket, session, ports, encoding);
      refuse(socket, 400, 'query parameter "ports" is required: one number from 1 to 65535 for each port');
      return undefined;
    });
  }

  /** What comes over time can come as messages as well. */
  private async upgradeStream(
    { body, headers }: StreamAnswer,
    upgrade: string,
    incoming: IncomingMessage,
    socket: Duplex,
    head: Buffer,
  ): Promise<void> {
    if (body === null || socket.destroyed) return body?.cancel();
    socket.once('close', () => void body.cancel().catch(() => undefined));
    if (upgrade !== 'websocket') refuse(socket, 400, `watches and logs cannot be upgraded to ${upgrade}`);
    else if (headers.get('content-type') === 'text/plain') this.readLog(body, incoming, socket, head);
    else this.watch(body, incoming, socket, head);
  }

  private readLog(body: ReadableStream<Uint8Array>, incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.negotiate(Object.keys(readerProtocols), incoming, socket, head, (protocol) => {
      return (webSocket) => sendBody(webSocket, body, readerProtocols[protocol] ?? 'binary');
    });
  }

  /** A watch takes any one subprotocol, as upstream's does: there is only one way to write its events. */
  private watch(body: ReadableStream<Uint8Array>, incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.negotiate(askedProtocols(incoming), incoming, socket, head, () => (webSocket) => sendEvents(webSocket, body));
  }

  /**
   * Makes the connection a WebSocket with the first subprotocol of the client that is known, and does with it what `choose` says for that one; it
   * may refuse by itself and say nothing.
   */
  private negotiate(
    known: readonly string[],
    incoming: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    choose: (protocol: string) => Use | undefined,
  ): void {
    const asked = askedProtocols(incoming);
    const protocol = asked.find((each) => known.includes(each));
    if (protocol === undefined) {
      refuse(socket, 403, `requested protocol(s) are not supported: [${asked.join(' ')}]; supports [${known.join(' ')}]`);
      return;
    }
    const use = choose(protocol);
    if (use === undefined) return;
    if (protocol !== '') this.protocols.set(incoming, protocol);
    // The library takes tokens alone, and the tunnel's name has a slash: the choice is made here, and the library asked for none.
    delete incoming.headers['sec-websocket-protocol'];
    this.webSockets.handleUpgrade(incoming, socket, head, (webSocket) => {
      webSocket.on('error', () => webSocket.terminate());
      void Promise.resolve(use(webSocket)).catch(() => webSocket.terminate());
    });
  }
}

const arePorts = (ports: readonly number[]) =>
  ports.length > 0 && ports.length <= 120 && ports.every((port) => Number.isInteger(port) && port > 0 && port < 65536);

/** Hands over what another server has answered, and from then on all that either side sends; the end of one is the end of both. */
function passThrough({ head: answer, connection, onEnd }: TunnelAnswer, socket: Duplex, head: Buffer): void {
  const other = duplexOf(connection);
  const end = () => {
    socket.destroy();
    other.destroy();
  };
  socket.once('close', () => {
    onEnd();
    end();
  });
  other.on('error', end).once('close', () => socket.end());
  if (socket.destroyed) {
    end();
    return;
  }
  socket.write(answer);
  if (head.length > 0) other.write(head);
  socket.pipe(other).pipe(socket);
}

function tunnel(webSocket: WebSocket, session: PortSession): void {
  const forward = new SpdyPortForward(session, {
    send: (bytes) => new Promise((resolve) => webSocket.send(bytes, () => resolve())),
    close: () => webSocket.close(1000),
  });
  webSocket.on('message', (data) => {
    webSocket.pause();
    void forward.push(bytesOf(data)).then(() => webSocket.resume());
  });
  webSocket.once('close', () => forward.close());
}

function upgradeSpdy(session: PortSession, incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
  const asked = listOf(String(incoming.headers['x-stream-protocol-version'] ?? spdyPortForwardProtocol));
  if (!asked.includes(spdyPortForwardProtocol)) {
    refuse(socket, 403, `unable to upgrade: unable to negotiate protocol: client supports [${asked.join(' ')}]`);
    return;
  }
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: ${spdyPortForwardProtocol}\r\n\r\n`,
  );
  const to: SessionSocket = {
    send: (bytes) => new Promise((resolve) => socket.write(bytes, () => resolve())),
    close: () => socket.end(),
  };
  const forward = new SpdyPortForward(session, to);
  const take = (bytes: Buffer) => {
    socket.pause();
    void forward.push(bytes).then(() => socket.resume());
  };
  if (head.length > 0) take(head);
  socket.on('data', take);
  socket.once('close', () => forward.close());
  socket.once('end', () => forward.close());
}

function refuse(socket: Duplex, code: 400 | 403, message: string): void {
  const reason = code === 400 ? 'BadRequest' : 'Forbidden';
  void answerSocket(socket, answerJson(code, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code }));
}

const listOf = (header: string | undefined): string[] => (header ?? '').split(',').map((part) => part.trim());

/** The subprotocols that a client names, best first; one that names none asks for the nameless one. */
const askedProtocols = (incoming: IncomingMessage): readonly string[] => withoutToken(incoming.headers['sec-websocket-protocol']);
