import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { BytesAnswer, BytesRequest, type HttpResponse, ReceivingRequest, RecordHeaders, StreamedRequest } from '../../../api/http.ts';
import type { Peer } from '../../../apiserver/authentication/peer.ts';
import type { ApiServer } from '../../../apiserver/server.ts';
import { writeAnswer } from './answer-writer.ts';
import type { Limits } from './limits.ts';
import { OneByOne } from './one-by-one.ts';
import { refusal } from './refusals.ts';
import { BodyBudget, type DiscardLimits, IncomingBody } from './request-body.ts';
import { UnreadAnswers } from './unread-answers.ts';

/** What a client that was answered before it had sent all may go on sending, so that it can read its answer first. */
const linger: DiscardLimits = { bytes: Number.POSITIVE_INFINITY, ms: 1000 };
/** What of a body that nobody has asked for is taken, for its connection to go on. Go's `maxPostHandlerReadBytes`. */
const unasked: DiscardLimits = { bytes: 256 * 1024, ms: 1000 };

/** Turns messages of Node into requests of the API server and its answers back. */
export class Exchanges {
  private readonly server: ApiServer;
  private readonly limits: Limits;
  /** What ends the open streams properly. */
  private readonly streams = new Set<() => void>();
  private readonly budget: BodyBudget;
  private readonly unread: UnreadAnswers;
  /** By connection the answers that are not at their end, in the order of what they answer, in which they come, with the bodies of what they answer. */
  private readonly open = new WeakMap<Socket, Map<ServerResponse, IncomingBody>>();
  private readonly readers = new WeakMap<Socket, OneByOne>();
  private closing = false;

  constructor(server: ApiServer, limits: Limits) {
    this.server = server;
    this.limits = limits;
    this.budget = new BodyBudget(limits.bodyBytes);
    this.unread = new UnreadAnswers(limits.unreadBytes, limits.unreadTimeout);
  }

  /** Ends open streams after what has been written; every answer from now on is the last of its connection. */
  close(): void {
    this.closing = true;
    for (const end of this.streams) end();
  }

  /** Reads what comes in on a connection, which Node reads already. */
  read(socket: Socket): void {
    const current = () => this.open.get(socket)?.keys().next().value?.req;
    this.readers.set(socket, new OneByOne(socket, current));
  }

  /** Reads no more of a connection, which is none of HTTP any longer. */
  leave(socket: Socket): void {
    this.readers.get(socket)?.leave();
  }

  /** Waits until all is answered that came whole on a connection so far. */
  async whenAnswered(socket: Socket): Promise<void> {
    const last = this.openAt(socket).findLast(([{ req }]) => req.complete);
    if (last !== undefined) await once(last[0], 'close');
  }

  /** Ends the body that is coming in on a connection, of which nothing more can be read, `fault` says why. False where none is. */
  failBody(socket: Socket, fault: string): boolean {
    const [, body] = this.openAt(socket).find(([{ req }]) => !req.complete) ?? [];
    body?.fail(fault);
    return body !== undefined;
  }

  /** Answers one message. `waits`: the client does not send its body before it is told that it is wanted. */
  async serve(peer: Peer, incoming: IncomingMessage, outgoing: ServerResponse, waits: boolean): Promise<void> {
    const { socket } = incoming;
    const body = new IncomingBody(incoming, {
      budget: this.budget,
      timeout: this.limits.bodyTimeout,
      askFor: () => {
        if (waits) outgoing.writeContinue();
      },
    });
    const open = this.open.get(socket) ?? new Map();
    const before = open.size === 0 ? undefined : [...open.keys()].at(-1);
    this.open.set(socket, open.set(outgoing, body));
    outgoing.once('close', () => {
      open.delete(outgoing);
      this.readers.get(socket)?.goOn();
    });
    if (before !== undefined) {
      // The end of a body and the header of the next request can come as one.
      await once(before, 'close');
      if (!socket.writable) return;
    }
    const response = await this.answer(peer, incoming, outgoing, body).finally(() => body.release());
    // The client has gone meanwhile.
    if (outgoing.destroyed) {
      await response.body?.cancel();
      return;
    }
    const goesOn =
      outgoing.shouldKeepAlive && !waits && !body.isAskedFor && Number(incoming.headers['content-length'] ?? 0) <= unasked.bytes;
    if (!incoming.complete && goesOn) await body.discard(unasked);
    const unread = !incoming.complete;
    if (unread || this.closing) outgoing.shouldKeepAlive = false;
    await writeAnswer(response, outgoing, {
      acceptEncoding: String(incoming.headers['accept-encoding'] ?? ''),
      stallTimeout: this.limits.stallTimeout,
      unread: this.unread,
      onEnding: (end) => {
        this.streams.add(end);
        if (this.closing) end();
        return () => this.streams.delete(end);
      },
    });
    if (unread) await body.discard(linger);
    // A stream that was open when the closing began has not said that it is the last of its connection.
    outgoing.end(() => {
      if (this.closing) socket.end();
    });
  }

