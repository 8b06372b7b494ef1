import { goJson } from '../go-json.ts';
import type { KubeObject } from '../object.ts';
import { isMap } from '../patches/json-tree.ts';
import { compareValues } from './compare.ts';
import { fieldSetOf } from './field-set.ts';
import type { MapType } from './field-types.ts';
import { difference, type FieldsV1, leaf } from './fields-v1.ts';
import { asJson } from './managed-fields.ts';
import { validateValue } from './validate-values.ts';

/** Where kubectl keeps what it applied from the client's side. */
export const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';

/** The manager whose client-side and server-side applications are one and the same. */
export const kubectl = 'kubectl';

/**
 * Fields that kubectl set when it last applied from the client's side and that nobody has changed since: it may take them over without a
 * conflict. Undefined if the object does not say what was applied, or not in this version.
 */
export function fieldsLastApplied(live: KubeObject, apiVersion: string, type: MapType): FieldsV1 | undefined {
  const annotation = live.metadata?.annotations?.[lastAppliedAnnotation];
  if (!annotation) return undefined;
  const applied = parse(annotation);
  if (!isMap(applied) || applied.apiVersion !== apiVersion || validateValue(applied, type).length > 0) return undefined;
  const comparison = compareValues(applied, asJson(live), type, 'left');
  const set = fieldSetOf(applied, type) ?? leaf;
  return difference(difference(set, comparison?.changed ?? leaf), comparison?.removed ?? leaf);
}

function parse(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What the annotation says of a configuration: the configuration without the annotation, on one line. */
export function lastAppliedText(configuration: KubeObject): string {
  const { [lastAppliedAnnotation]: _, ...annotations } = configuration.metadata?.annotations ?? {};
  return `${goJson({ ...configuration, metadata: { ...configuration.metadata, annotations } })}\n`;
}
