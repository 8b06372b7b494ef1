/** Items by what they have in common; one that has several such keys comes under each. */
export function grouped<Key, Item>(items: Iterable<Item>, keysOf: (item: Item) => Iterable<Key>): ReadonlyMap<Key, readonly Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    for (const key of keysOf(item)) {
      const group = groups.get(key);
      if (group) group.push(item);
      else groups.set(key, [item]);
    }
  }
  return groups;
}
