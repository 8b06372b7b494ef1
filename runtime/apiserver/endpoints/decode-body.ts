import { apiVersionOf, type Kind } from '../../api/kinds/kind.ts';
import type { ApiRequest } from '../api-request.ts';
import { decodeObject, type FieldValidation } from '../decoding/decode-object.ts';
import { readDocument } from '../decoding/document.ts';
import { readBody } from '../negotiation/body.ts';
import type { ApiObject } from '../registry/api-object.ts';
import type { Core } from '../registry/core.ts';

/**
 * Reads the body of a request as an object of a kind, with its defaults. Throws 400, 413, 415.
 *
 * @param others the same kind in other versions, in which it may be sent as well
 */
export async function decodeBody(
  core: Core,
  request: ApiRequest,
  kind: Kind,
  validation: FieldValidation,
  others: readonly Kind[] = [],
): Promise<ApiObject> {
  const document = readDocument(await readBody(request.request), request.request.headers.get('content-type'), kind);
  const sent = others.find((other) => document.object.apiVersion === apiVersionOf(other) && document.object.kind === other.kind) ?? kind;
  const object = decodeObject(document, sent, core.resources, validation, (text) => request.warnings.add(text));
  request.sent?.(object);
  return object;
}

/** A kind that is only sent and answered with, never stored: `Scale`, `Binding`, `Eviction` … */
export function transientKind(group: string, version: string, kind: string): Kind {
  const label = group === '' ? 'core' : (group.split('.')[0] ?? group);
  return {
    group,
    version,
    kind,
    plural: '',
    singular: '',
    shortNames: [],
    categories: [],
    namespaced: true,
    verbs: ['create'],
    subresources: [],
    definition: `io.k8s.api.${label}.${version}.${kind}`,
  };
}
