import type { Json } from './cluster.ts';

/** What a patch is made of. */
interface Wanted {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** What the object has afterwards: annotations and labels that are there already, or a status. */
  readonly change: Json;
}

/** A way to change a part of an object. */
export interface Patch {
  readonly name: 'json' | 'merge' | 'strategic' | 'apply';
  readonly contentType: string;
  body(wanted: Wanted): unknown;
}

/** The four kinds of patches; one by one they change what is there already. */
export const patches: readonly Patch[] = [
  { name: 'merge', contentType: 'application/merge-patch+json', body: ({ change }) => change },
  { name: 'strategic', contentType: 'application/strategic-merge-patch+json', body: ({ change }) => change },
  {
    name: 'apply',
    contentType: 'application/apply-patch+yaml',
    body: ({ apiVersion, kind, name, change }) => ({ apiVersion, kind, ...change, metadata: { ...change.metadata, name } }),
  },
  {
    name: 'json',
    contentType: 'application/json-patch+json',
    body: ({ change }) =>
      change.metadata === undefined
        ? Object.entries(change.status).map(([field, value]) => ({ op: 'add', path: `/status/${field}`, value }))
        : Object.entries<Json>(change.metadata).flatMap(([field, map]) =>
            Object.entries(map).map(([key, value]) => ({ op: 'add', path: `/metadata/${field}/${key}`, value })),
          ),
  },
];
