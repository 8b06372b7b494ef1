import { type Frame, scanJson } from './scan-json.ts';

/** What strict decoding has against a field. */
export interface FieldComplaint {
  readonly problem: 'duplicate' | 'unknown';
  /** `spec.containers[0].name` */
  readonly path: string;
}

/**
 * Finds fields that stand twice in one object of a JSON text; `JSON.parse` silently keeps the last. Gives their paths, `spec.replicas`, each once.
 * The text must be valid JSON.
 */
export function duplicateFields(text: string): readonly string[] {
  return fieldComplaints(text, []).map(({ path }) => path);
}

/**
 * What is wrong with the fields of a JSON text in the order of the text, each complaint once, as `sigs.k8s.io/json` collects them: fields that stand
 * twice, and those found unknown. What is inside of an unknown field is not looked at.
 *
 * @param unknownFields paths of fields that the object's definition does not know
 */
export function fieldComplaints(text: string, unknownFields: readonly string[]): readonly FieldComplaint[] {
  const unknown = new Set(unknownFields);
  const found = new Map<string, FieldComplaint>();
  /** How many frames were open where an unknown field began; what is in more of them belongs to it. */
  let passedOver = Number.POSITIVE_INFINITY;
  const onKey = (frames: readonly Frame[], keys: Set<string>, key: string) => {
    if (frames.length > passedOver) return;
    passedOver = Number.POSITIVE_INFINITY;
    if (unknown.size > 0) {
      const path = pathOf(frames);
      if (unknown.has(path)) {
        passedOver = frames.length;
        if (!found.has(path)) found.set(path, { problem: 'unknown', path });
        return;
      }
    }
    if (!keys.has(key)) {
      keys.add(key);
      return;
    }
    const path = pathOf(frames);
    if (!found.has(path)) found.set(path, { problem: 'duplicate', path });
  };
  scanJson(text, { onKey });
  return [...found.values()];
}

function pathOf(frames: readonly Frame[]): string {
  let path = '';
  for (const { step } of frames) path += typeof step === 'number' ? `[${step}]` : path === '' ? step : `.${step}`;
  return path;
}

/** Paths in the order in which a decoder meets them in JSON whose fields stand in the order of their names, as Go writes that of a map. */
export function inOrderOfNames(paths: readonly string[]): readonly string[] {
  const steps = new Map(paths.map((path) => [path, path.split(/[.[\]]+/)]));
  return [...paths].sort((a, b) => compareSteps(steps.get(a) ?? [], steps.get(b) ?? []));
}

function compareSteps(a: readonly string[], b: readonly string[]): number {
  for (const [index, step] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    if (step === other) continue;
    const apart = Number(step) - Number(other);
    return Number.isNaN(apart) ? (step < other ? -1 : 1) : apart;
  }
  return a.length - b.length;
}
