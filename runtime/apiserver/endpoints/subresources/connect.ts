import { BytesAnswer, type HttpRequest, type HttpResponse } from '../../../api/http.ts';
import { badRequest, invalidFields, notFound, serviceUnavailable } from '../../../api/status.ts';
import { type FieldError, forbidden, invalid } from '../../../api/validation/field-error.ts';
import { Path, root } from '../../../api/validation/path.ts';
import { cleanPath, escapePath } from '../../aggregator/go-path.ts';
import type { ApiRequest } from '../../api-request.ts';
import { type ApiObject, arrayAt, numberAt, stringAt } from '../../registry/api-object.ts';
import type { Core } from '../../registry/core.ts';
import { type Endpoint, readyEndpoints } from '../../services/resolver.ts';
import { type StreamSession, UpgradeAnswer } from '../../streams.ts';
import { integerParameter } from '../options.ts';
import { admitConnection, proxiedPath } from './connect-options.ts';

/** What the kubelet of a node is asked for, or what lies behind a proxied address. */
export interface Connection {
  readonly verb: 'log' | 'exec' | 'attach' | 'portforward' | 'proxy';
  readonly kind: 'pods' | 'services' | 'nodes';
  readonly namespace: string;
  /** The object's name; for `proxy` as it stands in the path, with scheme and port. */
  readonly name: string;
  /** The node the pod runs on; empty for services. */
  readonly node: string;
  readonly uid: string;
  /** Empty for `portforward` and `proxy`. */
  readonly container: string;
  /** For `proxy`: the path behind it, as it is written in a request. */
  readonly path: string;
  /** For `proxy` to a service: the endpoint that was chosen. */
  readonly endpoint?: Endpoint;
}

/** The way to the kubelets. */
export interface KubeletConnection {
  /** `log` and `proxy`. The answer streams. */
  connect(connection: Connection, request: HttpRequest): Promise<HttpResponse>;
  /** `exec`, `attach`, `portforward`: what a client is to be connected to; nothing has begun yet. */
  open(connection: Connection, request: HttpRequest): Promise<StreamSession>;
}

/** `pods/log`, `exec`, `attach`, `portforward`: checks what upstream checks before it turns to the kubelet, then does the same. */
export async function podConnectEndpoint(core: Core, asked: ApiRequest, kubelets: KubeletConnection | undefined): Promise<HttpResponse> {
  const { info, resource } = asked;
  const verb = info.subresource;
  if (verb !== 'log' && verb !== 'exec' && verb !== 'attach' && verb !== 'portforward') throw badRequest(`unknown connection ${verb}`);
  if (verb === 'log') checkLogOptions(asked.query, info.name);
  else if (info.verb === 'get' && asked.request.headers.get('upgrade')?.toLowerCase() === 'websocket') {
    // WebSockets begin with GET, but who may only read is not to run commands: upstream's AuthorizePodWebsocketUpgradeCreatePermission.
    await asked.mayAlso('create');
  }
  const request = verb === 'log' ? asked : await admitConnection(core, asked);
  const { query } = request;
  const entry = core.entry(resource, info.namespace, info.name);
  if (entry === undefined) throw notFound(resource.subject, info.name);
  const pod = core.cache.object(resource, entry);
  const node = stringAt(pod, 'spec', 'nodeName');
  const container = verb === 'portforward' ? '' : chooseContainer(pod, info.name, query.get('container') ?? '');
  if (node === '') {
    if (verb === 'log') return new Response(null, { status: 204 });
    throw badRequest(`pod ${info.name} does not have a host assigned`);
  }
  const connection = { kind: 'pods', namespace: info.namespace, name: info.name, node, uid: pod.metadata.uid ?? '' } as const;
  const what: Connection = { ...connection, verb, container, path: '' };
  if (verb === 'log') return connect(kubelets, what, request.request);
  if (kubelets === undefined) throw unreachable();
  if (request.request.headers.get('upgrade') === null) throw badRequest('Upgrade request required');
  return new UpgradeAnswer(await kubelets.open(what, request.request), request.streams());
}

