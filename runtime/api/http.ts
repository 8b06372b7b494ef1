/** What is read of a message's headers, which are asked for in small letters. `Headers` are such. */
export interface HttpHeaders extends Iterable<[string, string]> {
  get(name: string): string | null;
  keys(): Iterable<string>;
}

/** What an API server reads of a request. A web `Request` is one; who has the body at hand makes a {@link BytesRequest}. */
export interface HttpRequest extends Pick<Request, 'method' | 'url' | 'body' | 'arrayBuffer'> {
  readonly headers: HttpHeaders;
  /** The address, where it has been looked into already. */
  readonly address?: URL;
  /** Aborts when who sent it waits for no answer any more. */
  readonly signal?: AbortSignal;
}

/** The headers of an answer, to which may be added on its way. */
export interface AnswerHeaders extends HttpHeaders {
  has(name: string): boolean;
  set(name: string, value: string): void;
}

/** What is read of an answer. A web `Response` is one; who has the body at hand makes a {@link BytesAnswer}. */
export interface HttpResponse extends Pick<Response, 'ok' | 'status' | 'body' | 'arrayBuffer' | 'json' | 'text'> {
  readonly headers: AnswerHeaders;
}

const decoder = new TextDecoder();
const none = new Uint8Array(0);

/** A body whose bytes are at hand. Streams, which cost more than the rest of a small exchange, are made for who asks. */
class BytesBody {
  readonly encoded: Uint8Array<ArrayBuffer>;
  constructor(encoded: Uint8Array<ArrayBuffer>) {
    this.encoded = encoded;
  }

  get body(): ReadableStream<Uint8Array<ArrayBuffer>> | null {
    return this.encoded.length === 0 ? null : new Response(this.encoded).body;
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    const { buffer, byteOffset, byteLength } = this.encoded;
    return buffer.byteLength === byteLength ? buffer : buffer.slice(byteOffset, byteOffset + byteLength);
  }

  async text(): Promise<string> {
    return decoder.decode(this.encoded);
  }

  async json(): Promise<unknown> {
    return JSON.parse(decoder.decode(this.encoded));
  }
}

/** A request whose body has come. */
export class BytesRequest extends BytesBody implements HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly address?: URL;
  readonly headers: HttpHeaders;
  readonly signal?: AbortSignal;
  constructor(method: string, url: string | URL, headers: HttpHeaders, encoded: Uint8Array<ArrayBuffer> = none, signal?: AbortSignal) {
    super(encoded);
    this.method = method;
    if (typeof url === 'string') this.url = url;
    else {
      this.url = url.href;
      this.address = url;
    }
    this.headers = headers;
    if (signal !== undefined) this.signal = signal;
  }
}

/** A request whose body is still coming, for whoever reads it. */
export class StreamedRequest implements HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: HttpHeaders;
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly signal: AbortSignal;
  constructor(method: string, url: string, headers: HttpHeaders, body: ReadableStream<Uint8Array<ArrayBuffer>>, signal: AbortSignal) {
    this.method = method;
    this.url = url;
    this.headers = headers;
    this.body = body;
    this.signal = signal;
  }

  arrayBuffer(): Promise<ArrayBuffer> {
    return new Response(this.body).arrayBuffer();
  }
}

/** A request whose body is received when it is asked for, all of it at once. */
export class ReceivingRequest implements HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly address: URL;
  readonly headers: HttpHeaders;
  /** Its body, however often it is asked for; rejects where it does not come. */
  readonly receive: () => Promise<Uint8Array<ArrayBuffer>>;
  constructor(method: string, address: URL, headers: HttpHeaders, receive: () => Promise<Uint8Array<ArrayBuffer>>) {
    this.method = method;
    this.url = address.href;
    this.address = address;
    this.headers = headers;
    this.receive = receive;
  }

  get body(): ReadableStream<Uint8Array<ArrayBuffer>> {
    const pull = async (controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>) => {
      controller.enqueue(await this.receive());
      controller.close();
    };
    return new ReadableStream({ pull }, { highWaterMark: 0 });
  }

  arrayBuffer(): Promise<ArrayBuffer> {
    return new Response(this.body).arrayBuffer();
  }
}

/** An answer whose body is at hand, so that nobody need read it back out of a stream. */
export class BytesAnswer extends BytesBody implements HttpResponse {
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** @param headers named in small letters, with values that a header line may hold */
  constructor(status: number, headers: Readonly<Record<string, string>>, encoded: Uint8Array<ArrayBuffer> = none) {
    super(encoded);
    this.status = status;
    this.headers = new WrittenHeaders(headers);
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }
}

/** An answer whose body comes over time. A web `Response` would do, but Node takes a while to load what it is made of. */
export class StreamAnswer implements HttpResponse {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>> | null;
  constructor(status: number, headers: AnswerHeaders, body: ReadableStream<Uint8Array<ArrayBuffer>> | null) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  arrayBuffer(): Promise<ArrayBuffer> {
    return new Response(this.body).arrayBuffer();
  }

  text(): Promise<string> {
    return new Response(this.body).text();
  }

  json(): Promise<unknown> {
    return new Response(this.body).json();
  }
}

/** Headers as a server writes them, named in small letters: web `Headers` check each again. */
export class WrittenHeaders implements AnswerHeaders {
  private readonly fields: Map<string, string>;
  constructor(fields: Readonly<Record<string, string>>) {
    this.fields = new Map(Object.entries(fields));
  }

  get(name: string): string | null {
    return this.fields.get(name) ?? null;
  }

  has(name: string): boolean {
    return this.fields.has(name);
  }

  set(name: string, value: string): void {
    this.fields.set(name, value);
  }

  keys(): Iterable<string> {
    return this.fields.keys();
  }

  [Symbol.iterator](): Iterator<[string, string]> {
    return this.fields.entries();
  }
}

/** Headers that somebody has as a record, named in small letters; several of one name are one value. */
export class RecordHeaders implements HttpHeaders {
  private readonly fields: Readonly<Record<string, string | readonly string[] | undefined>>;
  constructor(fields: Readonly<Record<string, string | readonly string[] | undefined>>) {
    this.fields = fields;
  }

  get(name: string): string | null {
    const value = this.fields[name];
    return typeof value === 'string' ? value : (value?.join(', ') ?? null);
  }

  keys(): readonly string[] {
    return Object.keys(this.fields);
  }

  *[Symbol.iterator](): Iterator<[string, string]> {
    for (const name of this.keys()) yield [name, this.get(name) ?? ''];
  }
}

/** A query parameter as upstream reads a boolean: there and not `false` or `0`. */
export function isTrue(value: string | null): boolean {
  return value !== null && value.toLowerCase() !== 'false' && value !== '0';
}
