import { internalError, invalidFields, plainError } from '../../../api/status.ts';
import { invalid, Path } from '../../../api/validation/index.ts';
import type { PortSource } from '../../allocators/port-pool.ts';
import { type ApiObject, arrayAt, type Dict, ensureDict, isDict, numberAt, stringAt } from '../api-object.ts';

/** The ports that services open on nodes: those of their own ports and the one for health checks. Follows `pkg/registry/core/service/storage/alloc.go`. */

export const serviceKind = { group: '', resource: 'Service' };

export function portsOf(spec: Dict): Dict[] {
  return arrayAt(spec, 'ports').filter(isDict);
}

/** The numbers that ports have on nodes. */
export function nodePortsOf(spec: Dict): number[] {
  return portsOf(spec)
    .map(nodePortOf)
    .filter((port) => port > 0);
}

function nodePortOf(port: Dict): number {
  return numberAt(port, 'nodePort') ?? 0;
}

/** Whether its ports may have ports of the nodes. */
export function hasNodePorts(service: ApiObject): boolean {
  return ['NodePort', 'LoadBalancer'].includes(stringAt(service, 'spec', 'type'));
}

/** Whether its ports get ports of the nodes unasked. */
export function needsNodePorts(service: ApiObject): boolean {
  const { type, allocateLoadBalancerNodePorts } = ensureDict(service, 'spec');
  return type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts !== false);
}

export function needsHealthPort(service: ApiObject): boolean {
  return stringAt(service, 'spec', 'type') === 'LoadBalancer' && stringAt(service, 'spec', 'externalTrafficPolicy') === 'Local';
}

/** Takes ports for one service, and knows how to give them back. */
class Taking {
  readonly #pool: PortSource;
  readonly #service: ApiObject;
  readonly #undo: (() => void)[];

  constructor(pool: PortSource, service: ApiObject, undo: (() => void)[]) {
    this.#pool = pool;
    this.#service = service;
    this.#undo = undo;
  }

  /** Why a port cannot be had; nothing when it could. */
  take(port: number): string | undefined {
    const why = this.#pool.take(port);
    if (why === undefined) this.#undo.push(() => this.#pool.free(port));
    return why;
  }

  /** Takes the port that the service asks for at an index of its ports. Throws 422. */
  takeAt(index: number, port: number): void {
    const why = this.take(port);
    if (why === undefined) return;
    const at = Path.of('spec', 'ports').index(index).child('nodePort');
    throw invalidFields(serviceKind, this.#service.metadata.name ?? '', [invalid(at, port, why)]);
  }

  takeAny(what: string): number {
    const port = this.#pool.takeAny();
    if (port === undefined) throw internalError(`failed to allocate a ${what}: range is full`);
    this.#undo.push(() => this.#pool.free(port));
    return port;
  }
}

/** Takes the ports of a service, new or changed. What was taken before a failure is given back by `undo`. */
export function takePorts(pool: PortSource, service: ApiObject, old: ApiObject | undefined, undo: (() => void)[]): void {
  const taking = new Taking(pool, service, undo);
  // What may have no ports of the nodes is told so by validation.
  if (hasNodePorts(service)) {
    if (old === undefined) takeForNew(taking, service);
    else takeForChanged(taking, service, old);
  }
  if (needsHealthPort(service) && (old === undefined || !needsHealthPort(old))) takeHealthPort(taking, ensureDict(service, 'spec'));
}

/** Ports of the same number share one of the nodes, unless they ask for others. Upstream: `initNodePorts`. */
function takeForNew(taking: Taking, service: ApiObject): void {
  const ports = portsOf(ensureDict(service, 'spec'));
  const taken = new Map<unknown, number>();
  for (const [index, port] of ports.entries()) {
    if (nodePortOf(port) === 0 && !needsNodePorts(service)) continue;
    const shared = taken.get(port.port);
    if (shared === undefined) {
      const asked = ports.find((other) => other.port === port.port && nodePortOf(other) !== 0);
      const number = asked === undefined ? taking.takeAny('nodePort') : nodePortOf(asked);
      if (asked !== undefined) taking.takeAt(index, number);
      port.nodePort = number;
      taken.set(port.port, number);
    } else if (nodePortOf(port) === 0) port.nodePort = shared;
    else if (nodePortOf(port) !== shared) taking.takeAt(index, nodePortOf(port));
  }
}

/** Each port has one of its own, or shares the one that it asks for with another protocol. Upstream: `updateNodePorts`. */
function takeForChanged(taking: Taking, service: ApiObject, old: ApiObject): void {
  const held = new Set(nodePortsOf(ensureDict(old, 'spec')));
  const seen = new Set<string>();
  for (const [index, port] of portsOf(ensureDict(service, 'spec')).entries()) {
    const asked = nodePortOf(port);
    if (asked === 0 && !needsNodePorts(service)) continue;
    if (asked === 0) port.nodePort = taking.takeAny('nodePort');
    else if (!held.has(asked)) {
      taking.takeAt(index, asked);
      held.add(asked);
    }
    const key = `${port.protocol} ${port.nodePort}`;
    if (seen.has(key)) throw plainError(`duplicate nodePort: {${key}}`);
    seen.add(key);
  }
}

function takeHealthPort(taking: Taking, spec: Dict): void {
  const wanted = numberAt(spec, 'healthCheckNodePort') ?? 0;
  if (wanted === 0) {
    spec.healthCheckNodePort = taking.takeAny('HealthCheck NodePort 0');
    return;
  }
  const why = taking.take(wanted);
  if (why !== undefined) throw internalError(`failed to allocate requested HealthCheck NodePort ${wanted}: ${why}`);
}
