import { isMasked } from '../../runtime/api/yaml/template.ts';
import type { Manifest } from '../documents/manifest.ts';
import type { Problem } from '../documents/problem.ts';
import { writtenCodes } from './written-codes.ts';

/**
 * Whether a problem of a template stays whatever it is rendered with. What is missing may come from an action, what stands twice may stand in two
 * branches, and what touches an action is not known.
 */
export function holdsInTemplate({ text, header }: Manifest, { start, end, code, path, message }: Problem): boolean {
  // Branches for several versions of an API have fields of all of them.
  if (!header.apiVersion || text.split(/^apiVersion:/m).length > 2) return false;
  return (
    writtenCodes.has(code) && !isMasked(text.slice(start, end)) && !isMasked(path) && !isMasked(message) && !message.endsWith(' not set')
  );
}
