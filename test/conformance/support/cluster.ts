import { request } from 'node:https';
import {
  ApiException,
  ApiextensionsV1Api,
  AppsV1Api,
  AuthenticationV1Api,
  AuthorizationV1Api,
  CoordinationV1Api,
  CoreV1Api,
  CustomObjectsApi,
  EventsV1Api,
  KubeConfig,
  NodeV1Api,
  PatchStrategy,
  PolicyV1Api,
  StorageV1Api,
  setHeaderOptions,
  type V1Status,
} from '@kubernetes/client-node';
import { inject } from 'vitest';

/** The path of the kubeconfig of the cluster under test. */
export const kubeconfig = inject('kubeconfig');

export const config = new KubeConfig();
config.loadFromFile(kubeconfig);

export const core = config.makeApiClient(CoreV1Api);
export const apps = config.makeApiClient(AppsV1Api);
export const extensions = config.makeApiClient(ApiextensionsV1Api);
export const authentication = config.makeApiClient(AuthenticationV1Api);
export const authorization = config.makeApiClient(AuthorizationV1Api);
export const coordination = config.makeApiClient(CoordinationV1Api);
export const custom = config.makeApiClient(CustomObjectsApi);
export const events = config.makeApiClient(EventsV1Api);
export const nodes = config.makeApiClient(NodeV1Api);
export const policy = config.makeApiClient(PolicyV1Api);
export const storage = config.makeApiClient(StorageV1Api);

export const jsonPatch = setHeaderOptions('Content-Type', PatchStrategy.JsonPatch);
export const mergePatch = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
export const strategicPatch = setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch);

/** What stands in a JSON body. */
export interface Json {
  // biome-ignore lint/suspicious/noExplicitAny: bodies of every kind are read with the eyes of the test
  [field: string]: any;
}

/** An answer of the server as it came. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The body read as JSON; throws when it is none. */
  readonly body: Json;
}

/** A request outside of what the typed client offers; texts are sent as they are, all else as JSON. */
export async function call(
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string | readonly string[]>> = {},
): Promise<Answer> {
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new Error('the kubeconfig names no cluster');
  const options = { method, headers: { 'Content-Type': 'application/json', Accept: 'application/json', ...headers } };
  await config.applyToHTTPSOptions(options);
  return await new Promise((done, fail) => {
    const sent = request(new URL(cluster.server.replace(/\/$/, '') + path), options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', fail);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        done({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          get body() {
            return JSON.parse(text) as Json;
          },
        });
      });
    });
    sent.on('error', fail);
    sent.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
  });
}

/** A request that must succeed; gives its body. */
export async function ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Json> {
  const answer = await call(method, path, body, headers);
  if (answer.status < 200 || answer.status > 299) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
  return answer.body;
}

/** The Status a request is refused with; throws when it succeeds. */
export async function refusal(asked: Promise<unknown>): Promise<V1Status> {
  try {
    await asked;
  } catch (error) {
    if (!(error instanceof ApiException)) throw error;
    return (typeof error.body === 'string' ? JSON.parse(error.body) : error.body) as V1Status;
  }
  throw new Error('the request was not refused');
}

/** Waits until the probe gives something and returns that; throws after the seconds. */
export async function eventually<T>(what: string, probe: () => Promise<T | undefined | false>, seconds = 30): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`waited ${seconds} s in vain: ${what}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

/** Waits until a request is refused as not found. */
export async function gone(what: string, read: () => Promise<unknown>, seconds = 30): Promise<void> {
  await eventually(
    `${what} is gone`,
    async () => {
      try {
        await read();
        return false;
      } catch (error) {
        if (error instanceof ApiException && error.code === 404) return true;
        throw error;
      }
    },
    seconds,
  );
}
