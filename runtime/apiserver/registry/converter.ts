import type { ApiObject } from './api-object.ts';

/** Converts objects between the versions of a kind by asking somebody else, which takes time and may fail. */
export interface Converter {
  /** Gives new objects, in the order of the old ones; those of the wanted version are left as they are. */
  convert(objects: readonly ApiObject[], apiVersion: string): Promise<readonly ApiObject[]>;
}
