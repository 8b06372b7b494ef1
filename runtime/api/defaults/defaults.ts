import type { KubeObject } from '../object.ts';

/** Fills in what an object leaves open, in place. */
export interface SetDefaults {
  // A method, so that functions which take a certain kind fit; the table's key says which kind that is.
  bivarianceHack(object: KubeObject): void;
}

/** By `v1/Pod` or `apps/v1/Deployment`. */
export type DefaultsByKind = Readonly<Record<string, SetDefaults['bivarianceHack']>>;
