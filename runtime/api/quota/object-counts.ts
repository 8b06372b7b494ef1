import { quantityOf } from '../quantity.ts';
import { countName, type QuotaEvaluator } from './evaluator.ts';

/** Resources that could be counted by a name of their own before there were `count/` names. */
const aliases: ReadonlySet<string> = new Set(['configmaps', 'resourcequotas', 'replicationcontrollers', 'secrets']);

/** Counts the objects of any resource. Follows upstream's `objectCountEvaluator`. */
export function objectCounts(group: string, plural: string): QuotaEvaluator {
  const names = [countName(group, plural), ...(group === '' && aliases.has(plural) ? [plural] : [])];
  const usage = new Map(names.map((name) => [name, quantityOf(1)]));
  return {
    group,
    plural,
    handles: ({ operation, subresource }) => operation === 'CREATE' && subresource === '',
    matchesResource: (name) => names.includes(name),
    matchesScope: () => false,
    usage: () => usage,
  };
}

/** The group and plural that a quota's resource counts, when it counts objects and does nothing else. */
export function countedResource(name: string): { readonly group: string; readonly plural: string } | undefined {
  if (aliases.has(name)) return { group: '', plural: name };
  if (!name.startsWith('count/')) return undefined;
  const [plural = '', ...group] = name.slice('count/'.length).split('.');
  return { group: group.join('.'), plural };
}
