import type { Container } from '../generated/types/core/v1.ts';
import type { LabelSelector } from '../generated/types/meta/v1.ts';
import type { KubeObject } from '../object.ts';
import { formatQuantity, tryParseQuantity } from '../quantity.ts';
import { formatSelector, selectorFromLabelSelector } from '../selectors/labels.ts';
import { nameOf, wide } from './printer.ts';

/** How many items a cell lists before it says how many more there are. */
const shown = 3;

export const containerColumns = [
  wide('Containers', 'Names of each container in the template.'),
  wide('Images', 'Images referenced by each container in the template.'),
];

/** Names and images of containers, each as one comma-separated text. */
export function containerCells(containers: readonly Container[] | undefined): [string, string] {
  const list = containers ?? [];
  return [list.map((container) => container.name).join(','), list.map((container) => container.image ?? '').join(',')];
}

/** `a=1,b=2`, or `<none>`. */
export function labelsCell(labels: Readonly<Record<string, string>> | undefined): string {
  const keys = Object.keys(labels ?? {}).sort();
  return keys.length === 0 ? '<none>' : keys.map((key) => `${key}=${labels?.[key] ?? ''}`).join(',');
}

/** A label selector as `kubectl -l` would take it, or `<none>`. */
export function selectorCell(selector: LabelSelector | undefined): string {
  const text = selectorText(selector, '<error>');
  return text === '' ? '<none>' : text;
}

/** A label selector as `kubectl -l` would take it; `invalid` where it breaks the rules. */
export function selectorText(selector: LabelSelector | undefined, invalid: string): string {
  try {
    return formatSelector(selectorFromLabelSelector(selector));
  } catch {
    return invalid;
  }
}

/** The first three items and how many more there are; `empty` for none. */
export function listCell(items: readonly string[], empty: string): string {
  if (items.length > shown) return `${items.slice(0, shown).join(',')} + ${items.length - shown} more...`;
  return items.length === 0 ? empty : items.join(',');
}

/** A quantity in canonical form; a missing one is zero. */
export function quantityCell(quantity: string | number | undefined): string {
  const parsed = tryParseQuantity(quantity ?? 0);
  return parsed === undefined ? String(quantity) : formatQuantity(parsed);
}

/** The name of a class, which is marked if one of the annotations says that it is the default. */
export function classNameCell(object: KubeObject, ...annotations: readonly string[]): string {
  const isDefault = annotations.some((annotation) => object.metadata?.annotations?.[annotation] === 'true');
  return isDefault ? `${nameOf(object)} (default)` : nameOf(object);
}

/** `True`, `False` or, for nothing at all, `<unset>`. */
export function booleanCell(value: boolean | undefined): string {
  if (value === undefined) return '<unset>';
  return value ? 'True' : 'False';
}

/** Status of the condition of one type; undefined without it. */
export function conditionStatus(
  conditions: readonly { readonly type: string; readonly status: string }[] | undefined,
  type: string,
): string | undefined {
  return conditions?.find((condition) => condition.type === type)?.status;
}
