import type { EndpointSlice } from '../../api/generated/types/discovery/v1.ts';
import { notFound, serviceUnavailable } from '../../api/status.ts';
import type { Random } from '../../simulation/random.ts';
import { type ApiObject, arrayAt, numberAt, stringAt } from '../registry/api-object.ts';
import type { ObjectReader } from '../registry/object-reader.ts';
import type { PodNetwork, Route } from './network.ts';

/** A port of a service, as configurations of webhooks and APIServices name it. */
export interface ServiceReference {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

export interface ResolverParts {
  readonly reader: ObjectReader;
  readonly random: Random;
  /** Without it no pod can be reached. */
  readonly network: PodNetwork | undefined;
}

/** The name for which the certificate behind a service must be. */
export function serviceHost({ namespace, name }: ServiceReference): string {
  return `${name}.${namespace}.svc`;
}

/** Where a service leads: to its external name, or to its own address, behind which there may be an endpoint. */
export interface Location {
  readonly host: string;
  readonly port: number;
  /** How the service proxy would go on from its address. */
  readonly behind: 'name' | { readonly endpoint: Endpoint | undefined };
}

/** Where a service leads. Follows upstream's `ResolveCluster`; throws what it says. */
export function locateService({ reader, random }: Omit<ResolverParts, 'network'>, reference: ServiceReference): Location {
  const { namespace, name, port } = reference;
  const service = reader.get('', 'services', namespace, name);
  if (service === undefined) throw notFound({ group: '', resource: 'service' }, name);
  const type = stringAt(service, 'spec', 'type');
  if (type === 'ExternalName') return { host: stringAt(service, 'spec', 'externalName'), port, behind: 'name' };
  const host = stringAt(service, 'spec', 'clusterIP');
  if (type === 'ClusterIP' && host === 'None') throw new Error('cannot route to service with ClusterIP "None"');
  const servicePort = arrayAt(service, 'spec', 'ports').find((each) => numberAt(each, 'port') === port);
  if (servicePort === undefined) throw serviceUnavailable(`no service port ${port} found for service ${JSON.stringify(name)}`);
  const endpoints = readyEndpoints(reader, service, stringAt(servicePort, 'name'));
  return { host, port, behind: { endpoint: endpoints[Math.floor(random.next() * endpoints.length)] } };
}

/** Goes where a service leads, as the service proxy would. Rejects with Go's words. */
export async function reach({ host, port, behind }: Location, network: PodNetwork | undefined): Promise<Route> {
  if (behind === 'name') return { host, port };
  // Without an endpoint the service proxy refuses the connection.
  if (behind.endpoint === undefined) throw new Error(`dial tcp ${hostPort(host, port)}: connect: connection refused`);
  if (network === undefined) throw new Error(`dial tcp ${hostPort(host, port)}: connect: network is unreachable`);
  return { connection: await network.dial(behind.endpoint.address, behind.endpoint.port) };
}

/** Host and port as they stand in a URL. */
export function hostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Where something listens. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** The ready endpoints of a service for one of its ports, by the port's name. */
export function readyEndpoints(reader: ObjectReader, { metadata }: ApiObject, portName: string): readonly Endpoint[] {
  const slices = reader
    .list('discovery.k8s.io', 'endpointslices', metadata.namespace)
    .filter((slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === metadata.name);
  return slices.flatMap((slice) => {
    // Stored objects have the structure of their definitions.
    const { ports, endpoints } = slice as unknown as EndpointSlice;
    const port = ports?.find(({ name = '' }) => name === portName)?.port;
    if (port === undefined) return [];
    return (endpoints ?? []).flatMap(({ conditions, addresses: [address] }) =>
      address === undefined || conditions?.ready === false ? [] : [{ address, port }],
    );
  });
}
