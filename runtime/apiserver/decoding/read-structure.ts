import type { Kind } from '../../api/kinds/kind.ts';
import { checkStructure, type NumberSpellings, overflowProblem, type Structure, type Words } from '../../api/structure/index.ts';
import type { Dict } from '../registry/api-object.ts';

/**
 * Reads an object against its kind, in place: built-in kinds by their definition, others in their own way, which fills in defaults as well. Of those an
 * integer may be written as a double.
 */
export function readStructure(kind: Kind, object: Dict, words?: Words, spellings?: NumberSpellings): Structure {
  if (kind.read === undefined) return checkStructure(kind.definition, object, words, spellings);
  const error = overflowProblem(spellings);
  return error === undefined ? kind.read(object) : { error, unknownFields: [] };
}
