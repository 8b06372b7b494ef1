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
  readonly node?: { readonly name: string; readonly uid?: string };
}

/** How long after its deletion an object still counts, in milliseconds: clocks differ. */
const leeway = 60_000;

const invalidated = 'service account token has been invalidated';

/**
 * Why a token does not count any more: it dies with its account and with what it is bound to; nothing when all is still there and the same.
 * Upstream: `Validate` of pkg/serviceaccount/claims.go.
 */
export function tokenObjectsProblem(objects: TokenObjects, reader: ObjectReader, clock: Clock): string | undefined {
  const { namespace, serviceAccount, pod, secret, node } = objects;
  const find = (plural: string, inNamespace: string, name: string) => {
    const found = reader.get('', plural, inNamespace, name);
    const { deletionTimestamp } = found?.metadata ?? {};
    const isGone = deletionTimestamp !== undefined && Date.parse(deletionTimestamp) < clock.now() - leeway;
    return { uid: found?.metadata.uid, isGone };
  };
  const account = find('serviceaccounts', namespace, serviceAccount.name);
  if (account.uid === undefined) return `serviceaccounts ${JSON.stringify(serviceAccount.name)} not found`;
  if (account.isGone) return `service account ${namespace}/${serviceAccount.name} has been deleted`;
  if (account.uid !== serviceAccount.uid) return `service account UID (${account.uid}) does not match claim (${serviceAccount.uid})`;
  // The node of a pod is told, not bound to.
  const bounds = [
    ['secret', namespace, secret],
    ['pod', namespace, pod],
    ['node', '', pod === undefined ? node : undefined],
  ] as const;
  for (const [kind, inNamespace, bound] of bounds) {
    if (bound === undefined) continue;
    const { uid, isGone } = find(`${kind}s`, inNamespace, bound.name);
    if (uid === undefined || isGone) return invalidated;
    if (uid !== bound.uid) return `${kind} UID (${uid}) does not match service account ${kind} ref claim (${bound.uid})`;
  }
  return undefined;
}
