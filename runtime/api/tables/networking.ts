import type { EndpointSlice } from '../generated/types/discovery/v1.ts';
import type { Ingress, IngressClass, IPAddress, NetworkPolicy, ServiceCIDR } from '../generated/types/networking/v1.ts';
import { classNameCell, listCell, selectorCell } from './cells.ts';
import { loadBalancerCell } from './core.ts';
import { ageColumn, ageOf, column, documented, nameColumn, nameOf, type Printers, printer } from './printer.ts';

const defaultAnnotation = 'ingressclass.kubernetes.io/is-default-class';

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
      column('Class', 'The name of the IngressClass resource that should be used for additional configuration'),
      column('Hosts', 'Hosts that incoming requests are matched against before the ingress rule'),
      column('Address', 'Address is a list containing ingress points for the load-balancer'),
      column('Ports', 'Ports of TLS configurations that open'),
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
      column('Controller', 'Controller that is responsible for handling this class'),
      column('Parameters', 'A reference to a resource with additional parameters'),
      ageColumn,
    ],
    (object, now) => [classNameCell(object, defaultAnnotation), object.spec?.controller ?? '', parametersCell(object), ageOf(object, now)],
  ),
  NetworkPolicy: printer<NetworkPolicy>(
    [nameColumn, column('Pod-Selector', documented('networking.v1.NetworkPolicySpec', 'podSelector')), ageColumn],
    (object, now) => [nameOf(object), selectorCell(object.spec?.podSelector ?? {}), ageOf(object, now)],
  ),
  IPAddress: printer<IPAddress>(
    // The age has no column upstream either.
    [nameColumn, column('ParentRef', documented('networking.v1.IPAddressSpec', 'parentRef'))],
    (object, now) => [nameOf(object), parentCell(object), ageOf(object, now)],
  ),
  ServiceCIDR: printer<ServiceCIDR>(
    [nameColumn, column('CIDRs', documented('networking.v1.ServiceCIDRSpec', 'cidrs')), ageColumn],
    (object, now) => [nameOf(object), object.spec?.cidrs?.join(',') ?? '', ageOf(object, now)],
  ),
};

export const discoveryPrinters: Printers = {
  EndpointSlice: printer<EndpointSlice>(
    [
      nameColumn,
      column('AddressType', documented('discovery.v1.EndpointSlice', 'addressType')),
      column('Ports', documented('discovery.v1.EndpointSlice', 'ports')),
      column('Endpoints', documented('discovery.v1.EndpointSlice', 'endpoints')),
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
