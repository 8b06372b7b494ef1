import type { Clock } from '../../simulation/clock.ts';
import type { ObjectReader } from '../registry/object-reader.ts';

/** An object as a token names it. */
export interface NamedObject {
  readonly name: string;
  readonly uid: string;
}

/** The objects that a service account's token lives with. */
export interface TokenObjects {
  readonly namespace: string;
  readonly serviceAccount: NamedObject;
  readonly pod?: NamedObject;
  readonly secret?: NamedObject;
  readonly node?: NamedObject;
}

/** How long after its deletion an object still counts, in milliseconds: clocks differ. */
const leeway = 60_000;

/**
 * Whether everything that a token names is still there and still the same: a token dies with its account and with what it is bound to.
 * Upstream: `Validate` of pkg/serviceaccount/claims.go.
 */
export function tokenObjectsExist(objects: TokenObjects, reader: ObjectReader, clock: Clock): boolean {
  const { namespace, serviceAccount, pod, secret, node } = objects;
  const exists = (plural: string, inNamespace: string, named: NamedObject | undefined) => {
    if (named === undefined) return true;
    const found = reader.get('', plural, inNamespace, named.name);
    if (found === undefined || found.metadata.uid !== named.uid) return false;
    const { deletionTimestamp } = found.metadata;
    return deletionTimestamp === undefined || Date.parse(deletionTimestamp) >= clock.now() - leeway;
  };
  return (
    exists('serviceaccounts', namespace, serviceAccount) &&
    exists('pods', namespace, pod) &&
    exists('secrets', namespace, secret) &&
    exists('nodes', '', node)
  );
}
