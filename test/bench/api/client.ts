import { readFileSync } from 'node:fs';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { Agent, request } from 'node:https';
import { parse } from 'yaml';

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: { readonly server: string; readonly 'certificate-authority-data': string } }[];
  readonly users: readonly { readonly user: { readonly 'client-certificate-data': string; readonly 'client-key-data': string } }[];
}

/** A bare HTTPS client of one cluster: as little as possible between the bench and the server. */
export class ApiClient {
  readonly #server: URL;
  readonly #agent: Agent;

  /** @param connections how many requests are under way at most */
  constructor(kubeconfig: string, connections: number) {
    const config = parse(readFileSync(kubeconfig, 'utf8')) as Kubeconfig;
    const [cluster, user] = [config.clusters[0]?.cluster, config.users[0]?.user];
    if (!cluster || !user) throw new Error(`${kubeconfig} has no cluster`);
    const decode = (text: string) => Buffer.from(text, 'base64');
    this.#server = new URL(cluster.server);
    this.#agent = new Agent({
      keepAlive: true,
      maxSockets: connections,
      ca: decode(cluster['certificate-authority-data']),
      cert: decode(user['client-certificate-data']),
      key: decode(user['client-key-data']),
    });
  }

  /** Sends and reads to the end; throws on a failure. */
  async call(method: string, path: string, body?: unknown, headers?: OutgoingHttpHeaders): Promise<string> {
    const response = await this.open(method, path, body, headers);
    const chunks: Buffer[] = [];
    for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    if ((response.statusCode ?? 0) >= 400) throw new Error(`${method} ${path}: ${response.statusCode} ${text}`);
    return text;
  }

  /** Sends and gives the answer as it begins to come. */
  open(
    method: string,
    path: string,
    body?: unknown,
    given: OutgoingHttpHeaders = { 'content-type': 'application/json' },
  ): Promise<IncomingMessage> {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const headers = payload === undefined ? given : { ...given, 'content-length': Buffer.byteLength(payload) };
    return new Promise((done, fail) => {
      const { hostname, port } = this.#server;
      request({ agent: this.#agent, hostname, port, method, path, headers }, done).on('error', fail).end(payload);
    });
  }

  /** Calls `seen` for every event until it returns true. */
  async watch(path: string, seen: (event: { type: string; object: Record<string, unknown> }) => boolean): Promise<void> {
    const response = await this.open('GET', path);
    let rest = '';
    for await (const chunk of response as AsyncIterable<Buffer>) {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (seen(JSON.parse(line))) {
          response.destroy();
          return;
        }
      }
    }
  }

  close(): void {
    this.#agent.destroy();
  }
}
