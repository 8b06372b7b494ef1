import type { ServiceSpec } from '../../../api/generated/types/core/v1.ts';
import { ipFamilyOf } from '../../../api/names/index.ts';
import { internalError, invalid, invalidFields } from '../../../api/status.ts';
import { type FieldError, invalid as invalidField, Path, validateClusterIPs } from '../../../api/validation/index.ts';
import type { Change } from '../../../store/store.ts';
import type { AddressPool, AddressSource } from '../../allocators/address-pool.ts';
import type { PortPool, PortSource } from '../../allocators/port-pool.ts';
import { type ApiObject, arrayAt, type Dict, ensureDict, isDict, jsonEqual, numberAt, stringAt } from '../api-object.ts';
import type { ServiceAddresses } from '../service-addresses.ts';
import type { Reservation, Strategy } from '../strategy.ts';
import { selectableByPath } from './selectable.ts';
import { hasNodePorts, needsHealthPort, needsNodePorts, nodePortsOf, portsOf, serviceKind, takePorts } from './service-ports.ts';

const headless = 'None';
const specPath = Path.of('spec');
const policyPath = specPath.child('ipFamilyPolicy');
const clusterFamily = 'IPv4';

/** Addresses and ports that one service holds. */
interface Holdings {
  readonly addresses: ReadonlySet<string>;
  readonly ports: ReadonlySet<number>;
}

const nothingHeld: Holdings = { addresses: new Set(), ports: new Set() };

/** Marks what a service of an earlier run holds as taken. */
export function holdAllocated(service: ApiObject, addresses: AddressPool, ports: PortPool): void {
  const held = holdingsOf(service);
  for (const address of held.addresses) addresses.hold(address);
  for (const port of held.ports) ports.take(port);
}

/** What a service holds of the pools. */
function holdingsOf(service: ApiObject): Holdings {
  const addresses = arrayAt(service, 'spec', 'clusterIPs').filter(
    (address) => typeof address === 'string' && address !== '' && address !== headless,
  );
  const ports = nodePortsOf(ensureDict(service, 'spec'));
  const health = numberAt(service, 'spec', 'healthCheckNodePort') ?? 0;
  return { addresses: new Set(addresses.map(String)), ports: new Set(health > 0 ? [...ports, health] : ports) };
}

function needsAddress(service: ApiObject): boolean {
  return hasAddresses(service) && stringAt(service, 'spec', 'clusterIP') !== headless;
}

/** Whether it may have addresses; saying that it has none counts as one. */
function hasAddresses(service: ApiObject): boolean {
  return stringAt(service, 'spec', 'type') !== 'ExternalName';
}

/** Whether traffic from outside reaches the service, so that it has a policy for it. */
function isExternal(service: ApiObject): boolean {
  const type = stringAt(service, 'spec', 'type');
  return type === 'NodePort' || type === 'LoadBalancer' || (type === 'ClusterIP' && arrayAt(service, 'spec', 'externalIPs').length > 0);
}

/** Rules of `pkg/registry/core/service`: cluster addresses and node ports come from pools that all services share. */
export function serviceStrategy(addresses: AddressPool, ports: PortPool, objects: ServiceAddresses): Strategy {
  return {
    returnsDeleted: true,
    selectable: selectableByPath(['spec.clusterIP', 'spec.type']),
    createsOnUpdate: true,
    prepareForCreate(service) {
      service.status = { loadBalancer: {} };
      normalizeAddresses(service, undefined);
      dropInternalPolicy(service);
    },
    prepareForUpdate(service, old) {
      keepAllocated(service, old);
      normalizeAddresses(service, old);
      dropOfOtherTypes(service, old);
      dropInternalPolicy(service);
    },
    reserve: (service, old, dryRun) => ({
      ...(dryRun ? reserve(addresses.dry(), ports.dry(), service, old) : reserve(addresses, ports, service, old)),
      changes: (written) => addressChanges(objects, written, old),
    }),
    removedWith: (service) => [...holdingsOf(service).addresses].flatMap((address) => objects.removed(address)),
    released(service) {
      const held = holdingsOf(service);
      for (const address of held.addresses) addresses.free(address);
      for (const port of held.ports) ports.free(port);
    },
  };
}

