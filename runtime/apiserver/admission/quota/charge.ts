import type { ResourceQuota } from '../../../api/generated/types/core/v1.ts';
import type { KubeObject } from '../../../api/object.ts';
import { formatQuantity, type Quantity } from '../../../api/quantity.ts';
import { type QuotaEvaluator, scopesOf } from '../../../api/quota/index.ts';
import {
  addLists,
  describeList,
  exceededBy,
  maskList,
  type ResourceList,
  readList,
  subtractLists,
  withoutZeros,
} from '../../../api/resource-list.ts';
import type { ApiObject } from '../../registry/api-object.ts';
import type { Attributes } from '../admission.ts';
import { refuse } from '../refuse.ts';

/** A quota with what is used of it while writes are being charged. */
export interface Account {
  /** As it was read; shared and not to be changed. */
  readonly quota: ApiObject;
  readonly spec: ResourceQuota;
  readonly hard: ResourceList;
  readonly used: ResourceList;
}

/** Opens the account of a quota. */
export function accountOf(quota: ApiObject): Account {
  const object: KubeObject = quota;
  // A stored object has the structure of its definition.
  const spec = object as ResourceQuota;
  return { quota, spec, hard: readList(spec.status?.hard), used: readList(spec.status?.used) };
}

/**
 * Charges one write to the quotas of its namespace. Gives the accounts as they are then; throws 403 when one of them does not allow it.
 * Follows `CheckRequest` of `k8s.io/apiserver/pkg/admission/plugin/resourcequota`.
 */
export function charge(accounts: readonly Account[], attributes: Attributes, evaluator: QuotaEvaluator, now: number): readonly Account[] {
  const { object, oldObject } = attributes;
  if (object === undefined) return accounts;
  const concerned = new Set(accounts.filter((account) => concerns(account, evaluator, object)));
  for (const { quota, hard, used } of concerned) {
    const names = matching(hard, evaluator);
    const missing = evaluator.missing?.(object, names);
    if (missing !== undefined) throw refuse(attributes, `failed quota: ${quota.metadata.name}: ${missing}`);
    if (names.some((name) => !used.has(name))) {
      throw refuse(attributes, `status unknown for quota: ${quota.metadata.name}, resources: ${[...names].sort().join(',')}`);
    }
  }
  const usage = evaluator.usage(object, now);
  const negative = [...usage].filter(([, amount]) => amount.nanos < 0n).map(([name]) => name);
  if (negative.length > 0) throw refuse(attributes, `quota usage is negative for resource(s): ${negative.sort().join(',')}`);
  const before = oldObject === undefined ? new Map<string, Quantity>() : evaluator.usage(oldObject, now);
  const delta = withoutZeros(subtractLists(usage, before));
  if (delta.size === 0) return accounts;
  return accounts.map((account) => (concerned.has(account) ? charged(account, attributes, delta) : account));
}

function matching(hard: ResourceList, evaluator: QuotaEvaluator): string[] {
  return [...hard.keys()].filter((name) => evaluator.matchesResource(name));
}

function concerns({ spec, hard }: Account, evaluator: QuotaEvaluator, object: ApiObject): boolean {
  return matching(hard, evaluator).length > 0 && scopesOf(spec).every((scope) => evaluator.matchesScope(scope, object));
}

function charged(account: Account, attributes: Attributes, delta: ResourceList): Account {
  const requested = maskList(delta, account.hard.keys());
  if (requested.size === 0) return account;
  const used = addLists(account.used, requested);
  const exceeded = exceededBy(maskList(used, requested.keys()), account.hard);
  if (exceeded.length === 0) return { ...account, used };
  const [asked, present, limited] = [requested, account.used, account.hard].map((list) => describeList(maskList(list, exceeded)));
  throw refuse(attributes, `exceeded quota: ${account.quota.metadata.name}, requested: ${asked}, used: ${present}, limited: ${limited}`);
}

/** The quota with the usage of its account. */
export function withUsage({ quota, spec, used }: Account): ApiObject {
  // What did not change stays as it was written.
  const written = spec.status?.used ?? {};
  const before = readList(written);
  const entries = [...used].map(([name, amount]) => [
    name,
    before.get(name)?.nanos === amount.nanos ? written[name] : formatQuantity(amount),
  ]);
  return { ...quota, metadata: { ...quota.metadata }, status: { ...spec.status, used: Object.fromEntries(entries) } };
}
