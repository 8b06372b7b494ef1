import type { TokenRequest } from '../api/generated/types/authentication/v1.ts';
import type { Pod } from '../api/generated/types/core/v1.ts';
import type { KubeObject } from '../api/object.ts';
import { type Client, ifFound, isReason, type ResourceRef } from '../client/client.ts';
import { configMaps, persistentVolumeClaims, persistentVolumes, secrets, serviceAccounts } from '../client/resources.ts';
import type { Clock } from '../simulation/clock.ts';
import type { VolumeObjects } from '../volumes/driver.ts';

/** How long an object that was read is taken to be current. */
const timeToLive = 60_000;
/** The share of a token's life after which a new one is asked for. */
const tokenRefresh = 0.8;

/** Reads what pods refer to, each object at most once a minute; what is missing is asked for every time. */
export function createObjectSource(client: Client, clock: Clock): VolumeObjects {
  const cached = <T extends KubeObject>(ref: ResourceRef<T>) => {
    const entries = new Map<string, { readonly until: number; readonly object: Promise<T | undefined> }>();
    return (namespace: string | undefined, name: string): Promise<T | undefined> => {
      const key = `${namespace ?? ''}/${name}`;
      const known = entries.get(key);
      if (known !== undefined && known.until > clock.now()) return known.object;
      const forget = () => {
        if (entries.get(key)?.object === object) entries.delete(key);
      };
      const object = client
        .resource(ref)
        .get(name, namespace)
        .catch((error: unknown) => {
          forget();
          if (isReason(error, 'NotFound')) return undefined;
          throw error;
        });
      entries.set(key, { until: clock.now() + timeToLive, object });
      return object;
    };
  };
  const configMap = cached(configMaps);
  const secret = cached(secrets);
  const tokens = new Map<string, { readonly until: number; readonly token: string }>();
  return {
    configMap,
    secret,
    async persistentVolumeClaim(namespace, name) {
      return ifFound(client.resource(persistentVolumeClaims).get(name, namespace));
    },
    async persistentVolume(name) {
      return ifFound(client.resource(persistentVolumes).get(name));
    },
    async serviceAccountToken(pod: Pod, audience, expirationSeconds) {
      const { name = '', namespace, uid = '' } = pod.metadata ?? {};
      const key = `${uid}/${audience ?? ''}/${expirationSeconds}`;
      const known = tokens.get(key);
      if (known !== undefined && known.until > clock.now()) return known.token;
      for (const [other, { until }] of tokens) if (until <= clock.now()) tokens.delete(other);
      const account = pod.spec?.serviceAccountName ?? 'default';
      const answer = await client.resource(serviceAccounts).createSubresource<TokenRequest, TokenRequest>(account, namespace, 'token', {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        spec: {
          audiences: audience === undefined ? [] : [audience],
          expirationSeconds,
          boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, uid },
        },
      });
      const token = answer.status?.token ?? '';
      tokens.set(key, { until: clock.now() + expirationSeconds * 1_000 * tokenRefresh, token });
      return token;
    },
  };
}
