import { readFileSync } from 'node:fs';
import { type Dispatcher, Pool } from 'undici';
import { parse } from 'yaml';

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: { readonly server: string; readonly 'certificate-authority-data': string } }[];
  readonly users: readonly { readonly user: { readonly 'client-certificate-data': string; readonly 'client-key-data': string } }[];
}

/** A bare HTTPS client of one cluster: as little as possible between the bench and the server, with which it shares the machine. */
export class ApiClient {
  readonly #pool: Pool;

  /** @param connections how many requests are under way at most */
  constructor(kubeconfig: string, connections: number) {
    const config = parse(readFileSync(kubeconfig, 'utf8')) as Kubeconfig;
    const [cluster, user] = [config.clusters[0]?.cluster, config.users[0]?.user];
    if (!cluster || !user) throw new Error(`${kubeconfig} has no cluster`);
    const decode = (text: string) => Buffer.from(text, 'base64');
    this.#pool = new Pool(cluster.server, {
      connections,
      bodyTimeout: 0,
      headersTimeout: 0,
      connect: {
        ca: decode(cluster['certificate-authority-data']),
        cert: decode(user['client-certificate-data']),
        key: decode(user['client-key-data']),
      },
    });
  }

  /** Sends and reads to the end; throws on a failure. Bytes: to make a text of a long list takes this process longer than to receive it. */
  async call(method: Dispatcher.HttpMethod, path: string, body?: unknown, headers?: Record<string, string>): Promise<Buffer> {
    const response = await this.open(method, path, body, headers);
    const bytes = Buffer.from(await response.body.arrayBuffer());
    if (response.statusCode >= 400) throw new Error(`${method} ${path}: ${response.statusCode} ${bytes}`);
    return bytes;
  }

  /** Sends and gives the answer as it begins to come. */
  open(
    method: Dispatcher.HttpMethod,
    path: string,
    body?: unknown,
    headers: Record<string, string> = { 'content-type': 'application/json' },
  ): Promise<Dispatcher.ResponseData> {
    return this.#pool.request({ method, path, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
  }

  /** Calls `seen` for every event until it returns true. */
  async watch(path: string, seen: (event: { type: string; object: Record<string, unknown> }) => boolean): Promise<void> {
    const { body } = await this.open('GET', path);
    let rest = '';
    for await (const chunk of body as AsyncIterable<Buffer>) {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        // Leaving the loop ends the watch.
        if (seen(JSON.parse(line))) return;
      }
    }
  }

  close(): void {
    void this.#pool.destroy();
  }
}
