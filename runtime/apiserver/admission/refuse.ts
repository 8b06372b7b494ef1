import { forbidden, type StatusError } from '../../api/status.ts';
import type { Attributes } from './admission.ts';

/** 403 about the object that is being written. Follows upstream's `admission.NewForbidden`. */
export function refuse(attributes: Attributes, why: string): StatusError {
  const { name = '', generateName = '' } = attributes.object?.metadata ?? {};
  return forbidden(attributes.resource.subject, attributes.name || name || generateName || 'Unknown', why);
}
