import { applyDefaults } from '../../../runtime/api/defaults/index.ts';
import type { KubeObject } from '../../../runtime/api/object.ts';
import { formatFieldError, validateCreate, validateUpdate } from '../../../runtime/api/validation/index.ts';

/** Objects as validation gets them, and what it says of them. */

export type Fields = Record<string, unknown>;

export function kindOf(apiVersion: string, kind: string): { group: string; version: string; kind: string } {
  const [group = '', version = ''] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  return { group, version, kind };
}

/** An object as it comes to validation: named, placed and defaulted. */
export function made(apiVersion: string, kind: string, fields: Fields): KubeObject {
  const object = structuredClone(fields) as unknown as KubeObject & { metadata: Fields };
  object.metadata = { name: 'x', namespace: 'default', uid: 'u', ...object.metadata };
  if (object.metadata.namespace === '') delete object.metadata.namespace;
  applyDefaults(kindOf(apiVersion, kind), object);
  return object;
}

export function created(apiVersion: string, kind: string, fields: Fields): string[] {
  return validateCreate(kindOf(apiVersion, kind), made(apiVersion, kind, fields)).map(formatFieldError);
}

export function changed(apiVersion: string, kind: string, old: Fields, fields: Fields): string[] {
  const withVersion = (object: KubeObject): KubeObject => ({ ...object, metadata: { ...object.metadata, resourceVersion: '1' } });
  const [before, after] = [made(apiVersion, kind, old), made(apiVersion, kind, fields)].map(withVersion);
  return validateUpdate(kindOf(apiVersion, kind), after ?? {}, before ?? {}).map(formatFieldError);
}

export const label =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

export const container = { name: 'c', image: 'i' };
export const template = { metadata: { labels: { app: 'a' } }, spec: { containers: [container] } };
export const selector = { matchLabels: { app: 'a' } };

export function pod(spec: Fields, metadata: Fields = {}): Fields {
  return { metadata, spec: { containers: [container], ...spec } };
}

export function inContainer(fields: Fields, spec: Fields = {}): Fields {
  return pod({ ...spec, containers: [{ ...container, ...fields }] });
}
