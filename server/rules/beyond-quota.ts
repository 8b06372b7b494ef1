import { t } from '@vscode/l10n';
import { compareQuantities, formatQuantity, quantityOf, tryParseQuantity } from '../../runtime/api/quantity.ts';
import type { ObjectFacts } from '../index/facts.ts';
import type { Found } from '../index/found.ts';
import { asked, totalOf } from './quantities.ts';
import type { Finding, Rule, Subject } from './rule.ts';
import { objectLacks } from './shapes.ts';

/** Workloads that a ResourceQuota of their namespace has no room for, or whose containers do not say what it counts. */
export const beyondQuota: Rule = {
  id: 'beyond-quota',
  title: 'Workload beyond the quota of its namespace',
  why: 'The API server refuses the pods; of a workload it is seen only in its events.',
  severity: 'warning',
  scope: 'workspace',
  check(subject) {
    const { facts, index, pod } = subject;
    if (!pod || subject.containers.length === 0) return [];
    return index.objects('ResourceQuota', facts.namespace).flatMap((quota) => [...unsaid(subject, quota), ...tooMuch(subject, quota)]);
  },
};

/** `cpu` counts requests as `requests.cpu` does. */
function counted(key: string): { sort: 'requests' | 'limits'; resource: string } | undefined {
  const [, sort = 'requests', resource] = /^(?:(requests|limits)\.)?(cpu|memory|ephemeral-storage)$/.exec(key) ?? [];
  return resource === undefined ? undefined : { sort: sort === 'limits' ? 'limits' : 'requests', resource };
}

/** Of what a quota counts of cpu and memory every container must say something, itself or by a LimitRange. */
function unsaid({ facts, index, containers }: Subject, { what }: Found<ObjectFacts>): Finding[] {
  const defaulted = new Set(
    index
      .objects('LimitRange', facts.namespace)
      .flatMap(({ what: { limits = [] } }) => limits)
      .filter(({ type }) => type === 'Container')
      .flatMap((range) => range.defaulted),
  );
  return containers.flatMap((container) => {
    const missing = Object.keys(what.quota ?? {}).filter((key) => {
      const count = counted(key);
      if (!count || count.resource === 'ephemeral-storage' || defaulted.has(count.resource)) return false;
      return !asked(container, count.sort, count.resource).exists;
    });
    const name = container.get('name');
    if (missing.length === 0 || name.text === undefined) return [];
    return [{ at: name, message: missing.map((key) => `failed quota: ${what.name}: must specify ${key} for: ${name.text}`).join('; ') }];
  });
}

function tooMuch({ object, facts, pod }: Subject, { what }: Found<ObjectFacts>): Finding[] {
  // What runs before the others does not run beside them; of a DaemonSet it is not known on how many nodes.
  const containers = pod?.get('spec', 'containers').items() ?? [];
  const pods = facts.kind === 'DaemonSet' ? 1 : (facts.replicas ?? 1);
  return Object.entries(what.quota ?? {}).flatMap(([key, text]) => {
    const count = counted(key);
    const hard = tryParseQuantity(text);
    const amounts = count ? containers.map((container) => asked(container, count.sort, count.resource)) : [];
    const total = count ? totalOf(amounts, pods) : key === 'pods' ? quantityOf(pods) : undefined;
    if (!hard || !total || compareQuantities(total, hard) <= 0) return [];
    const message = t(
      'Quota "{0}" allows {1}, and {2} of this ask for {3}',
      what.name,
      `${key}=${text}`,
      told(pods),
      formatQuantity(total),
    );
    const [one] = amounts;
    const replicas = object.get('spec', 'replicas');
    if (pods > 1 && replicas.exists) return [{ at: replicas, message }];
    return [one?.exists ? { at: one, message } : objectLacks(object, message)];
  });
}

function told(pods: number): string {
  return pods === 1 ? t('one pod') : t('{0} pods', pods);
}
