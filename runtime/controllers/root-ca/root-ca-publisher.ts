import { jsonEqual } from '../../api/equality.ts';
import { isReason } from '../../client/client.ts';
import { configMaps } from '../../client/resources.ts';
import type { Controller, ControllerContext } from '../common/context.ts';
import { createPerNamespaceController } from '../common/per-namespace.ts';

const configMap = 'kube-root-ca.crt';
const descriptionAnnotation = 'kubernetes.io/description';
const description =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

/**
 * Keeps the cluster's CA in every namespace, where pods find it, after `pkg/controller/certificates/rootcacertpublisher` of Kubernetes.
 * @param rootCa certificates in PEM
 */
export function createRootCaPublisher(context: ControllerContext, rootCa: string): Controller {
  const informer = context.informers.for(configMaps, { fieldSelector: `metadata.name=${configMap}` });
  const resource = context.client.resource(configMaps);
  const data = { 'ca.crt': rootCa };
  return createPerNamespaceController(context, {
    name: 'root-ca-certificate-publisher-controller',
    informer,
    objectName: configMap,
    async ensure(namespace) {
      const current = informer.lister.get(namespace, configMap);
      if (current === undefined) {
        try {
          await resource.create({ metadata: { name: configMap, namespace, annotations: { [descriptionAnnotation]: description } }, data });
        } catch (error) {
          if (!isReason(error, 'AlreadyExists')) throw error;
        }
        return;
      }
      const { annotations } = current.metadata ?? {};
      if (jsonEqual(current.data, data) && annotations?.[descriptionAnnotation] === description) return;
      await resource.update({
        ...current,
        metadata: { ...current.metadata, annotations: { ...annotations, [descriptionAnnotation]: description } },
        data,
      });
    },
  });
}
