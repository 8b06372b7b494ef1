import { readFileSync } from 'node:fs';
import { type Dispatcher, Pool } from 'undici';
import { parse } from 'yaml';

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: { readonly server: string; readonly 'certificate-authority-data': string } }[];
  readonly users: readonly { readonly user: { readonly 'client-certificate-data': string; readonly 'client-key-data': string } }[];
}

/** By this function the dispatcher knows a handler that is told of bytes as they come. */
const onRequestStart = () => {};

/**
 * A bare HTTPS client of one cluster: as little as possible between the bench and the server, with which it shares the machine. So there are no streams,
 * either: the bytes of an answer are taken as they come.
 */
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
  call(
    method: Dispatcher.HttpMethod,
    path: string,
    body?: unknown,
    headers: Record<string, string> = { 'content-type': 'application/json' },
  ): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let status = 0;
      const options = { method, path, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
      this.#pool.dispatch(options, {
        onRequestStart,
        onResponseStart: (_, code) => {
          status = code;
        },
        onResponseData: (_, chunk) => {
          chunks.push(chunk);
        },
        onResponseEnd: () => {
          const bytes = Buffer.concat(chunks);
          if (status < 400) resolve(bytes);
          else reject(new Error(`${method} ${path}: ${status} ${bytes}`));
        },
        onResponseError: (_, error) => reject(error),
      });
    });
  }

  /** Calls `seen` for every event until it returns true, which ends the watch. */
  watch(path: string, seen: (event: { type: string; object: Record<string, unknown> }) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      let rest = '';
      let isOver = false;
      this.#pool.dispatch(
        { method: 'GET', path },
        {
          onRequestStart,
          onResponseData: (controller, chunk) => {
            const lines = (rest + chunk.toString()).split('\n');
            rest = lines.pop() ?? '';
            isOver ||= lines.some((line) => seen(JSON.parse(line)));
            if (isOver) controller.abort(new Error('the watch is over'));
          },
          onResponseEnd: () => resolve(),
          onResponseError: (_, error) => (isOver ? resolve() : reject(error)),
        },
      );
    });
  }

  close(): void {
    void this.#pool.destroy();
  }
}
