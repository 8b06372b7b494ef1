import { type Labels, type Monitored, type ObjectFacts, type Occurrence, selects } from './facts.ts';
import { nameOf, type SharedName, sortOf, symbols } from './symbol.ts';

/** What is asked of the index. */
interface Names<Found> {
  find(symbol: SharedName): readonly Found[];
  /** The Services of all namespaces. */
  services(): readonly ObjectFacts[];
  namespaces(): readonly string[];
}

function looksAt(monitored: Monitored | undefined, namespace: string, labels: Labels): boolean {
  if (!monitored) return false;
  const { namespaces, selector } = monitored;
  return (namespaces === 'any' || namespaces.includes(namespace)) && selects(selector, labels);
}

/** A place that was found. */
interface Place {
  readonly what: Occurrence;
}

/**
 * The places that mean the same port as this one because monitors ask for it: the monitors, and other ports that they ask for by the same name. Empty for
 * other names than those of ports.
 */
export function sameMonitored<Found extends Place>(occurrence: Occurrence, names: Names<Found>): readonly Found[] {
  const { symbol, monitored } = occurrence;
  const kind = monitored?.kind ?? (sortOf(symbol) === 'port' ? 'Pod' : symbol.startsWith('key Service ') ? 'Service' : undefined);
  if (kind === undefined) return [];
  const monitors = names.find(symbols.monitored(kind, nameOf(symbol)));
  if (monitors.length === 0) return [];
  return kind === 'Service' ? sameInServices(occurrence, monitors, names) : sameInPods(occurrence, monitors, names);
}

/** All Services that one monitor chooses can only be renamed together, and with them what else asks for them. */
function sameInServices<Found extends Place>({ symbol }: Occurrence, monitors: readonly Found[], names: Names<Found>): readonly Found[] {
  const name = nameOf(symbol);
  const services = names.services().filter(({ keys = [] }) => keys.includes(name));
  const symbolOf = ({ namespace, name: service }: ObjectFacts) => symbols.key('Service', namespace, service, name);
  const choices = monitors.map((found) => ({
    found,
    ports: services.filter(({ namespace, labels }) => looksAt(found.what.monitored, namespace, labels)).map(symbolOf),
  }));
  const meant = new Set([symbol]);
  const asking = new Set<Found>();
  // Sets are gone through to the end of what is added on the way.
  for (const port of meant) {
    for (const { found, ports } of choices) {
      if (!ports.includes(port) && found.what.symbol !== port) continue;
      asking.add(found);
      for (const other of ports) meant.add(other);
    }
  }
  return [...asking, ...[...meant].filter((port) => port !== symbol).flatMap((port) => names.find(port))];
}

function sameInPods<Found extends Place>(occurrence: Occurrence, monitors: readonly Found[], names: Names<Found>): readonly Found[] {
  const { symbol, monitored, pods } = occurrence;
  const [, namespace = ''] = symbol.split(' ');
  if (!monitored) {
    return monitors.filter(({ what: { monitored: asked } }) =>
      pods && 'labels' in pods
        ? looksAt(asked, namespace, pods.labels)
        : pods && JSON.stringify(asked?.selector) === JSON.stringify(pods.selector),
    );
  }
  const { namespaces, selector } = monitored;
  const ports = (namespaces === 'any' ? names.namespaces() : namespaces).flatMap((one) => names.find(symbols.port(one, nameOf(symbol))));
  const alike = monitors.filter(({ what }) => JSON.stringify(what.monitored) === JSON.stringify(monitored));
  return [...alike, ...ports.filter(({ what }) => what.pods && 'labels' in what.pods && selects(selector, what.pods.labels))];
}
