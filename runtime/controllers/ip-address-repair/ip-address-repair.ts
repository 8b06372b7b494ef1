import type { Service } from '../../api/generated/types/core/v1.ts';
import type { IPAddress } from '../../api/generated/types/networking/v1.ts';
import { addressOfService, familyLabel, isAllocated } from '../../api/ip-address.ts';
import { ipFamilyOf } from '../../api/names/index.ts';
import type { KubeObject } from '../../api/object.ts';
import { ifFound } from '../../client/client.ts';
import { runController } from '../../client/controller.ts';
import { createSeriesRecorder } from '../../client/event-series-recorder.ts';
import type { Informer } from '../../client/informer.ts';
import { keyOf, nameOf, namespaceOf, splitKey } from '../../client/object-key.ts';
import { ipAddresses, serviceCidrs, services } from '../../client/resources.ts';
import { type Controller, type ControllerContext, queueFor } from '../common/context.ts';
import { rangeContains } from '../service-cidrs/networks.ts';

const name = 'ipallocator-repair-controller';

const addressIndex = 'clusterIP';

/** The ServiceCIDR that a cluster begins with; without it nothing can be said of addresses. */
const defaultRange = 'kubernetes';

/** A service may still be on its way when its address is there already. */
const leakGrace = 60_000;

/**
 * Keeps services and the IPAddress objects of their addresses in step, whoever changes one of them by hand; after
 * `pkg/registry/core/service/ipallocator/controller` of Kubernetes. Caches may be behind, so that it asks the server before it repairs.
 */