/** `clusterIP` and the first of `clusterIPs` are one and the same. */
function normalizeAddresses(service: ApiObject, old: ApiObject | undefined): void {
  const spec = ensureDict(service, 'spec');
  const address = stringAt(spec, 'clusterIP');
  const list = arrayAt(spec, 'clusterIPs');
  if (old === undefined) {
    if (address !== '' && list.length === 0) spec.clusterIPs = [address];
    return;
  }
  const was = stringAt(old, 'spec', 'clusterIP');
  const sameList = jsonEqual(list, arrayAt(old, 'spec', 'clusterIPs'));
  if (address === was || !sameList) return;
  if (address === '') delete spec.clusterIPs;
  else spec.clusterIPs = [address];
}

/** What an update leaves out stays as it was allocated, as long as the type still has it. */
function keepAllocated(service: ApiObject, old: ApiObject): void {
  const spec = ensureDict(service, 'spec');
  const before = ensureDict(old, 'spec');
  if (stringAt(spec, 'type') !== 'ExternalName' && before.ipFamilyPolicy !== undefined) spec.ipFamilyPolicy ??= before.ipFamilyPolicy;
  if (hasAddresses(service) && hasAddresses(old)) {
    if (stringAt(spec, 'clusterIP') === '' && before.clusterIP !== undefined) spec.clusterIP = before.clusterIP;
    if (arrayAt(spec, 'clusterIPs').length === 0 && before.clusterIPs !== undefined) spec.clusterIPs = before.clusterIPs;
  }
  if (needsNodePorts(service) && needsNodePorts(old)) keepNodePorts(spec, before);
  if (needsHealthPort(service) && needsHealthPort(old) && !spec.healthCheckNodePort && before.healthCheckNodePort) {
    spec.healthCheckNodePort = before.healthCheckNodePort;
  }
}

/** A port is known by its name, whatever else of it changes. */
function keepNodePorts(spec: Dict, before: Dict): void {
  const held = new Map(portsOf(before).map((port) => [stringAt(port, 'name'), numberAt(port, 'nodePort') ?? 0]));
  const used = new Set(nodePortsOf(spec));
  for (const port of portsOf(spec)) {
    const known = held.get(stringAt(port, 'name')) ?? 0;
    if (!port.nodePort && known > 0 && !used.has(known)) port.nodePort = known;
  }
}

/** When the type changes, values that only the old type has go, unless the update changes them on purpose. */
function dropOfOtherTypes(service: ApiObject, old: ApiObject): void {
  const spec = ensureDict(service, 'spec');
  const before = ensureDict(old, 'spec');
  if (hasAddresses(old) && !hasAddresses(service)) {
    if (spec.clusterIP === before.clusterIP && jsonEqual(spec.clusterIPs, before.clusterIPs)) {
      delete spec.clusterIP;
      delete spec.clusterIPs;
    }
    for (const field of ['ipFamilies', 'ipFamilyPolicy']) if (jsonEqual(spec[field], before[field])) delete spec[field];
  }
  if (hasNodePorts(old) && !hasNodePorts(service)) {
    const held = nodePortsOf(before);
    if (nodePortsOf(spec).every((port) => held.includes(port))) spec.ports = portsOf(spec).map(({ nodePort: _, ...port }) => port);
  }
  if (needsHealthPort(old) && !needsHealthPort(service) && spec.healthCheckNodePort === before.healthCheckNodePort)
    delete spec.healthCheckNodePort;
  if (isExternal(old) && !isExternal(service) && spec.externalTrafficPolicy === before.externalTrafficPolicy)
    delete spec.externalTrafficPolicy;
  if (stringAt(before, 'type') === 'LoadBalancer' && stringAt(spec, 'type') !== 'LoadBalancer') {
    if (spec.allocateLoadBalancerNodePorts === before.allocateLoadBalancerNodePorts) delete spec.allocateLoadBalancerNodePorts;
    if (spec.loadBalancerClass === before.loadBalancerClass) delete spec.loadBalancerClass;
    service.status = { ...ensureDict(service, 'status'), loadBalancer: {} };
  }
}

