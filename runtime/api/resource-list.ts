import { addQuantities, compareQuantities, formatQuantity, parseQuantity, type Quantity, subtractQuantities, zero } from './quantity.ts';

/** Amounts as they stand in an object: `{cpu: "100m", memory: "1Gi"}`. */
export type WrittenList = Readonly<Record<string, string | number>>;

/** Amounts by resource name, to calculate with. Follows `k8s.io/apiserver/pkg/quota/v1`. */
export type ResourceList = ReadonlyMap<string, Quantity>;

/** Reads a list. @throws Error when an amount is no quantity. */
export function readList(list: WrittenList | undefined): Map<string, Quantity> {
  return new Map(Object.entries(list ?? {}).map(([name, amount]) => [name, parseQuantity(amount)]));
}

/** Writes a list, its amounts in canonical form. */
export function writeList(list: ResourceList): Record<string, string> {
  return Object.fromEntries([...list].map(([name, amount]) => [name, formatQuantity(amount)]));
}

/** `cpu=1,memory=1Gi`, sorted by name, as upstream's messages have it. */
export function describeList(list: ResourceList): string {
  return [...list]
    .map(([name, amount]) => `${name}=${formatQuantity(amount)}`)
    .sort()
    .join(',');
}

/** The sums of what either list has. */
export function addLists(left: ResourceList, right: ResourceList): Map<string, Quantity> {
  const sum = new Map(left);
  for (const [name, amount] of right) {
    const other = sum.get(name);
    sum.set(name, other === undefined ? amount : addQuantities(other, amount));
  }
  return sum;
}

/** The differences of what either list has. */
export function subtractLists(left: ResourceList, right: ResourceList): Map<string, Quantity> {
  const difference = new Map(left);
  for (const [name, amount] of right) difference.set(name, subtractQuantities(left.get(name) ?? zero, amount));
  return difference;
}

/** The larger amount of each resource that either list has. */
export function maxLists(left: ResourceList, right: ResourceList): Map<string, Quantity> {
  const largest = new Map(left);
  for (const [name, amount] of right) {
    const other = largest.get(name);
    if (other === undefined || compareQuantities(amount, other) > 0) largest.set(name, amount);
  }
  return largest;
}

/** What a list has of these resources. */
export function maskList(list: ResourceList, names: Iterable<string>): Map<string, Quantity> {
  const wanted = new Set(names);
  return new Map([...list].filter(([name]) => wanted.has(name)));
}

/** A list without what is nothing. */
export function withoutZeros(list: ResourceList): Map<string, Quantity> {
  return new Map([...list].filter(([, amount]) => amount.nanos !== 0n));
}

/** The resources of which `list` has more than `limits` allow. */
export function exceededBy(list: ResourceList, limits: ResourceList): string[] {
  return [...limits].filter(([name, limit]) => compareQuantities(list.get(name) ?? limit, limit) > 0).map(([name]) => name);
}

/** Whether two lists have the same resources in the same amounts. */
export function listsEqual(left: ResourceList, right: ResourceList): boolean {
  return left.size === right.size && [...left].every(([name, amount]) => right.get(name)?.nanos === amount.nanos);
}
