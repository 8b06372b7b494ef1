import { persistentVolumes } from '../../client/resources.ts';
import { type Controller, type ControllerContext, queueFor } from '../common/context.ts';
import { createProtectionController } from './protection.ts';

/** Keeps volumes as long as they are bound to a claim; after `pkg/controller/volume/pvprotection` of Kubernetes. */
export function createPvProtectionController(context: ControllerContext): Controller {
  return createProtectionController(context, {
    name: 'persistentvolume-protection-controller',
    ref: persistentVolumes,
    finalizer: 'kubernetes.io/pv-protection',
    queue: queueFor(context, 'pvprotection'),
    synced: () => Promise.resolve(),
    isUsed: ({ status }) => status?.phase === 'Bound',
  });
}
