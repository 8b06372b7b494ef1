import { readVersion2, type Version2Part } from '../openapi/read-version2.ts';
import type { RemoteApi } from './remote-apis.ts';
import { get, locate, type RemoteParts } from './remote-server.ts';
import { openApiUser } from './users.ts';

/** What another server publishes of one group version. */
export interface RemoteOpenApi {
  /** Below `/openapi/v3/`: `apis/metrics.k8s.io/v1beta1`. */
  readonly path: string;
  /** Where its document of version 3 is found, with a hash, at the server; nothing where it has none. */
  readonly address: string | undefined;
  /** Of its document of version 2; nothing where it has none. */
  readonly version2: { readonly part: Version2Part; readonly etag: string } | undefined;
}

const timeout = 60_000;
const limit = 64 * 1024 * 1024;

/**
 * Asks a server what it publishes: where its document of version 3 is, and all of its document of version 2. Follows upstream's downloaders.
 *
 * @param known what it has published before
 * @throws Error when it does not say
 */
export async function fetchOpenApi(parts: RemoteParts, api: RemoteApi, known: RemoteOpenApi | undefined): Promise<RemoteOpenApi> {
  if (!api.isAvailable) throw new Error('service unavailable');
  const path = api.group === '' ? `api/${api.version}` : `apis/${api.group}/${api.version}`;
  return { path, address: await version3Address(parts, api, path), version2: await version2Part(parts, api, path, known?.version2) };
}

async function version3Address(parts: RemoteParts, api: RemoteApi, path: string): Promise<string | undefined> {
  const { status, text } = await get(parts, api, locate(parts, api), { path: '/openapi/v3', user: openApiUser, timeout, limit });
  if (status === 404) return undefined;
  if (status !== 200) throw new Error('Error, could not get list of group versions for APIService');
  const { paths } = JSON.parse(text) as { paths?: Record<string, { serverRelativeURL?: unknown }> };
  const address = paths !== undefined && Object.hasOwn(paths, path) ? paths[path]?.serverRelativeURL : undefined;
  return typeof address === 'string' && address.startsWith(`/openapi/v3/${path}`) ? address : undefined;
}

async function version2Part(
  parts: RemoteParts,
  api: RemoteApi,
  path: string,
  known: RemoteOpenApi['version2'],
): Promise<RemoteOpenApi['version2']> {
  const headers = [['accept', 'application/json'], ...(known?.etag ? [['if-none-match', known.etag] as const] : [])] as const;
  const answer = await get(parts, api, locate(parts, api), { path: '/openapi/v2', user: openApiUser, headers, timeout, limit });
  if (answer.status === 304 && known !== undefined) return known;
  if (answer.status === 404) return undefined;
  if (answer.status !== 200) throw new Error(`failed to retrieve openAPI spec, http error: ${answer.status} ${answer.text.slice(0, 1000)}`);
  return { part: readVersion2(JSON.parse(answer.text), `/${path}/`), etag: answer.headers.get('etag') ?? '' };
}
