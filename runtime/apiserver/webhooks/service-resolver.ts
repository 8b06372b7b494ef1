import type { EndpointSlice } from '../../api/generated/types/discovery/v1.ts';
import { notFound, serviceUnavailable } from '../../api/status.ts';
import type { Random } from '../../simulation/random.ts';
import { type ApiObject, arrayAt, numberAt, stringAt } from '../registry/api-object.ts';
import type { ObjectReader } from '../registry/object-reader.ts';
import type { PodNetwork, Route } from './transport.ts';

/** A port of a service, as configurations of webhooks name it. */
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

/**
 * Where a service leads: to its external name, or to one of its ready endpoints, as the service proxy would. Follows upstream's `ResolveCluster`;
 * rejects with its words.
 */
export async function resolveService({ reader, random, network }: ResolverParts, reference: ServiceReference): Promise<Route> {
  const { namespace, name, port } = reference;
  const service = reader.get('', 'services', namespace, name);
  if (service === undefined) throw notFound({ group: '', resource: 'service' }, name);
  const type = stringAt(service, 'spec', 'type');
  if (type === 'ExternalName') return { host: stringAt(service, 'spec', 'externalName'), port };
  const address = stringAt(service, 'spec', 'clusterIP');
  if (type === 'ClusterIP' && address === 'None') throw new Error('cannot route to service with ClusterIP "None"');
  const servicePort = arrayAt(service, 'spec', 'ports').find((each) => numberAt(each, 'port') === port);
  if (servicePort === undefined) throw serviceUnavailable(`no service port ${port} found for service ${JSON.stringify(name)}`);
  const endpoints = readyEndpoints(reader, service, stringAt(servicePort, 'name'));
  const endpoint = endpoints[Math.floor(random.next() * endpoints.length)];
  // Without an endpoint the service proxy refuses the connection.
  if (endpoint === undefined) throw new Error(`dial tcp ${address}:${port}: connect: connection refused`);
  if (network === undefined) throw new Error(`dial tcp ${address}:${port}: connect: network is unreachable`);
  return { connection: await network.dial(endpoint.address, endpoint.port) };
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
