import type { EndpointSlice } from '../generated/types/discovery/v1.ts';
import type { Ingress, IngressClass, IPAddress, NetworkPolicy, ServiceCIDR } from '../generated/types/networking/v1.ts';
import { listCell, selectorCell } from './cells.ts';
import { loadBalancerCell } from './core.ts';
import { ageColumn, ageOf, column, nameColumn, nameOf, type Printers, printer } from './printer.ts';

/** How many hosts are listed before a cell says how many more rules there are. */
const shownHosts = 3;

function hostsCell(ingress: Ingress): string {
  const rules = ingress.spec?.rules ?? [];
  const hosts: string[] = [];
  let more = false;
  for (const { host } of rules) {
    if (hosts.length === shownHosts) more = true;
    else if (host) hosts.push(host);
  }
  if (hosts.length === 0) return '*';
  return more ? `${hosts.join(',')} + ${rules.length - shownHosts} more...` : hosts.join(',');
}

function parametersCell(ingressClass: IngressClass): string {
  const parameters = ingressClass.spec?.parameters;
  if (parameters === undefined) return '<none>';
  return `${parameters.kind}${parameters.apiGroup === undefined ? '' : `.${parameters.apiGroup}`}/${parameters.name}`;
}

function parentCell(address: IPAddress): string {
  const parent = address.spec?.parentRef;
  if (parent === undefined) return '<none>';
  const resource = parent.group ? `${parent.resource}.${parent.group}` : parent.resource;
  return [resource.toLowerCase(), ...(parent.namespace ? [parent.namespace] : []), parent.name].join('/');
}

export const networkingPrinters: Printers = {
  Ingress: printer<Ingress>(
    [
      nameColumn,
      column('Class', 'Ingress class, which says who serves it.'),
      column('Hosts', 'Hosts that requests are matched against.'),
      column('Address', 'Where the load balancer answers.'),
      column('Ports', 'Ports the load balancer answers on.'),
      ageColumn,
    ],
    (object, now) => [
      nameOf(object),
      object.spec?.ingressClassName ?? '<none>',
      hostsCell(object),
      loadBalancerCell(object.status?.loadBalancer?.ingress),
      (object.spec?.tls?.length ?? 0) > 0 ? '80, 443' : '80',
      ageOf(object, now),
    ],
  ),
  IngressClass: printer<IngressClass>(
    [
      nameColumn,
      column('Controller', 'Controller that serves the class.'),
      column('Parameters', 'Object with further settings.'),
      ageColumn,
    ],
    (object, now) => [nameOf(object), object.spec?.controller ?? '', parametersCell(object), ageOf(object, now)],
  ),
  NetworkPolicy: printer<NetworkPolicy>(
    [nameColumn, column('Pod-Selector', 'Labels of the pods the policy applies to.'), ageColumn],
    (object, now) => [nameOf(object), selectorCell(object.spec?.podSelector ?? {}), ageOf(object, now)],
  ),
  IPAddress: printer<IPAddress>([nameColumn, column('ParentRef', 'Object the address belongs to.'), ageColumn], (object, now) => [
    nameOf(object),
    parentCell(object),
    ageOf(object, now),
  ]),
  ServiceCIDR: printer<ServiceCIDR>(
    [nameColumn, column('CIDRs', 'Ranges that service addresses are taken from.'), ageColumn],
    (object, now) => [nameOf(object), object.spec?.cidrs?.join(',') ?? '', ageOf(object, now)],
  ),
};

export const discoveryPrinters: Printers = {
  EndpointSlice: printer<EndpointSlice>(
    [
      nameColumn,
      column('AddressType', 'Kind of addresses in the slice.'),
      column('Ports', 'Ports of the endpoints.'),
      column('Endpoints', 'Addresses of the endpoints.'),
      ageColumn,
    ],
    (object, now) => [
      nameOf(object),
      object.addressType,
      listCell(
        (object.ports ?? []).map(({ port, name }) => (port === undefined ? (name ?? '*') : String(port))),
        '<unset>',
      ),
      listCell(
        (object.endpoints ?? []).flatMap((endpoint) => endpoint.addresses),
        '<unset>',
      ),
      ageOf(object, now),
    ],
  ),
};