export function createIpAddressRepair(context: ControllerContext, hostname: string): Controller {
  const { client, informers, clock, random, log, signal } = context;
  const ranges = informers.for(serviceCidrs);
  const allServices = informers.for(services);
  const addresses = informers.for(ipAddresses);
  const addressResource = client.resource(ipAddresses);
  const recorder = createSeriesRecorder({ client, clock, random, log, component: name, hostname, ...(signal !== undefined && { signal }) });
  const serviceQueue = queueFor(context, 'services');
  const addressQueue = queueFor(context, 'ipaddresses');

  allServices.addIndex(addressIndex, addressesOf);
  const serviceChanged = (service: Service) => serviceQueue.add(keyOf(service));
  const addressChanged = (address: IPAddress) => {
    addressQueue.add(keyOf(address));
    for (const service of allServices.lister.byIndex(addressIndex, nameOf(address))) serviceQueue.add(keyOf(service));
  };
  allServices.on({ added: serviceChanged, updated: serviceChanged });
  addresses.on({ added: addressChanged, updated: addressChanged, deleted: addressChanged });

  const warn = (regarding: Service | IPAddress, reason: string, note: string) => {
    const action = regarding.kind === 'Service' ? 'ClusterIPAllocation' : 'IPAddressAllocation';
    recorder.event({ regarding, type: 'Warning', reason, action, note });
  };
  const remove = async (address: string) => {
    await ifFound(addressResource.delete(address));
  };

  const repairAddress = async (service: Service, address: string) => {
    const family = ipFamilyOf(address);
    const named = `Cluster IP [${family}]: ${address}`;
    if (!ranges.lister.list().some((range) => rangeContains(range, address))) {
      warn(service, 'ClusterIPOutOfRange', `${named} is not within any configured Service CIDR; please recreate service`);
      return;
    }
    const found = await ifFound(addressResource.get(address));
    const wanted = addressOfService(address, { namespace: namespaceOf(service), name: nameOf(service) });
    if (found === undefined) {
      warn(service, 'ClusterIPNotAllocated', `${named} is not allocated; repairing`);
      await addressResource.create(wanted);
      return;
    }
    const recreate = async () => {
      await remove(address);
      await addressResource.create(wanted);
    };
    const { group = '', resource, namespace = '', name: parent = '' } = found.spec?.parentRef ?? {};
    const isOurs = group === '' && resource === 'services';
    const other = isOurs ? allServices.lister.get(namespace, parent) : undefined;
    if (other === undefined) {
      const reference = `the ClusterIP [${family}]: ${address} for Service ${namespaceOf(service)}/${nameOf(service)} has a wrong reference; repairing`;
      warn(service, 'ClusterIPNotAllocated', reference);
      await recreate();
      return;
    }
    if (keyOf(other) !== keyOf(service) && other.spec?.clusterIPs?.includes(address)) {
      const message = `Cluster IP [${family}]:${address} was assigned to multiple services; please recreate service`;
      warn(service, 'ClusterIPAlreadyAllocated', message);
    }
    if (!isAllocated(found) || found.metadata?.labels?.[familyLabel] !== family) await recreate();
  };

  const repairService = async (key: string) => {
    const { namespace, name: serviceName } = splitKey(key);
    const cached = allServices.lister.get(namespace, serviceName);
    if (cached === undefined || addressesOf(cached).every((address) => isRight(addresses.lister.get('', address), cached))) return;
    const service = await ifFound(client.resource(services).get(serviceName, namespace));
    if (service === undefined) return;
    for (const address of addressesOf(service)) await repairAddress(service, address);
  };

  const repairObject = async (key: string) => {
    const cached = addresses.lister.get('', key);
    if (cached === undefined || !isAllocated(cached)) return;
    const { namespace: parentNamespace = '', name: parentName = '' } = cached.spec?.parentRef ?? {};
    const known = allServices.lister.get(parentNamespace, parentName);
    if (known !== undefined && isRight(cached, known) && addressesOf(known).includes(key)) return;
    const address = await ifFound(addressResource.get(key));
    if (address === undefined) return;
    const { group = '', resource = '', namespace = '', name: parent = '' } = address.spec?.parentRef ?? {};
    if (group !== '' || resource !== 'services') {
      const reference = `&ParentReference{Group:${group},Resource:${resource},Namespace:${namespace},Name:${parent},}`;
      const message = `IPAddress ${key} appears to have been modified, not referencing a Service ${reference}: cleaning up`;
      warn(address, 'IPAddressNotAllocated', message);
      await remove(key);
      return;
    }
    const service = await ifFound(client.resource(services).get(parent, namespace));
    if (service === undefined) {
      const rest = Date.parse(address.metadata?.creationTimestamp ?? '') + leakGrace - clock.now();
      if (rest > 0) {
        addressQueue.addAfter(key, rest);
        return;
      }
      warn(address, 'IPAddressNotAllocated', `IPAddress: ${key} for Service ${namespace}/${parent} appears to have leaked: cleaning up`);
      await remove(key);
      return;
    }
    if (addressesOf(service).includes(key)) return;
    warn(address, 'IPAddressWrongReference', `IPAddress: ${key} for Service ${namespace}/${parent} has a wrong reference; cleaning up`);
    await remove(key);
  };

  return {
    name,
    async run(signal) {
      await Promise.all([ranges.synced(), allServices.synced(), addresses.synced()]);
      if (!(await appears(ranges, defaultRange, signal))) return;
      await Promise.all([
        runController({ name, queue: serviceQueue, workers: 5, reconcile: repairService, signal, log }),
        runController({ name, queue: addressQueue, workers: 5, reconcile: repairObject, signal, log }),
      ]);
    },
  };
}

/** Waits until there is an object of the name; false when the signal aborts first. */
async function appears<T extends KubeObject>(informer: Informer<T>, name: string, signal: AbortSignal): Promise<boolean> {
  let off = () => {};
  try {
    return await new Promise<boolean>((resolve) => {
      signal.addEventListener('abort', () => resolve(false), { once: true });
      off = informer.on({ added: (object) => nameOf(object) === name && resolve(true) });
    });
  } finally {
    off();
  }
}

function addressesOf({ spec }: Service): string[] {
  return spec?.type === 'ExternalName' ? [] : (spec?.clusterIPs ?? []).filter((address) => address !== '' && address !== 'None');
}

/** Whether an address is what the allocator makes for the service. */
function isRight(address: IPAddress | undefined, service: Service): boolean {
  if (address === undefined) return false;
  const { group = '', resource, namespace, name: parent } = address.spec?.parentRef ?? {};
  const isParent = group === '' && resource === 'services' && namespace === namespaceOf(service) && parent === nameOf(service);
  return isParent && isAllocated(address) && address.metadata?.labels?.[familyLabel] === ipFamilyOf(nameOf(address));
}
