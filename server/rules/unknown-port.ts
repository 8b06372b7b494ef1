import { t } from '@vscode/l10n';
import { didYouMean } from '../documents/did-you-mean.ts';
import { selects } from '../index/facts.ts';
import { nameOf, sortOf } from '../index/symbol.ts';
import { nearest } from '../schemas/distance.ts';
import { folderOf } from './folders.ts';
import type { Finding, Rule, Subject } from './rule.ts';

/** Ports that no container has: names in Services, probes and monitors, and numbers in Services whose pods list their ports. */
export const unknownPort: Rule = {
  id: 'unknown-port',
  title: 'Port that no container has',
  why: 'A Service leads nowhere when its target port has no listener, and a probe of a port that does not exist fails for ever.',
  severity: 'warning',
  scope: 'workspace',
  check: (subject) => [...byName(subject), ...byMonitor(subject), ...byNumber(subject)],
};

function byName({ uri, object, occurrences, index, facts }: Subject): Finding[] {
  return occurrences.flatMap((occurrence) => {
    const { symbol, role, path, pods } = occurrence;
    if (role !== 'reference' || sortOf(symbol) !== 'port' || !pods) return [];
    const selected = 'selector' in pods ? index.selectedBy(facts.namespace, pods.selector) : [];
    const chosen = 'selector' in pods ? selected.flatMap(({ what }) => what.pod ?? []) : facts.pod ? [facts.pod] : [];
    const names = chosen.flatMap((pod) => pod.ports.flatMap((port) => port.name ?? []));
    if (chosen.length === 0) return [];
    // Pods of another folder may only happen to carry the same labels.
    const far = selected.length > 0 && selected.every((found) => folderOf(found.uri) !== folderOf(uri));
    const message = t('No container has a port named "{0}"', nameOf(symbol));
    return missing(nameOf(symbol), names, { at: object.at(path), message, severity: far ? 'hint' : 'warning' });
  });
}

/** Ports that a monitor asks for by name, of the Services or pods that it chooses. */
function byMonitor({ uri, object, occurrences, index }: Subject): Finding[] {
  return occurrences.flatMap(({ symbol, path, monitored }) => {
    if (!monitored) return [];
    const { kind, selector, namespaces } = monitored;
    const all = namespaces === 'any' ? index.all() : namespaces.flatMap((namespace) => index.inNamespace(namespace));
    const chosen = all.filter(({ what }) =>
      kind === 'Service' ? what.kind === kind && selects(selector, what.labels) : what.pod && selects(selector, what.pod.labels),
    );
    if (chosen.length === 0) return [];
    const names = chosen.flatMap(({ what }) =>
      kind === 'Service' ? (what.keys ?? []) : (what.pod?.ports.flatMap(({ name }) => name ?? []) ?? []),
    );
    const far = chosen.every((found) => folderOf(found.uri) !== folderOf(uri));
    const message =
      kind === 'Service'
        ? t('No Service that is chosen has a port named "{0}"', nameOf(symbol))
        : t('No container has a port named "{0}"', nameOf(symbol));
    return missing(nameOf(symbol), names, { at: object.at(path), message, severity: far ? 'hint' : 'warning' });
  });
}

/** What is found when a name is not among those there are: certain when one of them comes near. */
function missing(name: string, names: readonly string[], finding: Finding): Finding[] {
  if (names.includes(name)) return [];
  const meant = nearest(name, names);
  if (meant === undefined) return [finding];
  return [{ ...finding, message: finding.message + didYouMean(meant), severity: 'warning', fix: { replace: meant } }];
}

/** Containers need not list their ports: where they do, another number is at least remarkable. */
function byNumber({ object, facts, index }: Subject): Finding[] {
  const { selector } = facts;
  if (facts.kind !== 'Service' || !selector) return [];
  const chosen = index.selectedBy(facts.namespace, selector.labels).flatMap(({ what }) => what.pod ?? []);
  if (chosen.length === 0 || chosen.some((pod) => pod.ports.length === 0)) return [];
  const numbers = new Set(chosen.flatMap((pod) => pod.ports.map((port) => port.number)));
  return object
    .get('spec', 'ports')
    .items()
    .flatMap((port) => {
      const target = port.get('targetPort');
      const field = target.exists ? target : port.get('port');
      if (field.number === undefined || numbers.has(field.number)) return [];
      return [
        {
          at: field,
          message: t('The selected containers list other ports than {0}: {1}', field.number, [...numbers].join(', ')),
          severity: 'hint' as const,
        },
      ];
    });
}
