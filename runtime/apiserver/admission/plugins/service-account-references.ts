import type { Container, EphemeralContainer, Pod } from '../../../api/generated/types/core/v1.ts';
import { type ApiObject, arrayAt, stringAt } from '../../registry/api-object.ts';

const enforceAnnotation = 'kubernetes.io/enforce-mountable-secrets';
const yes: ReadonlySet<string> = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);

function isEnforced(account: ApiObject): boolean {
  return yes.has(account.metadata.annotations?.[enforceAnnotation] ?? '');
}

function names(account: ApiObject, list: 'secrets' | 'imagePullSecrets'): ReadonlySet<string> {
  return new Set(arrayAt(account, list).map((reference) => stringAt(reference, 'name')));
}

function becauseOf(account: ApiObject): string {
  return `is not allowed because service account ${account.metadata.name ?? ''} does not reference that`;
}

function inVariables(
  containers: readonly (Container | EphemeralContainer)[] | undefined,
  what: string,
  account: ApiObject,
): string | undefined {
  const mountable = names(account, 'secrets');
  for (const { name: container, env = [] } of containers ?? []) {
    for (const { name, valueFrom } of env) {
      const secret = valueFrom?.secretKeyRef?.name ?? '';
      if (valueFrom?.secretKeyRef === undefined || mountable.has(secret)) continue;
      return `${what} ${container} with envVar ${name} referencing secret.secretName="${secret}" ${becauseOf(account)} secret`;
    }
  }
  return undefined;
}

/** The same for the containers that are added to a running pod. */
export function forbiddenEphemeralSecret({ spec }: Pod, account: ApiObject): string | undefined {
  return isEnforced(account) ? inVariables(spec?.ephemeralContainers, 'ephemeral container', account) : undefined;
}

/** Why a pod may not refer to a secret that its service account does not list, when the account wants that. Upstream's `limitSecretReferences`. */
export function forbiddenSecret({ spec }: Pod, account: ApiObject): string | undefined {
  if (!isEnforced(account)) return undefined;
  const mountable = names(account, 'secrets');
  const because = becauseOf(account);
  for (const { secret } of spec?.volumes ?? []) {
    const name = secret?.secretName ?? '';
    if (secret !== undefined && !mountable.has(name)) return `volume with secret.secretName="${name}" ${because} secret`;
  }
  const inContainers = inVariables(spec?.initContainers, 'init container', account) ?? inVariables(spec?.containers, 'container', account);
  if (inContainers !== undefined) return inContainers;
  const pullable = names(account, 'imagePullSecrets');
  const index = (spec?.imagePullSecrets ?? []).findIndex(({ name }) => !pullable.has(name ?? ''));
  if (index < 0) return undefined;
  return `imagePullSecrets[${index}].name="${spec?.imagePullSecrets?.[index]?.name ?? ''}" ${because} imagePullSecret`;
}

/** What a mirror pod, which a kubelet makes of a file, refers to and may not. */
export function forbiddenInMirror({ spec }: Pod): string | undefined {
  if (spec?.serviceAccountName) return 'a mirror pod may not reference service accounts';
  const all = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
  const secrets =
    (spec?.imagePullSecrets ?? []).length > 0 ||
    all.some(
      ({ env = [], envFrom = [] }) =>
        env.some(({ valueFrom }) => valueFrom?.secretKeyRef !== undefined) || envFrom.some(({ secretRef }) => secretRef !== undefined),
    ) ||
    (spec?.volumes ?? []).some(({ secret, projected }) => secret !== undefined || projected?.sources?.some((source) => source.secret));
  if (secrets) return 'a mirror pod may not reference secrets';
  const tokens = (spec?.volumes ?? []).some(({ projected }) => projected?.sources?.some((source) => source.serviceAccountToken));
  return tokens ? 'a mirror pod may not use ServiceAccountToken volume projections' : undefined;
}
