import type { ServiceSpec } from '../../../api/generated/types/core/v1.ts';
import { internalError, invalid, invalidFields } from '../../../api/status.ts';
import { type FieldError, invalid as invalidField, Path, validateClusterIPs } from '../../../api/validation/index.ts';
import type { AddressPool } from '../../allocators/address-pool.ts';
import type { PortPool } from '../../allocators/port-pool.ts';
import { type ApiObject, arrayAt, type Dict, ensureDict, isDict, jsonEqual, numberAt, stringAt } from '../api-object.ts';
import type { Reservation, Strategy } from '../strategy.ts';
import { notSupportedLabel, selectableByPath } from './selectable.ts';

const headless = 'None';
const serviceKind = { group: '', resource: 'Service' };
const specPath = Path.of('spec');

/** Addresses and ports that one service holds. */
interface Holdings {
  readonly addresses: ReadonlySet<string>;
  readonly ports: ReadonlySet<number>;
}

const nothingHeld: Holdings = { addresses: new Set(), ports: new Set() };

function portsOf(spec: Dict): Dict[] {
  return arrayAt(spec, 'ports').filter(isDict);
}

/** Marks what a service of an earlier run holds as taken. */
export function holdAllocated(service: ApiObject, addresses: AddressPool, ports: PortPool): void {
  const held = holdingsOf(service);
  for (const address of held.addresses) addresses.take(address);
  for (const port of held.ports) ports.take(port);
}

/** What a service holds of the pools. */
function holdingsOf(service: ApiObject): Holdings {
  const addresses = arrayAt(service, 'spec', 'clusterIPs').filter(
    (address) => typeof address === 'string' && address !== '' && address !== headless,
  );
  const ports = portsOf(ensureDict(service, 'spec'))
    .map((port) => numberAt(port, 'nodePort') ?? 0)
    .filter((port) => port > 0);
  const health = numberAt(service, 'spec', 'healthCheckNodePort') ?? 0;
  return { addresses: new Set(addresses.map(String)), ports: new Set(health > 0 ? [...ports, health] : ports) };
}

function needsAddress(service: ApiObject): boolean {
  return stringAt(service, 'spec', 'type') !== 'ExternalName' && stringAt(service, 'spec', 'clusterIP') !== headless;
}

function needsNodePorts(service: ApiObject): boolean {
  const type = stringAt(service, 'spec', 'type');
  if (type === 'NodePort') return true;
  return type === 'LoadBalancer' && ensureDict(service, 'spec').allocateLoadBalancerNodePorts !== false;
}

/** Whether traffic from outside reaches the service, so that it has a policy for it. */
function isExternal(service: ApiObject): boolean {
  const type = stringAt(service, 'spec', 'type');
  return type === 'NodePort' || type === 'LoadBalancer' || (type === 'ClusterIP' && arrayAt(service, 'spec', 'externalIPs').length > 0);
}

function needsHealthPort(service: ApiObject): boolean {
  return stringAt(service, 'spec', 'type') === 'LoadBalancer' && stringAt(service, 'spec', 'externalTrafficPolicy') === 'Local';
}

