import type { IPAddress } from './generated/types/networking/v1.ts';
import { ipFamilyOf } from './names/index.ts';

export const familyLabel = 'ipaddress.kubernetes.io/ip-family';
const managedByLabel = 'ipaddress.kubernetes.io/managed-by';
/** Whom the API server names as the maker of the IPAddress objects of services; what others have made is left alone. */
const allocator = 'ipallocator.k8s.io';

/** Whether an address was given to a service by the API server. */
export function isAllocated({ metadata }: IPAddress): boolean {
  return metadata?.labels?.[managedByLabel] === allocator;
}

/** What the API server makes of an address that it gives to a service. */
export function addressOfService(address: string, service: { readonly namespace: string; readonly name: string }) {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IPAddress',
    metadata: { name: address, labels: { [familyLabel]: ipFamilyOf(address) ?? 'IPv4', [managedByLabel]: allocator } },
    spec: { parentRef: { resource: 'services', namespace: service.namespace, name: service.name } },
  } satisfies IPAddress;
}