  private openAt(socket: Socket): [ServerResponse, IncomingBody][] {
    return [...(this.open.get(socket) ?? [])];
  }

  private async answer(peer: Peer, incoming: IncomingMessage, outgoing: ServerResponse, body: IncomingBody): Promise<HttpResponse> {
    const method = incoming.method ?? 'GET';
    const fault = headFault(incoming);
    const url = fault === undefined ? urlOf(incoming) : undefined;
    if (url === undefined) {
      if (fault === undefined && method === 'OPTIONS' && incoming.url === '*') return new BytesAnswer(200, {});
      outgoing.shouldKeepAlive = false;
      return fault ?? refusal(400);
    }
    const headers = new RecordHeaders(incoming.headers);
    if (method === 'GET' || method === 'HEAD') {
      const signal = this.server.passesOn(url) ? whenClosed(outgoing) : undefined;
      return this.server.handle(new BytesRequest(method, url, headers, undefined, signal), peer);
    }

    if (this.server.passesOn(url)) return this.passOn(peer, incoming, outgoing, url, body);
    return this.server.handle(new ReceivingRequest(method, url, headers, () => body.receive()), peer);
  }

  /** The body goes on to another server as it comes, and is as long as that one takes. */
  private passOn(peer: Peer, incoming: IncomingMessage, outgoing: ServerResponse, url: URL, body: IncomingBody): Promise<HttpResponse> {
    const { method = 'POST', headers } = incoming;
    return this.server.handle(new StreamedRequest(method, url.href, new RecordHeaders(headers), body.stream(), whenClosed(outgoing)), peer);
  }
}

/** Aborts when the client has gone, or has its answer. */
function whenClosed(outgoing: ServerResponse): AbortSignal {
  const closed = new AbortController();
  outgoing.once('close', () => closed.abort());
  return closed.signal;
}

/** What a URL may read as something else than itself; few paths have any of it. */
const mayBeRead = /[\\#]|\/(?:\.|%2e)/i;
/** `.` and `..` between slashes, however they are written. */
const dotSegments = /(?<=\/)(?:\.|%2e){1,2}(?=\/|$)/gi;

/** Paths are taken as they are: without this the URL would be cut where it says `..`, and what is behind `#` would be left out. */
function literal(target: string): string {
  if (!mayBeRead.test(target)) return target;
  const [, path = '', query = ''] = /^([^?]*)(.*)$/s.exec(target) ?? [];
  const segments = path.replace(dotSegments, (dots) => dots.replace(/\.|%2e/gi, '%252e')).replaceAll('\\', '%5C');
  return `${segments}${query}`.replaceAll('#', '%23');
}

/** What may stand in a header `Host`. */
const validHost = /^[\w!$%&'()*+,.:;=[\]~-]*$/;

/** How Go's HTTP server refuses a request whose first lines it has something against; undefined where it has nothing. */
export function headFault({ rawHeaders, headers, httpVersion, httpVersionMajor }: IncomingMessage): HttpResponse | undefined {
  if (httpVersionMajor !== 1) return refusal(505, 'unsupported protocol version');
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts++;
  }
  if (hosts > 1) return refusal(400);
  if (hosts === 0) return httpVersion === '1.1' ? refusal(400, 'missing required Host header') : undefined;
  return validHost.test(headers.host ?? '') ? undefined : refusal(400, 'malformed Host header');
}

const brokenEscape = /^[^?]*%(?![\da-fA-F]{2})/;

/** The address that was asked for; undefined when it is none. What a host may be called is of no concern. */
export function urlOf(incoming: IncomingMessage): URL | undefined {
  const target = literal(incoming.url ?? '/');
  if (target.includes('%') && brokenEscape.test(target)) return undefined;
  if (!target.startsWith('/')) return parsed(target);
  return parsed(`https://${incoming.headers.host || 'localhost'}${target}`) ?? parsed(`https://localhost${target}`);
}

function parsed(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
