import { isReason } from '../../client/client.ts';
import { serviceAccounts } from '../../client/resources.ts';
import type { Controller, ControllerContext } from '../common/context.ts';
import { createPerNamespaceController } from '../common/per-namespace.ts';

const account = 'default';

/** Keeps a ServiceAccount `default` in every namespace, after `pkg/controller/serviceaccount` of Kubernetes. */
export function createServiceAccountController(context: ControllerContext): Controller {
  const informer = context.informers.for(serviceAccounts);
  const resource = context.client.resource(serviceAccounts);
  return createPerNamespaceController(context, {
    name: 'serviceaccount-controller',
    informer,
    objectName: account,
    async ensure(namespace) {
      if (informer.lister.get(namespace, account) !== undefined) return;
      try {
        await resource.create({ metadata: { name: account, namespace } });
      } catch (error) {
        if (!isReason(error, 'AlreadyExists')) throw error;
      }
    },
  });
}
