import { forbidden, type StatusError } from '../../api/status.ts';
import type { Attributes } from './admission.ts';

/** 403 about the object that is being written. Follows upstream's `admission.NewForbidden`. */
export function refuse(attributes: Attributes, why: string): StatusError {
  const { name = '', generateName = '' } = attributes.object?.metadata ?? {};
  return forbidden(attributes.resource.subject, attributes.name || name || generateName || 'Unknown', why);
}

/** Several reasons as one: bare when there is but one, else in brackets, each once. Upstream's aggregate of errors. */
export function aggregate(reasons: readonly string[]): string {
  const [first, ...others] = new Set(reasons);
  return others.length === 0 ? (first ?? '') : `[${[first, ...others].join(', ')}]`;
}