/** A service that is only a name takes a policy for traffic from inside, and never shows it. */
function dropInternalPolicy(service: ApiObject): void {
  const spec = ensureDict(service, 'spec');
  if (spec.type === 'ExternalName' && (spec.internalTrafficPolicy === 'Cluster' || spec.internalTrafficPolicy === 'Local')) {
    delete spec.internalTrafficPolicy;
  }
}

/** The IPAddress objects of addresses that a service has gained and lost. */
function addressChanges(objects: ServiceAddresses, service: ApiObject, old: ApiObject | undefined): Change[] {
  const now = holdingsOf(service).addresses;
  const before = old === undefined ? nothingHeld.addresses : holdingsOf(old).addresses;
  return [
    ...[...now].filter((address) => !before.has(address)).map((address) => objects.made(address, service)),
    ...[...before].filter((address) => !now.has(address)).flatMap((address) => objects.removed(address)),
  ];
}

function reserve(addresses: AddressSource, ports: PortSource, service: ApiObject, old: ApiObject | undefined): Reservation {
  const held = old === undefined ? nothingHeld : holdingsOf(old);
  const undo: (() => void)[] = [];
  try {
    takeAddress(addresses, service, old, undo);
    takePorts(ports, service, old, undo);
  } catch (error) {
    for (const step of undo) step();
    throw error;
  }
  return {
    undo: () => {
      for (const step of undo) step();
    },
    keep: () => {
      const now = holdingsOf(service);
      for (const address of held.addresses) if (!now.addresses.has(address)) addresses.free(address);
      for (const port of held.ports) if (!now.ports.has(port)) ports.free(port);
    },
  };
}

/** Only what has had none gets an address; whether it may change is a matter of validation. */
function takeAddress(pool: AddressSource, service: ApiObject, old: ApiObject | undefined, undo: (() => void)[]): void {
  const spec = ensureDict(service, 'spec');
  if (stringAt(spec, 'type') === 'ExternalName') return;
  settleFamilies(service, old);
  if (!needsAddress(service) || (old !== undefined && hasAddresses(old))) return;
  const wanted = stringAt(spec, 'clusterIP');
  if (wanted === '') {
    const address = pool.takeAny();
    if (address === undefined) throw internalError('failed to allocate a serviceIP: range is full');
    undo.push(() => pool.free(address));
    spec.clusterIP = address;
    spec.clusterIPs = [address];
    return;
  }
  const why = pool.take(wanted);
  if (why !== undefined) {
    throw refused(service, 'spec.clusterIPs', JSON.stringify(arrayAt(spec, 'clusterIPs')), `failed to allocate IP ${wanted}: ${why}`);
  }
  undo.push(() => pool.free(wanted));
}

/** Headless and without a selector: its endpoints are somebody else's, of families that the cluster need not have. */
function isFreeOfAddresses(service: ApiObject): boolean {
  const selector = ensureDict(service, 'spec').selector;
  return stringAt(service, 'spec', 'clusterIP') === headless && (!isDict(selector) || Object.keys(selector).length === 0);
}

/**
 * Settles on families and the policy about them, before an address can be looked for. The cluster has one family of addresses.
 * Follows `initIPFamilyFields` of `pkg/registry/core/service/storage/alloc.go`.
 */
