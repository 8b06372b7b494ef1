import type { Secret, ServiceAccount } from '../../api/generated/types/core/v1.ts';
import { podSecrets } from '../../api/pod-secrets.ts';
import { ifFound, isReason } from '../../client/client.ts';
import { nameOf } from '../../client/object-key.ts';
import { configMaps, pods, secrets, serviceAccounts } from '../../client/resources.ts';
import type { Controller, ControllerContext } from '../common/context.ts';
import { dayOf, endOfDay, invalidSinceLabel, lastUsedLabel, startOfDay, trackedSince, trackingConfigMap } from './legacy-tokens.ts';

const name = 'legacy-serviceaccount-token-cleaner-controller';
const dayLength = 24 * 60 * 60_000;
const period = dayLength;
/** How long a token may lie unused, in milliseconds. Upstream: `--legacy-service-account-token-clean-up-period`. */
const unusedLifetime = 365 * dayLength;

/**
 * Looks every day for secrets with tokens that were made for an account, listed there, and neither used for a year nor mounted by a pod: their
 * tokens are said to be invalid, and after another year the secrets are deleted. After `legacy_serviceaccount_token_cleaner.go`.
 */
export function createLegacyTokenCleaner({ client, informers, clock, log }: ControllerContext): Controller {
  const accountInformer = informers.for(serviceAccounts);
  const secretInformer = informers.for(secrets);
  const podInformer = informers.for(pods);
  const resource = client.resource(secrets);

  /** When the first day was over of which every use is known, in milliseconds. */
  const trackedFrom = async (): Promise<number | undefined> => {
    const configMap = await ifFound(client.resource(configMaps).get(trackingConfigMap, 'kube-system'));
    return endOfDay(configMap?.data?.[trackedSince] ?? '');
  };

  /** The account that lists the secret as its own; `undefined` when nobody knows who made it. */
  const accountOf = ({ metadata }: Secret): ServiceAccount | undefined => {
    const annotations = metadata?.annotations ?? {};
    const account = accountInformer.lister.get(metadata?.namespace, annotations['kubernetes.io/service-account.name'] ?? '');
    const uid = annotations['kubernetes.io/service-account.uid'];
    if (uid && uid !== account?.metadata?.uid) return undefined;
    return account?.secrets?.some((reference) => reference.name === metadata?.name) ? account : undefined;
  };

  const clean = async (secret: Secret, now: number, mounted: (namespace: string) => ReadonlySet<string>): Promise<void> => {
    const { namespace = '', labels = {}, creationTimestamp = '', resourceVersion = '', uid = '' } = secret.metadata ?? {};
    const secretName = nameOf(secret);
    const oldest = now - unusedLifetime;
    if (secret.type !== 'kubernetes.io/service-account-token' || secret.metadata?.deletionTimestamp !== undefined) return;
    if (Date.parse(creationTimestamp) >= oldest) return;
    const lastUsed = labels[lastUsedLabel];
    if (lastUsed !== undefined && (startOfDay(lastUsed) === undefined || lastUsed >= dayOf(oldest))) return;
    if (accountOf(secret) === undefined || mounted(namespace).has(secretName)) return;
    const invalidSince = labels[invalidSinceLabel] ?? '';
    if (startOfDay(invalidSince) === undefined) {
      const body = { metadata: { uid, labels: { [invalidSinceLabel]: dayOf(now) } } };
      await resource.patch(secretName, namespace, { type: 'merge', body });
    } else if (invalidSince < dayOf(oldest)) {
      await resource.delete(secretName, namespace, { preconditions: { resourceVersion } });
    }
  };

  const cleanAll = async (signal: AbortSignal): Promise<void> => {
    const now = clock.now();
    const since = await trackedFrom();
    if (since === undefined || now < since + unusedLifetime) return;
    const known = new Map<string, ReadonlySet<string>>();
    const mounted = (namespace: string): ReadonlySet<string> => {
      const found =
        known.get(namespace) ?? new Set(podInformer.lister.list(namespace).flatMap(({ spec }) => (spec ? [...podSecrets(spec)] : [])));
      known.set(namespace, found);
      return found;
    };
    for (const secret of secretInformer.lister.list()) {
      if (signal.aborted) return;
      try {
        await clean(secret, now, mounted);
      } catch (error) {
        if (signal.aborted) return;
        if (!isReason(error, 'NotFound') && !isReason(error, 'Conflict')) log.warn(`${name}: ${nameOf(secret)}`, error);
      }
    }
  };

  return {
    name,
    async run(signal) {
      await Promise.all([accountInformer.synced(), secretInformer.synced(), podInformer.synced()]);
      while (!signal.aborted) {
        try {
          await cleanAll(signal);
        } catch (error) {
          if (!signal.aborted) log.warn(name, error);
        }
        await clock.sleep(period, signal);
      }
    },
  };
}
