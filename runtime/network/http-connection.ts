import type { HttpAnswer, HttpExchange, Listener, Sockets } from './sockets.ts';

/** More than this in front of a body is no request. */
const maxHeadBytes = 64 * 1024;

const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  204: 'No Content',
  301: 'Moved Permanently',
  302: 'Found',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** Where a body ends: after so many bytes, or after the last of its chunks. */
type Body = { readonly left: number } | 'chunked';

/**
 * A TCP connection to what listens on a simulated port: bytes of HTTP/1.1 in, its answers out. What does not speak HTTP takes
 * everything and says nothing. `from` is the address of the client; left out, it is the pod's node.
 */
export function httpConnection(listener: Listener, host: string, from?: string) {
  let out: ReadableStreamDefaultController<Uint8Array> | undefined;
  let open = true;
  const readable = new ReadableStream<Uint8Array>({
    start(controller) {
      out = controller;
    },
    cancel() {
      open = false;
    },
  });
  const close = () => {
    if (open) out?.close();
    open = false;
  };
  const { http } = listener;
  const parser = new RequestReader((exchange, isLast) => {
    if (http === undefined || !open) return;
    const told = exchange && { ...exchange, host, ...(from !== undefined && { from }) };
    out?.enqueue(encode(told === undefined ? { status: 400, body: 'Bad Request' } : http(told), exchange, isLast));
    if (isLast) close();
  });
  const writable = new WritableStream<Uint8Array>({
    write(chunk) {
      if (http !== undefined && open) parser.push(chunk);
    },
    close,
    abort: close,
  });
  return { readable, writable };
}

/** Connects to a TCP port of the network that pods and nodes share. @throws Error when nothing listens there */
export function dial(sockets: Sockets, address: string, port: number) {
  const listener = sockets.connect(address, port, 'TCP');
  if (listener === undefined) throw new Error(`dial tcp ${address}:${port}: connect: connection refused`);
  return httpConnection(listener, `${address}:${port}`);
}

type Exchange = Omit<HttpExchange, 'host'>;

/** Cuts bytes into requests; their bodies are passed over. */
class RequestReader {
  private text = '';
  private body: Body = { left: 0 };
  private pending: (() => void) | undefined;
  /** `undefined`: what came is no HTTP. */
  private readonly tell: (exchange: Exchange | undefined, isLast: boolean) => void;

  constructor(tell: RequestReader['tell']) {
    this.tell = tell;
  }

  push(chunk: Uint8Array): void {
    // One character for one byte, so that lengths are those of the wire.
    for (const byte of chunk) this.text += String.fromCharCode(byte);
    while (this.step());
  }

  /** Whether something was taken from what has come. */
  private step(): boolean {
    if (this.pending === undefined) return this.head();
    if (this.body === 'chunked') {
      const end = /(?:^|\r\n)0\r\n(?:[^\r\n]+\r\n)*\r\n/.exec(this.text);
      if (end === null) {
        // Only the beginning of the last chunk may still be needed.
        this.text = this.text.slice(-maxHeadBytes);
        return false;
      }
      this.text = this.text.slice(end.index + end[0].length);
    } else {
      const taken = Math.min(this.body.left, this.text.length);
      this.text = this.text.slice(taken);
      this.body = { left: this.body.left - taken };
      if (this.body.left > 0) return false;
    }
    const { pending } = this;
    this.pending = undefined;
    pending();
    return true;
  }

  private head(): boolean {
    const end = this.text.indexOf('\r\n\r\n');
    if (end < 0) {
      if (this.text.length > maxHeadBytes || (this.text.length > 8 && !/^[A-Z]+ /.test(this.text))) this.fail();
      return false;
    }
    const [line = '', ...fields] = this.text.slice(0, end).split('\r\n');
    this.text = this.text.slice(end + 4);
    const [, method, path, minor] = /^([A-Z]+) (\S+) HTTP\/1\.([01])$/.exec(line) ?? [];
    if (method === undefined || path === undefined) {
      this.fail();
      return false;
    }
    const headers = Object.fromEntries(
      fields.map((field) => {
        const [name = '', value = ''] = field.split(/:\s*(.*)/s);
        return [name.toLowerCase(), value];
      }),
    );
    const isLast = minor === '0' || headers.connection?.toLowerCase() === 'close';
    this.body = headers['transfer-encoding'] === undefined ? { left: Number(headers['content-length'] ?? 0) || 0 } : 'chunked';
    this.pending = () => this.tell({ method, scheme: 'http', path, headers }, isLast);
    return true;
  }

  private fail(): void {
    this.text = '';
    this.tell(undefined, true);
  }
}

function encode({ status, body }: HttpAnswer, exchange: Exchange | undefined, isLast: boolean): Uint8Array {
  const encoder = new TextEncoder();
  const bytes = encoder.encode(body);
  const type = body.trimStart().startsWith('<') ? 'text/html' : 'text/plain';
  const head = [
    `HTTP/1.1 ${status} ${reasons[status] ?? ''}`,
    `Content-Type: ${type}; charset=utf-8`,
    `Content-Length: ${bytes.length}`,
    `Connection: ${isLast ? 'close' : 'keep-alive'}`,
  ];
  return encoder.encode(`${head.join('\r\n')}\r\n\r\n${exchange?.method === 'HEAD' ? '' : body}`);
}
