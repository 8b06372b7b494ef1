import type { Controller, ControllerContext } from './common/context.ts';
import { createDeploymentController } from './deployment/deployment-controller.ts';
import { createEndpointsController } from './endpoints/endpoints-controller.ts';
import { createEndpointSliceController } from './endpointslice/endpoint-slice-controller.ts';
import { createEndpointSliceMirroringController } from './endpointslice/endpoint-slice-mirroring-controller.ts';
import { createGarbageCollector } from './garbage-collector/garbage-collector.ts';
import { createNamespaceController } from './namespace/namespace-controller.ts';
import { createNodeLifecycleController } from './node-lifecycle/node-lifecycle-controller.ts';
import { createPodGarbageCollector } from './pod-gc/pod-gc-controller.ts';
import { createReplicaSetController, createReplicationController } from './replicaset/replica-set-controller.ts';
import { createResourceQuotaController } from './resource-quota/resource-quota-controller.ts';
import { createRootCaPublisher } from './root-ca/root-ca-publisher.ts';
import { createServiceAccountController } from './service-account/service-account-controller.ts';
import { createTaintEvictionController } from './taint-eviction/taint-eviction-controller.ts';

export type { Controller, ControllerContext } from './common/context.ts';

export interface StartControllersOptions extends ControllerContext {
  /** The cluster's CA in PEM, published in every namespace; left out, it is not. */
  readonly rootCertificate?: string;
  /** Ends all controllers. */
  readonly signal: AbortSignal;
}

/**
 * Starts every controller and the informers they share. Resolves when all of them have ended after `signal` aborted; one that fails
 * on its own is told to the log and does not take the others along.
 */
export async function startControllers({ signal, rootCertificate, ...context }: StartControllersOptions): Promise<void> {
  const controllers: Controller[] = [
    createServiceAccountController(context),
    ...(rootCertificate === undefined ? [] : [createRootCaPublisher(context, rootCertificate)]),
    createResourceQuotaController(context),
    createNamespaceController(context),
    createDeploymentController(context),
    createReplicaSetController(context),
    createReplicationController(context),
    createEndpointSliceController(context),
    createEndpointSliceMirroringController(context),
    createEndpointsController(context),
    createNodeLifecycleController(context),
    createTaintEvictionController(context),
    createPodGarbageCollector(context),
    createGarbageCollector(context),
  ];
  context.informers.start(signal);
  await Promise.all(
    controllers.map(async (controller) => {
      try {
        await controller.run(signal);
      } catch (error) {
        if (!signal.aborted) context.log.error(`${controller.name} has ended`, error);
      }
    }),
  );
}
