import { t } from '@vscode/l10n';
import type { Position, Range } from 'vscode-languageserver';
import { type ObjectFacts, selects } from '../index/facts.ts';
import type { Found } from '../index/found.ts';
import { nameOf, sortOf } from '../index/symbol.ts';
import type { WorkspaceIndex } from '../index/workspace-index.ts';
import { andMore } from './hover/part.ts';

/** So many objects of a selection are named. */
const listed = 8;

/** A few words about what a reference refers to, in Markdown; undefined when the cursor is on no reference. */
export function glanceAt(index: WorkspaceIndex, uri: string, position: Position): { value: string; range: Range } | undefined {
  const found = index.at(uri, position);
  if (found?.what.role !== 'reference') return undefined;
  const { symbol } = found.what;
  const [, kind = '', namespace = '', name = ''] = symbol.split(' ');
  switch (sortOf(symbol)) {
    case 'object': {
      const target = index.objects(kind, namespace).find(({ what }) => what.name === nameOf(symbol));
      return { value: target ? about(target) : t('{0} is not in this workspace.', `${kind}/${nameOf(symbol)}`), range: found.range };
    }
    case 'key': {
      const target = index.objects(kind, namespace).find(({ what }) => what.name === name);
      return target && { value: t('`{0}` of {1}', nameOf(symbol), about(target)), range: found.range };
    }
    case 'label':
      return { value: selection(index, kind, { [namespace]: nameOf(symbol) }), range: found.range };
    default:
      return undefined;
  }
}

function about({ uri, range, what }: Found<ObjectFacts>): string {
  const facts = [
    what.namespace,
    what.replicas === undefined ? '' : t('{0} replicas', what.replicas),
    what.servicePorts?.length ? t('ports {0}', what.servicePorts.join(', ')) : '',
    what.servicePorts === undefined && what.keys?.length
      ? t(
          'keys {0}',
          what.keys
            .slice(0, listed)
            .map((key) => `\`${key}\``)
            .join(', '),
        )
      : '',
    what.pod?.ports.length ? t('container ports {0}', what.pod.ports.map((port) => port.name ?? port.number).join(', ')) : '',
  ].filter((part) => part !== '');
  const file = decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1));
  return `**${what.kind}/${what.name}** · ${[...facts, `[${file}:${range.start.line + 1}](${uri}#L${range.start.line + 1})`].join(' · ')}`;
}

function selection(index: WorkspaceIndex, namespace: string, labels: Readonly<Record<string, string>>): string {
  const chosen = index.inNamespace(namespace).filter(({ what }) => what.pod && selects(labels, what.pod.labels));
  if (chosen.length === 0) return t('No pods of this workspace carry this label.');
  const names = chosen.slice(0, listed).map(({ what }) => `${what.kind}/${what.name}`);
  return t('Carried by the pods of {0}.', andMore(names.join(', '), chosen.length - listed));
}
