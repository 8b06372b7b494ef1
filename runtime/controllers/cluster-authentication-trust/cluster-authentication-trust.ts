import { isReason } from '../../client/client.ts';
import { runController } from '../../client/controller.ts';
import { configMaps } from '../../client/resources.ts';
import { type Controller, type ControllerContext, queueFor } from '../common/context.ts';

const name = 'cluster_authentication_trust_controller';
const namespace = 'kube-system';
const configMap = 'extension-apiserver-authentication';
const clientCaKey = 'client-ca-file';

/**
 * Tells servers that extend the API which clients they can trust, in a ConfigMap of kube-system, after
 * `pkg/controlplane/controller/clusterauthenticationtrust`. What others have put there stays.
 * @param clientCa who signs the certificates of clients, in PEM
 */
export function createClusterAuthenticationTrust(context: ControllerContext, clientCa: string): Controller {
  const { client, informers, log } = context;
  const informer = informers.for(configMaps, { namespace, fieldSelector: `metadata.name=${configMap}` });
  const resource = client.resource(configMaps);
  const queue = queueFor(context, name);
  const changed = () => queue.add(configMap);
  informer.on({ updated: changed, deleted: changed });
  changed();

  const reconcile = async () => {
    const current = informer.lister.get(namespace, configMap);
    const trusted = current?.data?.[clientCaKey] ?? '';
    if (trusted.includes(clientCa.trim())) return;
    const data = { ...current?.data, [clientCaKey]: trusted === '' ? clientCa : `${trusted.trimEnd()}\n${clientCa}` };
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
