import { jsonEqual } from '../../api/equality.ts';
import { isReason } from '../../client/client.ts';
import { runController } from '../../client/controller.ts';
import { configMaps } from '../../client/resources.ts';
import { type Controller, type ControllerContext, queueFor } from '../common/context.ts';

const name = 'cluster_authentication_trust_controller';
const namespace = 'kube-system';
const configMap = 'extension-apiserver-authentication';

/** Whose certificates the API server trusts, in PEM. */
export interface ClusterTrust {
  /** Signs the certificates of clients. */
  readonly clientCa: string;
  /** Signs the certificates of those who may say in headers whose request it is. */
  readonly frontProxyCa: string;
}

/** Lists of the ConfigMap, as kubeadm sets the flags of kube-apiserver. */
const lists: Readonly<Record<string, readonly string[]>> = {
  'requestheader-username-headers': ['X-Remote-User'],
  'requestheader-uid-headers': ['X-Remote-Uid'],
  'requestheader-group-headers': ['X-Remote-Group'],
  'requestheader-extra-headers-prefix': ['X-Remote-Extra-'],
  'requestheader-allowed-names': ['front-proxy-client'],
};

/**
 * Tells servers that extend the API which clients they can trust, in a ConfigMap of kube-system, after
 * `pkg/controlplane/controller/clusterauthenticationtrust`. Who else is trusted there stays so; keys of others go.
 */
export function createClusterAuthenticationTrust(context: ControllerContext, trust: ClusterTrust): Controller {
  const { client, informers, log } = context;
  const informer = informers.for(configMaps, { namespace, fieldSelector: `metadata.name=${configMap}` });
  const resource = client.resource(configMaps);
  const queue = queueFor(context, name);
  const changed = () => queue.add(configMap);
  informer.on({ updated: changed, deleted: changed });
  changed();

  const reconcile = async () => {
    const current = informer.lister.get(namespace, configMap);
    const data = combined(current?.data ?? {}, trust);
    if (jsonEqual(data, current?.data)) return;
    try {
      if (current === undefined) await resource.create({ metadata: { name: configMap, namespace }, data });
      else await resource.update({ ...current, data });
    } catch (error) {
      if (!isReason(error, 'AlreadyExists')) throw error;
    }
  };

  return {
    name,
    async run(signal) {
      await informer.synced();
      await runController({ name, queue, workers: 1, reconcile, signal, log });
    },
  };
}

/** Upstream: `combinedClusterAuthenticationInfo`. Throws for a list that cannot be read. */
function combined(data: Readonly<Record<string, string>>, { clientCa, frontProxyCa }: ClusterTrust): Record<string, string> {
  const withOwn = (key: string, own: readonly string[]) => {
    const listed: string[] = data[key] ? JSON.parse(data[key]) : [];
    return [key, JSON.stringify([...new Set([...listed, ...own])])];
  };
  return {
    'client-ca-file': withCertificate(data['client-ca-file'], clientCa),
    'requestheader-client-ca-file': withCertificate(data['requestheader-client-ca-file'], frontProxyCa),
    ...Object.fromEntries(Object.entries(lists).map(([key, own]) => withOwn(key, own))),
  };
}

function withCertificate(trusted = '', certificate: string): string {
  if (trusted.includes(certificate.trim())) return trusted;
  return trusted === '' ? certificate : `${trusted.trimEnd()}\n${certificate}`;
}
