import { t } from '@vscode/l10n';
import { compareQuantities, parseQuantity, tryParseQuantity, zero } from '../../runtime/api/quantity.ts';
import { didYouMean } from '../documents/did-you-mean.ts';
import type { Field } from '../documents/field.ts';
import type { Finding, Rule } from './rule.ts';
import { perEachContainer } from './shapes.ts';

/** What even the smallest program needs, and what the largest machines have. */
const smallest = parseQuantity('1Mi');
const largest = parseQuantity('256');

/** Amounts without the unit that was meant: `memory: 512` is 512 bytes, `cpu: 500` are 500 processors. */
export const oddAmount: Rule = {
  id: 'odd-amount',
  title: 'Amount of CPU or memory without its unit',
  why: 'Memory is counted in bytes and CPU in whole processors: a container with a limit of 512 bytes never starts, and no node has 500 processors.',
  severity: 'warning',
  scope: 'object',
  check: perEachContainer((container) =>
    ['requests', 'limits'].flatMap((sort) => {
      const amounts = container.get('resources', sort);
      return [...oddMemory(amounts.get('memory')), ...oddCpu(amounts.get('cpu'))];
    }),
  ),
};

function oddMemory(field: Field): Finding[] {
  const { amount = '' } = field;
  const quantity = tryParseQuantity(amount);
  if (!quantity || compareQuantities(quantity, zero) <= 0 || compareQuantities(quantity, smallest) >= 0) return [];
  const [, number] = /^(\d+)m?$/.exec(amount) ?? [];
  const message = t('{0} of memory is less than any program needs', amount);
  return [withUnit(field, message, number === undefined ? undefined : `${number}Mi`)];
}

function oddCpu(field: Field): Finding[] {
  const { amount = '' } = field;
  const quantity = tryParseQuantity(amount);
  if (!quantity || compareQuantities(quantity, largest) < 0) return [];
  return [withUnit(field, t('{0} processors are more than a node has', amount), /^\d+$/.test(amount) ? `${amount}m` : undefined)];
}

function withUnit(at: Field, message: string, meant: string | undefined): Finding {
  return meant === undefined ? { at, message } : { at, message: message + didYouMean(meant), fix: { replace: meant } };
}
