import { goJsonError } from '../../api/go-json-error.ts';
import type { Json } from '../../api/object.ts';
import { parseSentJson } from '../../api/parse-json.ts';
import { applyJsonPatch } from '../../api/patches/json-patch.ts';
import { formatGo, getKey, isMap } from '../../api/patches/json-tree.ts';
import { applyMergePatch } from '../../api/patches/merge-patch.ts';
import { applyStrategicMergePatch } from '../../api/patches/strategic-merge-patch.ts';
import { badRequest } from '../../api/status.ts';
import {
  definitions,
  duplicateFields,
  fieldComplaints,
  type NumberSpellings,
  numberSpellings,
  overflowProblem,
} from '../../api/structure/index.ts';
import { quote } from '../../api/validation/field-error.ts';
import type { FieldValidation } from './decode-object.ts';
import { patchedSpellings } from './patched-spellings.ts';
import { shownDocument } from './shown-document.ts';

/** What a patch made of an object. */
export interface Patched {
  readonly document: Json;
  /** What messages about it show: the document, or of a strategic merge the patch, as upstream does. */
  readonly shown: () => string;
  /** Whether an object of the kind was changed, not its JSON: what the patch says of kind and version is then not read. */
  readonly typed: boolean;
  /** How numbers that came from the patch are written, where the patched object is read from JSON. */
  readonly spellings?: NumberSpellings | undefined;
  /** Fields of the patch itself that stand twice or that nobody knows. */
  readonly complaints: readonly string[];
}

/** What turns a live object, in the served version, into the patched one. It does not change its argument. */
export type Patch = (live: Json) => Patched;

export const patchTypes = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
] as const;
export type PatchType = (typeof patchTypes)[number];

/**
 * A patch as it was sent. Only what it gives reads it, for an object that is missing is told before any fault of the patch.
 * Applying throws 400 for what cannot be read, in the words of upstream's `patcher`, and `PatchError`.
 */
export function readPatch(type: PatchType, text: string, validation: FieldValidation, definition: string): Patch {
  let read: ((live: Json) => Patched) | undefined;
  return (live) => {
    read ??= reader(type, text, validation, definition);
    return read(live);
  };
}

function reader(type: PatchType, text: string, validation: FieldValidation, definition: string): Patch {
  const shownWhole = (document: Json, live: Json, complaints: readonly string[]): Patched => {
    const shown = () => shownDocument(document, live, definitions[definition] !== undefined);
    return { document, shown, typed: false, complaints };
  };
  const judging = validation !== 'Ignore';
  switch (type) {
    case 'application/json-patch+json': {
      const { operations, complaints } = jsonPatch(text, judging);
      const written = numberSpellings(text);
      return (live) => ({
        ...shownWhole(applyJsonPatch(live, operations), live, complaints),
        spellings: written && patchedSpellings(live, operations, written),
      });
    }
    case 'application/merge-patch+json': {
      const patch = mergePatch(text, judging);
      const complaints = judging ? duplicates(text) : [];
      // What a merge patch says of a place stands there afterwards.
      const spellings = numberSpellings(text);
      return (live) => ({ ...shownWhole(applyMergePatch(live, patch), live, complaints), spellings });
    }
    case 'application/strategic-merge-patch+json': {
      const patch = parse(text, (why) => why) ?? {};
      if (!isMap(patch)) throw badRequest(notA(patch, mapType));
      const complaints = judging ? duplicates(text) : [];
      return (live) => {
        if (!isMap(live)) throw badRequest(notA(live, mapType));
        const document = applyStrategicMergePatch(live, patch, (name) => definitions[name], definition);
        return { document, shown: () => formatGo(patch), typed: true, complaints };
      };
    }
  }
}

const mapType = 'map[string]interface {}';

function duplicates(text: string): string[] {
  return duplicateFields(text).map((field) => `duplicate field ${quote(field)}`);
}

function parse(text: string, words: (why: string) => string): Json {
  let value: Json;
  try {
    value = parseSentJson(text);
  } catch {
    throw badRequest(words(goJsonError(text) ?? 'invalid JSON'));
  }
  const overflow = overflowProblem(numberSpellings(text));
  if (overflow !== undefined) throw badRequest(words(overflow));
  return value;
}

/** How Go's decoder refuses a value of another type. */
function notA(value: Json, type: string): string {
  return `json: cannot unmarshal ${typeName(value)} into Go value of type ${type}`;
}

function typeName(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

function mergePatch(text: string, judging: boolean): Json {
  const patch = parse(text, (why) => (judging ? `error decoding patch: ${why}` : 'Invalid JSON Patch'));
  if (judging && patch !== null && !isMap(patch)) throw badRequest(`error decoding patch: ${notA(patch, mapType)}`);
  if (patch === null || typeof patch !== 'object') throw badRequest('Invalid JSON Patch');
  return patch;
}

const operationFields: ReadonlySet<string> = new Set(['op', 'path', 'from', 'value']);

function jsonPatch(text: string, judging: boolean): { readonly operations: Json; readonly complaints: readonly string[] } {
  const operations = parse(text, (why) => (judging ? `error decoding patch: ${why}` : why)) ?? [];
  if (!judging) return { operations, complaints: [] };
  if (!Array.isArray(operations)) throw badRequest(`error decoding patch: ${notA(operations, '[]handlers.jsonPatchOp')}`);
  const unknown: string[] = [];
  for (const [index, operation] of operations.entries()) {
    if (operation === null) continue;
    if (!isMap(operation)) throw badRequest(`error decoding patch: ${notA(operation, 'handlers.jsonPatchOp')}`);
    for (const field of Object.keys(operation)) {
      const value = getKey(operation, field) ?? null;
      if (!operationFields.has(field)) unknown.push(`[${index}].${field}`);
      else if (field !== 'value' && value !== null && typeof value !== 'string') {
        throw badRequest(
          `error decoding patch: json: cannot unmarshal ${typeName(value)} into Go struct field jsonPatchOp.${field} of type string`,
        );
      }
    }
  }
  const complaints = fieldComplaints(text, unknown).map(({ problem, path }) => `json patch ${problem} field ${quote(path)}`);
  return { operations, complaints };
}
