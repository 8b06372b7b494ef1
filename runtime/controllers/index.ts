import type { Client } from '../client/client.ts';
import { createApiServiceAvailability } from './api-services/api-service-availability.ts';
import { createApiServiceRegistration } from './api-services/api-service-registration.ts';
import { createRemoteDiscovery } from './api-services/remote-discovery.ts';
import { createRemoteOpenApi } from './api-services/remote-openapi.ts';
import type { RemoteServers } from './api-services/remote-servers.ts';
import { createCertificateApprovingController } from './certificates/approving-controller.ts';
import type { AuthorityFiles } from './certificates/authority.ts';
import { createCertificateCleaningController } from './certificates/cleaning-controller.ts';
import { createCertificateSigningController } from './certificates/signing-controller.ts';
import { type ClusterTrust, createClusterAuthenticationTrust } from './cluster-authentication-trust/cluster-authentication-trust.ts';
import { createClusterRoleAggregationController } from './cluster-role-aggregation/cluster-role-aggregation-controller.ts';
import type { Controller, ControllerContext } from './common/context.ts';
import { createDeploymentController } from './deployment/deployment-controller.ts';
import { createDisruptionController } from './disruption/disruption-controller.ts';
import { createEndpointsController } from './endpoints/endpoints-controller.ts';
import { createEndpointSliceController } from './endpointslice/endpoint-slice-controller.ts';
import { createEndpointSliceMirroringController } from './endpointslice/endpoint-slice-mirroring-controller.ts';
import { createFlowSchemaStatus } from './flow-schema-status/flow-schema-status.ts';
import { createGarbageCollector } from './garbage-collector/garbage-collector.ts';
import { createIpAddressRepair } from './ip-address-repair/ip-address-repair.ts';
import { createNamespaceController } from './namespace/namespace-controller.ts';
import { createNodeLifecycleController } from './node-lifecycle/node-lifecycle-controller.ts';
import { createPodGarbageCollector } from './pod-gc/pod-gc-controller.ts';
import { createReplicaSetController, createReplicationController } from './replicaset/replica-set-controller.ts';
import { createResourceQuotaController } from './resource-quota/resource-quota-controller.ts';
import { createRootCaPublisher } from './root-ca/root-ca-publisher.ts';
import { createLegacyTokenCleaner } from './service-account/legacy-token-cleaner.ts';
import { createLegacyTokenTracking } from './service-account/legacy-token-tracking.ts';
import { createServiceAccountController } from './service-account/service-account-controller.ts';
import { createTokensController, type SecretTokenSigner } from './service-account/tokens-controller.ts';
import { createServiceCidrsController } from './service-cidrs/service-cidrs-controller.ts';
import { createTaintEvictionController } from './taint-eviction/taint-eviction-controller.ts';
import { createValidatingAdmissionPolicyStatus } from './validating-admission-policy-status/validating-admission-policy-status.ts';
import { createPvProtectionController } from './volume-protection/pv-protection-controller.ts';
import { createPvcProtectionController } from './volume-protection/pvc-protection-controller.ts';

export type { Controller, ControllerContext } from './common/context.ts';

export interface StartControllersOptions extends ControllerContext {
  /** The cluster's CA in PEM, published in every namespace; left out, it is not. */
  readonly rootCertificate?: string;
  /** Signs the tokens that secrets hold, beside the cluster's CA; left out, secrets get none. */
  readonly secretTokens?: SecretTokenSigner;
  /** Signs requests for certificates; left out, nobody does. */
  readonly signingAuthority?: AuthorityFiles;
  /** Acts as a service account of kube-system; left out, all controllers act as `client` does. */
  readonly clientFor?: (serviceAccount: string) => Client;
  /** Told of a controller that has failed, and does not work any more. */
  readonly onEnded?: (controller: string) => void;
  /** Ends all controllers. */
  readonly signal: AbortSignal;
}

/**
 * Starts every controller and the informers they share. Resolves when all of them have ended after `signal` aborted; one that fails
 * on its own is told to the log and does not take the others along.
 */
