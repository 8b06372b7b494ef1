import type { Kind } from '../../api/kinds/kind.ts';
import { checkStructure, type Structure, type Words } from '../../api/structure/index.ts';
import type { Dict } from '../registry/api-object.ts';

/** Reads an object against its kind, in place: built-in kinds by their definition, others in their own way, which fills in defaults as well. */
export function readStructure(kind: Kind, object: Dict, words?: Words): Structure {
  return kind.read === undefined ? checkStructure(kind.definition, object, words) : kind.read(object);
}
