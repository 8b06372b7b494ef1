import type { KubeObject } from '../../../api/object.ts';

/** Tells what is odd about an object that may be written. A method, so that each may take its own kind; the table's key says which that is. */
interface Warns {
  bivarianceHack(object: KubeObject, old: KubeObject | undefined): readonly string[];
}

export type Warn = Warns['bivarianceHack'];
