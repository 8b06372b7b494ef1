import { type HttpRequest, isTrue } from '../../../api/http.ts';
import { internalError } from '../../../api/status.ts';
import type { ApiRequest } from '../../api-request.ts';
import { type ApiObject, copyJson, type Dict, jsonEqual } from '../../registry/api-object.ts';
import type { Core } from '../../registry/core.ts';
import type { RequestInfo } from '../../request-info.ts';
import { admitPart } from './admit-part.ts';

type OptionType = 'text' | 'boolean' | 'texts' | 'numbers';

const streams = { stdin: 'boolean', stdout: 'boolean', stderr: 'boolean', tty: 'boolean', container: 'text' } as const;

/** The kinds that say how to connect, by what is connected to, with their fields in the order of Go's structs. */
const kinds: Readonly<Record<string, { readonly kind: string; readonly fields: Readonly<Record<string, OptionType>> }>> = {
  'pods/exec': { kind: 'PodExecOptions', fields: { ...streams, command: 'texts' } },
  'pods/attach': { kind: 'PodAttachOptions', fields: streams },
  'pods/portforward': { kind: 'PodPortForwardOptions', fields: { ports: 'numbers' } },
  'pods/proxy': { kind: 'PodProxyOptions', fields: { path: 'text' } },
  'services/proxy': { kind: 'ServiceProxyOptions', fields: { path: 'text' } },
  'nodes/proxy': { kind: 'NodeProxyOptions', fields: { path: 'text' } },
};

/**
 * Lets admission have its say about a connection, with operation CONNECT and the options as its object. Gives the request as admission wants it: who
 * changes the options changes the query. Follows upstream's `ConnectResource`.
 */
export async function admitConnection(core: Core, request: ApiRequest): Promise<ApiRequest> {
  const { info, resource } = request;
  const known = kinds[`${resource.kind.plural}/${info.subresource}`];
  if (known === undefined) return request;
  const { kind, fields } = known;
  const object = optionsOf(request, kind, fields);
  const before = copyJson(object);
  await admitPart(core, request, 'CONNECT', object, { group: '', version: 'v1', kind, definition: `io.k8s.api.core.v1.${kind}` });
  return jsonEqual(before, object) ? request : withOptions(request, object, fields);
}

function optionsOf({ query, info, url }: ApiRequest, kind: string, fields: Readonly<Record<string, OptionType>>): ApiObject {
  const options: Dict = { kind, apiVersion: 'v1' };
  for (const [name, type] of Object.entries(fields)) {
    const values = name === 'path' ? [proxiedPath(info, url)] : query.getAll(name);
    const [first] = values;
    if (first === undefined) continue;
    if (type === 'boolean') {
      if (isTrue(first)) options[name] = true;
    } else if (type === 'text') {
      if (first !== '') options[name] = first;
    } else options[name] = type === 'texts' ? values : values.map(Number);
  }
  // Options have no metadata, which nobody may ask of them.
  return options as ApiObject;
}

/**
 * The path behind a proxy, decoded and with a slash at its end when the request has one; empty when there is none. Upstream: `getRequestOptions` of the
 * handlers.
 */
export function proxiedPath({ rest }: RequestInfo, { pathname }: URL): string {
  const path = rest === '' || rest.startsWith('/') ? rest : `/${rest}`;
  return /(?:\/|%2f)$/i.test(pathname) && !path.endsWith('/') ? `${path}/` : path;
}

function withOptions(request: ApiRequest, object: ApiObject, fields: Readonly<Record<string, OptionType>>): ApiRequest {
  if ('path' in fields) throw internalError('the path behind a proxy cannot be changed by admission');
  const url = new URL(request.url);
  for (const name of Object.keys(fields)) {
    url.searchParams.delete(name);
    const value = object[name];
    for (const each of Array.isArray(value) ? value : value === undefined ? [] : [value]) url.searchParams.append(name, String(each));
  }
  const { request: asked } = request;
  const { method, headers } = asked;
  const changed: HttpRequest = {
    ...{ method, url: url.href, headers },
    get body() {
      return asked.body;
    },
    arrayBuffer: () => asked.arrayBuffer(),
  };
  return { ...request, url, query: url.searchParams, request: changed };
}
