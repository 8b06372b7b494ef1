import { isMasked } from '../../runtime/api/yaml/template.ts';
import type { Manifest } from '../documents/manifest.ts';
import type { Problem } from '../documents/problem.ts';

/** What is certain before a template is rendered: names and values that are written in full. */
const certain = new Set([
  'unknown-field',
  'type',
  'enum',
  'quantity',
  'base64',
  'date-time',
  'length',
  'pattern',
  'range',
  'yaml',
  'kind',
  'unknown-kind',
]);

/**
 * Whether a problem of a template stays whatever it is rendered with. What is missing may come from an action, what stands twice may stand in two
 * branches, and what touches an action is not known.
 */
export function holdsInTemplate({ text, header }: Manifest, { start, end, code, path, message }: Problem): boolean {
  // Branches for several versions of an API have fields of all of them.
  if (!header.apiVersion || text.split(/^apiVersion:/m).length > 2) return false;
  return certain.has(code) && !isMasked(text.slice(start, end)) && !isMasked(path) && !isMasked(message) && !message.endsWith(' not set');
}
