import type { Pod } from '../../../api/generated/types/core/v1.ts';
import type { KubeObject } from '../../../api/object.ts';
import type { Clock } from '../../../simulation/clock.ts';
import type { Random } from '../../../simulation/random.ts';
import { type ApiObject, arrayAt, copyJson, type Dict, isDict, stringAt } from '../../registry/api-object.ts';
import type { AdmissionContext, AdmissionPlugin, Attributes } from '../admission.ts';
import { refuse } from '../refuse.ts';
import { podOf, specOf } from './pods.ts';
import { forbiddenEphemeralSecret, forbiddenInMirror, forbiddenSecret } from './service-account-references.ts';

const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount';
const volumePrefix = 'kube-api-access-';
const tokenSeconds = 3607;
/** A new namespace gets its default account a moment later; a pod waits this long for it. */
const waits = 10;
const waitMs = 100;

/** Gives every pod a service account and, unless it says otherwise, the account's token. Follows upstream's `ServiceAccount` plugin. */
export function serviceAccount(clock: Clock, random: Random): AdmissionPlugin {
  return {
    name: 'ServiceAccount',
    admit(attributes, context) {
      const pod = podOf(attributes, ['CREATE']);
      if (pod === undefined || isMirror(pod)) return;
      return completePod(pod, attributes, context, clock, random);
    },
    validate(attributes, { reader }) {
      const { object, namespace } = attributes;
      const isAddition = attributes.subresource === 'ephemeralcontainers' && attributes.resource.kind.plural === 'pods';
      const pod = isAddition ? object : podOf(attributes, ['CREATE']);
      if (pod === undefined) return;
      const name = stringAt(pod, 'spec', 'serviceAccountName');
      const account = reader.get('', 'serviceaccounts', namespace, name);
      let why: string | undefined;
      if (isAddition) why = account && forbiddenEphemeralSecret(asPod(pod), account);
      else if (isMirror(pod)) why = forbiddenInMirror(asPod(pod));
      else if (account === undefined) throw missing(attributes, name);
      else why = forbiddenSecret(asPod(pod), account);
      if (why !== undefined) throw refuse(attributes, why);
    },
  };
}

async function completePod(pod: ApiObject, attributes: Attributes, context: AdmissionContext, clock: Clock, random: Random): Promise<void> {
  const spec = specOf(pod);
  const name = stringAt(spec, 'serviceAccountName') || 'default';
  spec.serviceAccountName = name;
  spec.serviceAccount = name;
  const account = await findAccount(clock, context, attributes.namespace, name);
  if (account === undefined) throw missing(attributes, name);
  if ((spec.automountServiceAccountToken ?? account.automountServiceAccountToken) !== false) mountToken(spec, random);
  const secrets = arrayAt(account, 'imagePullSecrets');
  if (arrayAt(spec, 'imagePullSecrets').length === 0 && secrets.length > 0) spec.imagePullSecrets = copyJson(secrets);
}

/** A kubelet's picture of a pod that it has from a file. */
function isMirror(pod: ApiObject): boolean {
  return pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined;
}

// The structure of what is written has been checked against the definition of a pod.
function asPod(object: KubeObject): Pod {
  return object as Pod;
}

async function findAccount(clock: Clock, { reader }: AdmissionContext, namespace: string, name: string): Promise<ApiObject | undefined> {
  for (let attempt = 0; ; attempt++) {
    const account = reader.get('', 'serviceaccounts', namespace, name);
    if (account !== undefined || name !== 'default' || attempt === waits) return account;
    await clock.sleep(waitMs);
  }
}

function missing(attributes: Attributes, name: string): Error {
  const why = `error looking up service account ${attributes.namespace}/${name}: serviceaccount ${JSON.stringify(name)} not found`;
  return refuse(attributes, why);
}

/** Mounts the token into every container that mounts nothing in its place. */
function mountToken(spec: Dict, random: Random): void {
  const volumes = arrayAt(spec, 'volumes');
  const existing = volumes.map((volume) => stringAt(volume, 'name')).find((name) => name.startsWith(volumePrefix));
  const volume = existing ?? volumePrefix + random.suffix(5);
  let mounted = false;
  for (const container of [...arrayAt(spec, 'initContainers'), ...arrayAt(spec, 'containers')].filter(isDict)) {
    const mounts = arrayAt(container, 'volumeMounts');
    if (mounts.some((mount) => stringAt(mount, 'mountPath') === mountPath)) continue;
    container.volumeMounts = [...mounts, { name: volume, readOnly: true, mountPath }];
    mounted = true;
  }
  if (mounted && existing === undefined) spec.volumes = [...volumes, tokenVolume(volume)];
}

function tokenVolume(name: string): Dict {
  return {
    name,
    projected: {
      sources: [
        { serviceAccountToken: { expirationSeconds: tokenSeconds, path: 'token' } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        { downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] } },
      ],
      defaultMode: 420,
    },
  };
}
