import type { ApiObject } from '../registry/api-object.ts';
import { inOrder } from '../registry/metadata-order.ts';
import { type Accepted, metaApiVersion } from './accept.ts';

/** `PartialObjectMetadata` of an object. */
export function partialMetadata({ metadata }: ApiObject, accepted: Accepted): unknown {
  return { kind: 'PartialObjectMetadata', apiVersion: metaApiVersion(accepted), metadata: inOrder(metadata) };
}
