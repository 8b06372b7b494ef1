import type { Resource } from '../registry/resource.ts';

/** The Go type that upstream has for a kind, as its texts name it. */
export function goType({ isCustom, kind }: Resource, name: string): string {
  if (isCustom) return name.endsWith('List') ? '*unstructured.UnstructuredList' : '*unstructured.Unstructured';
  return `*${kind.group === '' ? 'core' : (kind.group.split('.')[0] ?? '')}.${name}`;
}
