import { apiVersionOf } from '../../api/kinds/kind.ts';
import { plainError, type StatusError } from '../../api/status.ts';
import { encodeProtobuf } from '../encoding/encode-protobuf.ts';
import { isKnownInProtobuf } from '../encoding/protobuf-messages.ts';
import type { Fields } from '../encoding/protobuf-special.ts';
import type { ApiObject } from './api-object.ts';
import { type Storable, storableOf } from './converted.ts';
import type { Resource } from './resource.ts';

/** What etcd takes of a request, its `--max-request-bytes`. */
const mostTaken = 1.5 * 1024 * 1024;
/** What its client sends at most. */
const mostSent = 2 * 1024 * 1024;
/** What stands around key and value, without the keys. */
const aroundRequest = 40;
/** The key is compared, written and, where another write came first, read. */
const keysInRequest = 3;
/** From which size on, in bytes of JSON, it is worth looking: what is in protobuf is no larger. */
const mayBeTooLarge = mostTaken - 4096;

/** What stands around a write that may be too large. */
export interface SizedWrite {
  readonly resource: Resource;
  readonly key: string;
  /** Whose form was made to be stored. Its managed fields are dropped where they make it too large. */
  readonly object: ApiObject;
  /** The write is an apply, which is nothing without managed fields. */
  readonly isApply: boolean;
}

/** Whether {@link fitted} has to be asked. */
export function isLarge({ value }: Storable): boolean {
  return value.length > mayBeTooLarge;
}

/**
 * What is stored in place of what etcd would refuse: the same without its managed fields, if that is small enough. Upstream does so in the handlers of
 * create, update and patch (`isTooLargeError`). Throws 500 in etcd's words.
 */
export async function fitted(storable: Storable, { resource, key, object, isApply }: SizedWrite): Promise<Storable> {
  const refusal = refusalOf(storable, resource, key);
  if (refusal === undefined) return storable;
  if (isApply || object.metadata.managedFields === undefined) throw refusal;
  delete object.metadata.managedFields;
  const lighter = await storableOf(resource, object);
  const further = refusalOf(lighter, resource, key);
  if (further !== undefined) throw further;
  return lighter;
}

function refusalOf(storable: Storable, resource: Resource, key: string): StatusError | undefined {
  const size = storedSize(storable, resource) + keysInRequest * key.length + aroundRequest;
  if (size > mostSent) {
    return plainError(`rpc error: code = ResourceExhausted desc = trying to send message larger than max (${size} vs. ${mostSent})`);
  }
  return size > mostTaken ? plainError('etcdserver: request is too large') : undefined;
}

/** What an object takes in etcd, where built-in kinds are protobuf and custom ones JSON. */
function storedSize({ value, object }: Storable, { stored, isCustom }: Resource): number {
  if (isCustom || !isKnownInProtobuf(apiVersionOf(stored), stored.kind)) return value.length;
  // A decoded object is JSON; its static type only says more of its metadata.
  const fields = object as unknown as Fields;
  const { resourceVersion: _, ...metadata } = object.metadata as unknown as Fields;
  return encodeProtobuf({ ...fields, metadata }).length;
}