/** Rules of `pkg/registry/core/service`: cluster addresses and node ports come from pools that all services share. */
export function serviceStrategy(addresses: AddressPool, ports: PortPool): Strategy {
  return {
    selectable: selectableByPath(['spec.clusterIP', 'spec.type'], notSupportedLabel),
    prepareForCreate(service) {
      service.status = { loadBalancer: {} };
      normalizeAddresses(service, undefined);
    },
    prepareForUpdate(service, old) {
      keepAllocated(service, old);
      normalizeAddresses(service, old);
      dropOfOtherTypes(service, old);
    },
    reserve: (service, old) => reserve(addresses, ports, service, old === undefined ? nothingHeld : holdingsOf(old)),
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
  if (needsAddress(service) && needsAddress(old)) {
    if (stringAt(spec, 'clusterIP') === '' && arrayAt(spec, 'clusterIPs').length === 0) {
      if (before.clusterIP !== undefined) spec.clusterIP = before.clusterIP;
      if (before.clusterIPs !== undefined) spec.clusterIPs = before.clusterIPs;
    }
  }
  if (needsNodePorts(service) && needsNodePorts(old)) {
    for (const port of portsOf(spec)) {
      if (port.nodePort) continue;
      const same = portsOf(before).find((candidate) => candidate.port === port.port && candidate.protocol === port.protocol);
      if (same?.nodePort && !portsOf(spec).some((other) => other.nodePort === same.nodePort)) port.nodePort = same.nodePort;
    }
  }
  if (needsHealthPort(service) && needsHealthPort(old) && !spec.healthCheckNodePort && before.healthCheckNodePort) {
    spec.healthCheckNodePort = before.healthCheckNodePort;
  }
}

/** When the type changes, values that only the old type has go, unless the update changes them on purpose. */
function dropOfOtherTypes(service: ApiObject, old: ApiObject): void {
  const spec = ensureDict(service, 'spec');
  const before = ensureDict(old, 'spec');
  if (needsAddress(old) && !needsAddress(service) && stringAt(spec, 'type') === 'ExternalName') {
    if (spec.clusterIP === before.clusterIP) delete spec.clusterIP;
    if (jsonEqual(spec.clusterIPs, before.clusterIPs)) delete spec.clusterIPs;
    for (const field of ['ipFamilies', 'ipFamilyPolicy']) if (jsonEqual(spec[field], before[field])) delete spec[field];
  }
  if (needsNodePorts(old) && !needsNodePorts(service)) {
    const same = jsonEqual(
      portsOf(spec).map((port) => port.nodePort),
      portsOf(before).map((port) => port.nodePort),
    );
    if (same) spec.ports = portsOf(spec).map(({ nodePort: _, ...port }) => port);
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

function reserve(addresses: AddressPool, ports: PortPool, service: ApiObject, held: Holdings): Reservation {
  const undo: (() => void)[] = [];
  try {
    takeAddress(addresses, service, held, undo);
    takePorts(ports, service, held, undo);
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

function takeAddress(pool: AddressPool, service: ApiObject, held: Holdings, undo: (() => void)[]): void {
  const spec = ensureDict(service, 'spec');
  if (stringAt(spec, 'type') === 'ExternalName') return;
  const free = isFreeOfAddresses(service);
  spec.ipFamilyPolicy ??= free ? 'RequireDualStack' : 'SingleStack';
  checkFamilies(service, free);
  if (arrayAt(spec, 'ipFamilies').length === 0) spec.ipFamilies = ['IPv4'];
  const families = arrayAt(spec, 'ipFamilies');
  if (free && families.length < 2 && spec.ipFamilyPolicy !== 'SingleStack') {
    spec.ipFamilies = [...families, families[0] === 'IPv4' ? 'IPv6' : 'IPv4'];
  }
  if (!needsAddress(service)) return;
  const wanted = stringAt(spec, 'clusterIP');
  if (wanted === '') {
    const address = pool.takeAny();
    if (address === undefined) throw internalError('failed to allocate a serviceIP: range is full');
    undo.push(() => pool.free(address));
    spec.clusterIP = address;
    spec.clusterIPs = [address];
    return;
  }
  if (held.addresses.has(wanted)) return;
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

/** What must be sound before an address can be looked for. The cluster has one family of addresses. */
function checkFamilies(service: ApiObject, free: boolean): void {
  const errors: FieldError[] = [];
  const spec = ensureDict(service, 'spec');
  validateClusterIPs(spec satisfies ServiceSpec, errors);
  if (errors.length > 0) throw invalidFields(serviceKind, service.metadata.name ?? '', errors);
  if (free) return;
  if (spec.ipFamilyPolicy === 'RequireDualStack') {
    errors.push(
      invalidField(specPath.child('ipFamilyPolicy'), spec.ipFamilyPolicy, 'this cluster is not configured for dual-stack services'),
    );
  }
  for (const [index, family] of arrayAt(spec, 'ipFamilies').entries()) {
    if (family !== 'IPv4') {
      errors.push(invalidField(specPath.child('ipFamilies').index(index), family, 'not configured on this cluster'));
    }
  }
  if (errors.length > 0) throw invalidFields(serviceKind, service.metadata.name ?? '', errors);
}

function takePorts(pool: PortPool, service: ApiObject, held: Holdings, undo: (() => void)[]): void {
  const spec = ensureDict(service, 'spec');
  /** One number may serve several protocols of one service. */
  const mine = new Map<number, Set<unknown>>();
  const take = (port: number, path: string): void => {
    if (held.ports.has(port)) return;
    const why = pool.take(port);
    if (why !== undefined) throw refused(service, path, String(port), why);
    undo.push(() => pool.free(port));
  };
  if (needsNodePorts(service) || portsOf(spec).some((port) => port.nodePort)) {
    for (const [index, port] of portsOf(spec).entries()) {
      const wanted = numberAt(port, 'nodePort') ?? 0;
      if (wanted === 0) continue;
      const protocols = mine.get(wanted);
      if (protocols === undefined || protocols.has(port.protocol)) take(wanted, `spec.ports[${index}].nodePort`);
      mine.set(wanted, (protocols ?? new Set()).add(port.protocol));
    }
  }
  const takeAny = (): number => {
    const port = pool.takeAny();
    if (port === undefined) throw internalError('failed to allocate a nodePort: range is full');
    undo.push(() => pool.free(port));
    return port;
  };
  if (needsNodePorts(service)) {
    for (const port of portsOf(spec)) {
      if (port.nodePort) continue;
      const twin = portsOf(spec).find((other) => other.port === port.port && other.protocol !== port.protocol && other.nodePort);
      port.nodePort = twin?.nodePort ?? takeAny();
    }
  }
  if (!needsHealthPort(service)) return;
  const wanted = numberAt(spec, 'healthCheckNodePort') ?? 0;
  if (wanted === 0) spec.healthCheckNodePort = takeAny();
  else take(wanted, 'spec.healthCheckNodePort');
}

function refused(service: ApiObject, field: string, value: string, why: string): Error {
  return invalid(serviceKind, service.metadata.name ?? '', [
    { reason: 'FieldValueInvalid', message: `Invalid value: ${value}: ${why}`, field },
  ]);
}
