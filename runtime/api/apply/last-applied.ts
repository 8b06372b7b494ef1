import { goJson } from '../go-json.ts';
import { byteLength } from '../names/index.ts';
import type { KubeObject } from '../object.ts';
import { isMap } from '../patches/json-tree.ts';
import { annotationsLimit } from '../validation/object-meta.ts';
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

/**
 * The annotations of an object that was applied with the annotation, which comes to say what has been applied; without it where they are too large.
 * Undefined if the object does not say it, or says it already. Follows apimachinery's `lastAppliedUpdater`.
 */
export function withLastApplied({ metadata }: KubeObject, configuration: KubeObject): Record<string, string> | undefined {
  const before = metadata?.annotations?.[lastAppliedAnnotation];
  if (!before) return undefined;
  const text = lastAppliedText(configuration);
  if (text === before) return undefined;
  const { [lastAppliedAnnotation]: _, ...others } = metadata?.annotations ?? {};
  const annotations = { ...others, [lastAppliedAnnotation]: text };
  return sizeOf(annotations) > annotationsLimit ? others : annotations;
}

function sizeOf(annotations: Record<string, string>): number {
  return Object.entries(annotations).reduce((size, [name, value]) => size + byteLength(name) + byteLength(value), 0);
}

/** What the annotation says of a configuration: the configuration without the annotation, on one line. */
function lastAppliedText(configuration: KubeObject): string {
  const { annotations: given, ...metadata } = configuration.metadata ?? {};
  const { [lastAppliedAnnotation]: _, ...annotations } = given ?? {};
  return `${goJson({ ...configuration, metadata: given ? { ...metadata, annotations } : metadata })}\n`;
}