export async function startControllers(options: StartControllersOptions): Promise<void> {
  const { signal, rootCertificate, secretTokens, signingAuthority, clientFor, onEnded, ...context } = options;
  const as = (serviceAccount: string): ControllerContext => ({ ...context, signal, client: clientFor?.(serviceAccount) ?? context.client });
  const controllers: Controller[] = [
    createServiceAccountController(as('service-account-controller')),
    ...(rootCertificate === undefined ? [] : [createRootCaPublisher(as('root-ca-cert-publisher'), rootCertificate)]),
    // As upstream, with the manager's own rights: it makes the credentials that the other controllers act with.
    ...(rootCertificate === undefined || secretTokens === undefined
      ? []
      : [createTokensController({ ...context, signal }, secretTokens, rootCertificate)]),
    createLegacyTokenCleaner(as('legacy-service-account-token-cleaner')),
    createResourceQuotaController(as('resourcequota-controller')),
    createClusterRoleAggregationController(as('clusterrole-aggregation-controller')),
    createNamespaceController(as('namespace-controller')),
    createDeploymentController(as('deployment-controller')),
    createReplicaSetController(as('replicaset-controller')),
    createReplicationController(as('replication-controller')),
    createEndpointSliceController(as('endpointslice-controller')),
    createEndpointSliceMirroringController(as('endpointslicemirroring-controller')),
    createEndpointsController(as('endpoint-controller')),
    createNodeLifecycleController(as('node-controller')),
    createTaintEvictionController(as('node-controller')),
    createPodGarbageCollector(as('pod-garbage-collector')),
    createPvcProtectionController(as('pvc-protection-controller')),
    createPvProtectionController(as('pv-protection-controller')),
    createServiceCidrsController(as('service-cidrs-controller')),
    ...(signingAuthority === undefined ? [] : [createCertificateSigningController(as('certificate-controller'), signingAuthority)]),
    createCertificateApprovingController(as('certificate-controller')),
    createCertificateCleaningController(as('certificate-controller')),
    createValidatingAdmissionPolicyStatus(as('validatingadmissionpolicy-status-controller')),
    createDisruptionController(as('disruption-controller')),
    createGarbageCollector(as('generic-garbage-collector')),
  ];
  await runAll(controllers, context, signal, onEnded);
}

export interface StartServerControllersOptions extends ControllerContext {
  /** Who signs the certificates of clients and of front proxies; left out, nobody is told. */
  readonly trust?: ClusterTrust;
  /** The machine that the API server runs on. */
  readonly hostname: string;
  /** The servers behind APIServices. */
  readonly remoteServers: RemoteServers;
  /** Told of each controller that works from now on. */
  readonly onStarted?: (controller: string) => void;
  /** Told of a controller that has failed, and does not work any more. */
  readonly onEnded?: (controller: string) => void;
  /** Ends all controllers. */
  readonly signal: AbortSignal;
}

/** Starts what kube-apiserver looks after itself, with its own rights. Ends as {@link startControllers} does. */
export async function startServerControllers(options: StartServerControllersOptions): Promise<void> {
  const { trust, hostname, remoteServers, onStarted, onEnded, ...context } = options;
  const controllers: readonly Controller[] = [
    createIpAddressRepair(context, hostname),
    createFlowSchemaStatus(context),
    createApiServiceRegistration(context),
    createApiServiceAvailability(context, remoteServers),
    createRemoteDiscovery(context, remoteServers),
    createRemoteOpenApi(context, remoteServers),
    createLegacyTokenTracking(context),
    ...(trust === undefined ? [] : [createClusterAuthenticationTrust(context, trust)]),
  ];
  for (const { name } of controllers) onStarted?.(name);
  await runAll(controllers, context, context.signal, onEnded);
}

async function runAll(
  controllers: readonly Controller[],
  { informers, log }: Pick<ControllerContext, 'informers' | 'log'>,
  signal: AbortSignal,
  onEnded?: (controller: string) => void,
): Promise<void> {
  informers.start(signal);
  await Promise.all(
    controllers.map(async (controller) => {
      try {
        await controller.run(signal);
      } catch (error) {
        if (signal.aborted) return;
        log.error(`${controller.name} has ended`, error);
        onEnded?.(controller.name);
      }
    }),
  );
}