function settleFamilies(service: ApiObject, old: ApiObject | undefined): void {
  const spec = ensureDict(service, 'spec');
  if (isSettled(service, old)) return;
  const isFree = isFreeOfAddresses(service);
  spec.ipFamilyPolicy ??= isFree ? 'RequireDualStack' : 'SingleStack';
  const errors: FieldError[] = [];
  const stopAtErrors = (): void => {
    if (errors.length > 0) throw invalidFields(serviceKind, service.metadata.name ?? '', errors);
  };
  validateClusterIPs(spec satisfies ServiceSpec, errors);
  stopAtErrors();
  releaseSecond(spec, old, errors);
  inferFamilies(spec, errors);
  stopAtErrors();
  if (isFree) {
    addSecondFamily(spec);
    return;
  }
  if (spec.ipFamilyPolicy === 'RequireDualStack') {
    errors.push(invalidField(policyPath, spec.ipFamilyPolicy, 'this cluster is not configured for dual-stack services'));
  }
  for (const [index, family] of arrayAt(spec, 'ipFamilies').entries()) {
    if (family !== clusterFamily) {
      errors.push(invalidField(specPath.child('ipFamilies').index(index), family, 'not configured on this cluster'));
    }
  }
  stopAtErrors();
  if (arrayAt(spec, 'ipFamilies').length === 0) spec.ipFamilies = [clusterFamily];
}

/** A service that prefers two families, and whose addresses stay, is left alone whatever the cluster has. */
function isSettled(service: ApiObject, old: ApiObject | undefined): boolean {
  if (old === undefined || stringAt(old, 'spec', 'type') !== stringAt(service, 'spec', 'type')) return false;
  const [spec, before] = [ensureDict(service, 'spec'), ensureDict(old, 'spec')];
  const preferred = spec.ipFamilyPolicy === 'PreferDualStack' && before.ipFamilyPolicy === 'PreferDualStack';
  return preferred && jsonEqual(spec.clusterIPs, before.clusterIPs) && jsonEqual(spec.ipFamilies, before.ipFamilies);
}

/** One family at most where the policy says so; who had two has to say that the second may go. */
function releaseSecond(spec: Dict, old: ApiObject | undefined, errors: FieldError[]): void {
  const single = spec.ipFamilyPolicy === 'SingleStack';
  for (const [field, one, many] of [
    ['clusterIPs', 'cluster IP', 'cluster IPs'],
    ['ipFamilies', 'IP family', 'IP families'],
  ] as const) {
    const list = arrayAt(spec, field);
    const before = old === undefined ? [] : arrayAt(old, 'spec', field);
    if (old !== undefined && single && jsonEqual(list, before) && list.length > 1) spec[field] = list.slice(0, 1);
    if (!single && list.length > 0 && list.length < before.length) {
      errors.push(invalidField(policyPath, spec.ipFamilyPolicy, `must be 'SingleStack' to release the secondary ${one}`));
    }
    if (single && arrayAt(spec, field).length === 2) {
      const detail = `must be 'RequireDualStack' or 'PreferDualStack' when multiple ${many} are specified`;
      errors.push(invalidField(policyPath, spec.ipFamilyPolicy, detail));
    }
  }
}

/** Addresses that are given tell their families. */
function inferFamilies(spec: Dict, errors: FieldError[]): void {
  const addresses = arrayAt(spec, 'clusterIPs');
  for (const [index, address] of addresses.entries()) {
    if (address === headless) return;
    const families = arrayAt(spec, 'ipFamilies');
    if (index < families.length) continue;
    const family = ipFamilyOf(String(address));
    if (family === clusterFamily) spec.ipFamilies = [...families, family];
    else
      errors.push(invalidField(specPath.child('clusterIPs').index(index), addresses, `${family ?? ''} is not configured on this cluster`));
  }
}

function addSecondFamily(spec: Dict): void {
  if (arrayAt(spec, 'ipFamilies').length === 0) spec.ipFamilies = [clusterFamily];
  const families = arrayAt(spec, 'ipFamilies');
  if (families.length > 1 || spec.ipFamilyPolicy === 'SingleStack') return;
  spec.ipFamilies = [...families, families[0] === 'IPv4' ? 'IPv6' : 'IPv4'];
}

function refused(service: ApiObject, field: string, value: string, why: string): Error {
  return invalid(serviceKind, service.metadata.name ?? '', [
    { reason: 'FieldValueInvalid', message: `Invalid value: ${value}: ${why}`, field },
  ]);
}
