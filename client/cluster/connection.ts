import type { IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { t } from '@vscode/l10n';
import type { Status } from '../../runtime/api/generated/types/meta/v1.ts';
import type { WatchNotice } from './cluster.ts';
import { ApiFailure } from './failure.ts';
import type { Endpoint } from './kubeconfig.ts';
import type { Reply, RequestOptions } from './request.ts';

/** Milliseconds a request may take; a watch has no such limit. */
const requestTimeout = 30_000;

/** Requests to one API server over HTTPS with its own CA pinned and connections kept open. */
export class Connection {
  readonly #endpoint: Endpoint;
  readonly #agent: Agent;

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
    this.#agent = new Agent({
      keepAlive: true,
      ...(endpoint.ca === undefined ? {} : { ca: endpoint.ca }),
      ...(endpoint.cert === undefined ? {} : { cert: endpoint.cert }),
      ...(endpoint.key === undefined ? {} : { key: endpoint.key }),
    });
  }

  /** Sends one request and reads the whole answer. Throws {@link ApiFailure} for a code of 400 and above. */
  async request<T>(method: string, path: string, options: RequestOptions = {}): Promise<Reply<T>> {
    const timeout = AbortSignal.timeout(requestTimeout);
    const signal = options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout]);
    const answer = await this.#send(method, path, { ...options, signal });
    const text = await readText(answer);
    const code = answer.statusCode ?? 0;
    const json = (answer.headers['content-type'] ?? '').includes('json');
    const body: unknown = json && text !== '' ? JSON.parse(text) : text;
    if (code >= 400) throw new ApiFailure(code, asStatus(body, code, text));
    return { code, body: body as T };
  }

  /** The events of a watch, one JSON line each. */
  async *watch(path: string, options: RequestOptions & { readonly signal: AbortSignal }): AsyncIterable<WatchNotice> {
    const answer = await this.#send('GET', path, options);
    const code = answer.statusCode ?? 0;
    if (code >= 400) {
      const text = await readText(answer);
      let body: unknown = text;
      try {
        body = JSON.parse(text);
      } catch {
        // Not every server answers in JSON; asStatus takes the text then.
      }
      throw new ApiFailure(code, asStatus(body, code, text));
    }
    answer.setEncoding('utf8');
    let rest = '';
    for await (const chunk of answer) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line !== '') yield JSON.parse(line) as WatchNotice;
    }
  }

  /** Closes idle connections; open ones end with their requests. */
  close(): void {
    this.#agent.destroy();
  }

  #send(method: string, path: string, options: RequestOptions): Promise<IncomingMessage> {
    const url = new URL(path, this.#endpoint.server);
    for (const [name, value] of Object.entries(options.query ?? {})) url.searchParams.set(name, value);
    const body = options.body === undefined ? undefined : Buffer.from(JSON.stringify(options.body));
    return new Promise((resolve, reject) => {
      const request = httpsRequest(
        url,
        {
          method,
          agent: this.#agent,
          headers: {
            accept: options.accept ?? 'application/json',
            'user-agent': 'kubeside-vscode',
            ...(this.#endpoint.token === undefined ? {} : { authorization: `Bearer ${this.#endpoint.token}` }),
            ...(body === undefined ? {} : { 'content-type': options.contentType ?? 'application/json', 'content-length': body.length }),
          },
          ...(options.signal === undefined ? {} : { signal: options.signal }),
        },
        resolve,
      );
      request.on('error', reject);
      request.end(body);
    });
  }
}

async function readText(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function asStatus(body: unknown, code: number, text: string): Status {
  if (typeof body === 'object' && body !== null && 'kind' in body && body.kind === 'Status') return body as Status;
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message: text.trim() || t('the server answered {0}', code) };
}