/** `pods/proxy`, `services/proxy`, `nodes/proxy`: HTTP to what the object stands for. */
export async function proxyEndpoint(core: Core, request: ApiRequest, kubelets: KubeletConnection | undefined): Promise<HttpResponse> {
  const { info, resource } = request;
  const { plural } = resource.kind;
  if (plural !== 'pods' && plural !== 'services' && plural !== 'nodes') throw badRequest(`${plural} cannot be proxied`);
  await admitConnection(core, request);
  const path = cleanPath(proxiedPath(info, request.url));
  const [first = '', second = ''] = info.name.split(':');
  const name = info.name.split(':').length === 3 ? second : first;
  const entry = core.entry(resource, plural === 'nodes' ? '' : info.namespace, name);
  if (entry === undefined) throw notFound(resource.subject, name);
  const object = core.cache.object(resource, entry);
  if (plural === 'pods' && stringAt(object, 'status', 'podIP') === '') throw badRequest('address not allowed');
  const node = plural === 'nodes' ? name : stringAt(object, 'spec', 'nodeName');
  const connection = {
    verb: 'proxy',
    kind: plural,
    namespace: info.namespace,
    name: info.name,
    node,
    uid: object.metadata.uid ?? '',
  } as const;
  const endpoint = plural === 'services' ? { endpoint: chooseEndpoint(core, object, info.name) } : {};
  if (path === '' && (request.request.method === 'GET' || request.request.method === 'HEAD')) return toRoot(request.url);
  return connect(kubelets, { ...connection, ...endpoint, container: '', path: escapePath(path) }, request.request);
}

/** Relative links of a page lead below the proxy only when its path ends with a slash. Upstream: `proxyRedirectsforRootPath`. */
function toRoot({ pathname, search }: URL): HttpResponse {
  return new BytesAnswer(301, { location: `${pathname}/${search}` });
}

/** One of the ready endpoints of a service. Follows upstream's `ResourceLocation` of services; throws what it throws. */
function chooseEndpoint(core: Core, service: ApiObject, asked: string): Endpoint {
  const name = service.metadata.name ?? '';
  const parts = asked.split(':');
  let port = parts.length === 1 ? '' : (parts.at(-1) ?? '');
  if (/^\d+$/.test(port)) {
    const ports = arrayAt(service, 'spec', 'ports');
    const found = ports.find((each) => numberAt(each, 'port') === Number(port));
    if (found === undefined) throw serviceUnavailable(`no service port ${Number(port)} found for service ${JSON.stringify(name)}`);
    port = stringAt(found, 'name');
  }
  const endpoints = readyEndpoints(core.reader, service, port);
  const endpoint = endpoints[Math.floor(core.random.next() * endpoints.length)];
  if (endpoint === undefined) throw serviceUnavailable(`no endpoints available for service ${JSON.stringify(name)}`);
  return endpoint;
}

async function connect(kubelets: KubeletConnection | undefined, connection: Connection, request: HttpRequest): Promise<HttpResponse> {
  if (kubelets === undefined) throw unreachable();
  return kubelets.connect(connection, request);
}

const unreachable = () => serviceUnavailable('this API server has no connection to kubelets');

function names(pod: ApiObject, list: string): string[] {
  return arrayAt(pod, 'spec', list).map((container) => stringAt(container, 'name'));
}

/** The container that is meant when none is named: the only one. */
function chooseContainer(pod: ApiObject, name: string, given: string): string {
  const all = ['initContainers', 'containers', 'ephemeralContainers'].flatMap((list) => names(pod, list));
  if (given !== '') {
    if (!all.includes(given)) throw badRequest(`container ${given} is not valid for pod ${name}`);
    return given;
  }
  const [only, ...others] = names(pod, 'containers');
  if (only !== undefined && others.length === 0) return only;
  throw badRequest(`a container name must be specified for pod ${name}, choose one of: [${all.join(' ')}]`);
}

function checkLogOptions(query: URLSearchParams, name: string): void {
  const errors: FieldError[] = [];
  const atLeast = (field: string, least: number, detail: string): void => {
    const value = integerParameter(query, field);
    if (value !== undefined && value < least) errors.push(invalid(Path.of(field), value, detail));
  };
  atLeast('tailLines', 0, 'must be greater than or equal to 0');
  atLeast('limitBytes', 1, 'must be greater than 0');
  if (query.has('sinceSeconds') && query.has('sinceTime')) {
    errors.push(forbidden(root, 'at most one of `sinceTime` or `sinceSeconds` may be specified'));
  } else atLeast('sinceSeconds', 1, 'must be greater than 0');
  if (query.has('stream')) errors.push(forbidden(Path.of('stream'), 'may not be specified'));
  if (errors.length > 0) throw invalidFields({ group: '', resource: 'PodLogOptions' }, name, errors);
}
