import { isScalar } from 'yaml';
import { type Migration, mapOf, pairOf, put, take } from './migration.ts';

/** Deployments and their like from `extensions` and the betas to `apps/v1`: the selector is no longer made from the labels. */
export function migrateWorkload(migration: Migration): void {
  const spec = migration.mapAt(migration.object, 'spec');
  if (!spec) return;
  migration.remove(spec, 'rollbackTo');
  migration.remove(spec, 'templateGeneration');
  const labels = migration.mapAt(spec, 'template', 'metadata', 'labels');
  if (labels && !pairOf(spec, 'selector')) migration.add(spec, { selector: { matchLabels: migration.valueOf(labels) } }, 'template');
}

/** Webhooks from `admissionregistration.k8s.io/v1beta1` to `v1`: what the older version meant where nothing was said is written out. */
export function migrateWebhooks(migration: Migration): void {
  const before = { admissionReviewVersions: ['v1beta1'], failurePolicy: 'Ignore', matchPolicy: 'Exact', timeoutSeconds: 30 };
  for (const webhook of migration.mapsAt(migration.object, 'webhooks')) {
    const missing = Object.entries(before).filter(([name]) => !pairOf(webhook, name));
    // Behind the name, where people look for what a webhook is.
    const second = webhook.items[1]?.key;
    if (missing.length > 0) migration.add(webhook, Object.fromEntries(missing), isScalar(second) ? String(second.value) : undefined);
  }
}

/** Endpoints of `discovery.k8s.io/v1beta1` to `v1`: the node and the zone have fields of their own. */
export function migrateEndpoints(migration: Migration): void {
  for (const endpoint of migration.mapsAt(migration.object, 'endpoints')) {
    const topology = migration.mapAt(endpoint, 'topology');
    if (!topology) continue;
    migration.rewrite(endpoint);
    const node = take(topology, 'kubernetes.io/hostname', 'nodeName');
    const zone = take(topology, 'topology.kubernetes.io/zone', 'zone');
    take(endpoint, 'topology');
    for (const pair of [pairOf(endpoint, 'nodeName') ? undefined : node, zone]) if (pair) endpoint.items.push(pair);
    put(endpoint, 'deprecatedTopology', mapOf(topology.items));
  }
}

/** Priority levels of the older betas: shares are now called nominal. */
export function migrateShares(migration: Migration): void {
  const limited = migration.mapAt(migration.object, 'spec', 'limited');
  migration.rename(limited, 'assuredConcurrencyShares', 'nominalConcurrencyShares');
}
