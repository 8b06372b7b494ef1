import type { Container, ContainerPort, EnvVar, EphemeralContainer, PodSpec } from '../../../api/generated/types/core/v1.ts';
import { quote } from '../../../api/validation/field-error.ts';
import type { Path } from '../../../api/validation/path.ts';
import { containersOf } from '../../../api/validation/pod/containers-of.ts';
import { fractionWarning } from './pod-volumes.ts';

/** What is odd about the containers of a pod, though allowed. */

type AnyContainer = Container | EphemeralContainer;

/** @param path Where the specification stands. */
export function containerWarnings(spec: PodSpec, annotationWarnings: (container: AnyContainer) => readonly string[], path: Path): string[] {
  const containers = containersOf(spec, path);
  const warnings = containers.flatMap(([container, at]) => [
    ...annotationWarnings(container),
    ...(['memory', 'ephemeral-storage'] as const).flatMap((resource) =>
      (['limits', 'requests'] as const).flatMap((side) =>
        fractionWarning(container.resources?.[side]?.[resource], at.child('resources', side).key(resource)),
      ),
    ),
    ...hiddenVariables(container.env ?? [], at.child('env')),
  ]);
  const ports = containers.flatMap(([container, at]) =>
    (container.ports ?? []).map((port, index): PlacedPort => ({ port, path: at.child('ports').index(index) })),
  );
  return [...warnings, ...portWarnings(ports), ...portNameWarnings(ports)];
}

/** A variable may build on the one before it of the same name, but not stand in its place. */
function hiddenVariables(variables: readonly EnvVar[], path: Path): string[] {
  const names = new Set<string>();
  const warnings: string[] = [];
  for (const [index, { name, value = '', valueFrom }] of variables.entries()) {
    if (!names.has(name)) {
      names.add(name);
      continue;
    }
    const reference = `$(${name})`;
    if (valueFrom !== undefined || value === reference || !value.includes(reference)) {
      warnings.push(`${path.index(index)}: hides previous definition of ${quote(name)}, which may be dropped when using apply`);
    }
  }
  return warnings;
}

interface PlacedPort {
  readonly port: ContainerPort;
  readonly path: Path;
}

/** More than there is room for in an answer, however short they are. Each of many ports may conflict with each. */
const mostConflicts = 200;
/** How often two ports are compared at most, which is more than sensible pods need. */
const mostComparisons = 1_000_000;

function portWarnings(ports: readonly PlacedPort[]): string[] {
  const warnings: string[] = [];
  const earlier = new Map<string, PlacedPort[]>();
  let conflicts = 0;
  let comparisons = 0;
  for (const placed of ports) {
    const { port, path } = placed;
    const { hostIP = '', hostPort = 0, containerPort, protocol } = port;
    if (hostIP !== '' && hostPort === 0) warnings.push(`${path}: hostIP set without hostPort: ${goPort(port)}`);
    const key = `${containerPort}/${protocol}`;
    const same = earlier.get(key) ?? [];
    for (const other of same) {
      if (conflicts >= mostConflicts || comparisons >= mostComparisons) break;
      comparisons++;
      const kind = conflictOf({ hostIP, hostPort }, { hostIP: other.port.hostIP ?? '', hostPort: other.port.hostPort ?? 0 });
      if (kind === undefined) continue;
      warnings.push(`${path}: ${kind} port definition with ${other.path}`);
      conflicts++;
    }
    same.push(placed);
    earlier.set(key, same);
  }
  return warnings;
}

interface HostPort {
  readonly hostIP: string;
  readonly hostPort: number;
}

function conflictOf(port: HostPort, other: HostPort): string | undefined {
  if (port.hostIP === other.hostIP && port.hostPort === other.hostPort) return 'duplicate';
  if (port.hostPort === 0 || other.hostPort === 0) return 'overlapping';
  return port.hostPort === other.hostPort && (port.hostIP === '') !== (other.hostIP === '') ? 'dangerously ambiguous' : undefined;
}

/** A port in Go's notation of a struct. */
function goPort({ name = '', hostPort = 0, containerPort, protocol = '', hostIP = '' }: ContainerPort): string {
  return `{Name:${name} HostPort:${hostPort} ContainerPort:${containerPort} Protocol:${protocol} HostIP:${hostIP}}`;
}

function portNameWarnings(ports: readonly PlacedPort[]): string[] {
  const first = new Map<string, Path>();
  const warnings: string[] = [];
  for (const { port, path } of ports) {
    const { name = '' } = port;
    if (name === '') continue;
    const other = first.get(name);
    if (other === undefined) first.set(name, path);
    else {
      const effect = `services and probes that select ports by name will use ${other}`;
      warnings.push(`${path}: duplicate port name ${quote(name)} with ${other}, ${effect}`);
    }
  }
  return warnings;
}
