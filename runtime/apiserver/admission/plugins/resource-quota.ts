import { evaluatorOf, type QuotaEvaluator } from '../../../api/quota/index.ts';
import { conflict, optimisticLockMessage } from '../../../api/status.ts';
import type { Clock } from '../../../simulation/clock.ts';
import type { AdmissionContext, AdmissionPlugin, Attributes } from '../admission.ts';
import { type Account, accountOf, charge, withUsage } from '../quota/charge.ts';

const quotas = { group: '', resource: 'resourcequotas' };
/** How often a charge is tried again when the quotas change under it. */
const maxAttempts = 20;

/** Writes that never count: events, and reviews that are not stored. */
const ignored: ReadonlySet<string> = new Set([
  'events.',
  'events.events.k8s.io',
  'bindings.',
  'localsubjectaccessreviews.authorization.k8s.io',
]);

interface Waiting {
  readonly attributes: Attributes;
  readonly evaluator: QuotaEvaluator;
  readonly settle: (error?: unknown) => void;
}

/** Refuses what would exceed a quota of the namespace, and charges what it lets through. Follows upstream's `ResourceQuota`. */
export function resourceQuota(clock: Clock): AdmissionPlugin {
  /** Writes that wait for the quotas of their namespace. */
  const lines = new Map<string, Waiting[]>();
  return {
    name: 'ResourceQuota',
    validate(attributes, context) {
      const { resource, namespace } = attributes;
      const { group, plural, namespaced } = resource.kind;
      if (!namespaced || namespace === '' || ignored.has(`${plural}.${group}`)) return;
      const evaluator = evaluatorOf(group, plural);
      if (!evaluator.handles(attributes) || context.reader.list('', 'resourcequotas', namespace).length === 0) return;
      return new Promise((resolve, reject) => {
        const settle = (error?: unknown) => (error === undefined ? resolve() : reject(error));
        const line = lines.get(namespace);
        if (line !== undefined) {
          line.push({ attributes, evaluator, settle });
          return;
        }
        const opened: Waiting[] = [{ attributes, evaluator, settle }];
        lines.set(namespace, opened);
        void serve(opened, namespace, context, clock).finally(() => lines.delete(namespace));
      });
    },
  };
}

/** Works off a namespace's line. Writes that wait together are charged one after the other and written together. */
async function serve(line: Waiting[], namespace: string, context: AdmissionContext, clock: Clock): Promise<void> {
  while (line.length > 0) {
    const batch = line.splice(0);
    try {
      const outcomes = await chargeAll(batch, namespace, context, clock);
      for (const [index, { settle }] of batch.entries()) settle(outcomes[index]);
    } catch (error) {
      for (const { settle } of batch) settle(error);
    }
  }
}

/** Gives for each write why it is refused, or nothing. Throws when the usage cannot be written. */
async function chargeAll(
  batch: readonly Waiting[],
  namespace: string,
  { reader, writer }: AdmissionContext,
  clock: Clock,
): Promise<readonly unknown[]> {
  for (let attempt = 1; ; attempt++) {
    const before = reader.list('', 'resourcequotas', namespace).map(accountOf);
    let accounts: readonly Account[] = before;
    const outcomes = batch.map(({ attributes, evaluator }) => {
      try {
        const after = charge(accounts, attributes, evaluator, clock.now());
        if (!attributes.dryRun) accounts = after;
        return undefined;
      } catch (error) {
        return error;
      }
    });
    const changed = accounts.filter((account, index) => account !== before[index]);
    if (changed.length === 0) return outcomes;
    const replacements = changed.map((account) => ({ old: account.quota, object: withUsage(account) }));
    if (await writer.replaceStatus('', 'resourcequotas', replacements)) return outcomes;
    if (attempt === maxAttempts) throw conflict(quotas, changed[0]?.quota.metadata.name ?? '', optimisticLockMessage);
  }
}
