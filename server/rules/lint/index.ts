import type { Rule } from '../rule.ts';
import { addedCapabilities } from './added-capabilities.ts';
import { antiAffinity } from './anti-affinity.ts';
import { automountToken } from './automount-token.ts';
import { autoscalerRange } from './autoscaler-range.ts';
import { barePod } from './bare-pod.ts';
import { budgetWithoutPolicy } from './budget-without-policy.ts';
import { clusterAdmin } from './cluster-admin.ts';
import { contactAnnotation } from './contact-annotation.ts';
import { cpuLimit } from './cpu-limit.ts';
import { cpuRequest } from './cpu-request.ts';
import { cronConcurrency } from './cron-concurrency.ts';
import { cronDeadline } from './cron-deadline.ts';
import { defaultNamespace } from './default-namespace.ts';
import { defaultServiceAccount } from './default-service-account.ts';
import { deprecatedServiceAccount } from './deprecated-service-account.ts';
import { dnsOptions } from './dns-options.ts';
import { dockerSocket } from './docker-socket.ts';
import { dropCapabilities } from './drop-capabilities.ts';
import { duplicateEnv } from './duplicate-env.ts';
import { environmentLabel } from './environment-label.ts';
import { ephemeralStorage } from './ephemeral-storage.ts';
import { equalLimits } from './equal-limits.ts';
import { escalatingRole } from './escalating-role.ts';
import { exposedSecret } from './exposed-secret.ts';
import { exposedService } from './exposed-service.ts';
import { fewReplicas } from './few-replicas.ts';
import { hostIpc } from './host-ipc.ts';
import { hostNetwork } from './host-network.ts';
import { hostPath } from './host-path.ts';
import { hostPid } from './host-pid.ts';
import { hostPort } from './host-port.ts';
import { hostProcess } from './host-process.ts';
import { identicalProbes } from './identical-probes.ts';
import { imageDigest } from './image-digest.ts';
import { imagePullPolicy } from './image-pull-policy.ts';
import { ingressTls } from './ingress-tls.ts';
import { instanceLabel } from './instance-label.ts';
import { jobCleanup } from './job-cleanup.ts';
import { kernelConfinement } from './kernel-confinement.ts';
import { latestImage } from './latest-image.ts';
import { livenessProbe } from './liveness-probe.ts';
import { lowGroupId } from './low-group-id.ts';
import { lowUserId } from './low-user-id.ts';
import { memoryLimit } from './memory-limit.ts';
import { memoryRequest } from './memory-request.ts';
import { mountPropagation } from './mount-propagation.ts';
import { nodeAffinity } from './node-affinity.ts';
import { ownerLabel } from './owner-label.ts';
import { podCreation } from './pod-creation.ts';
import { podExec } from './pod-exec.ts';
import { podIsolation } from './pod-isolation.ts';
import { preStop } from './pre-stop.ts';
import { priorityClass } from './priority-class.ts';
import { privilegeEscalation } from './privilege-escalation.ts';
import { privilegedContainer } from './privileged-container.ts';
import { privilegedPort } from './privileged-port.ts';
import { privilegedScc } from './privileged-scc.ts';
import { readOnlyRoot } from './read-only-root.ts';
import { readinessProbe } from './readiness-probe.ts';
import { recommendedLabels } from './recommended-labels.ts';
import { restartPolicy } from './restart-policy.ts';
import { rootGroup } from './root-group.ts';
import { runAsNonRoot } from './run-as-non-root.ts';
import { seccompProfile } from './seccomp-profile.ts';
import { secretAccess } from './secret-access.ts';
import { secretFromEnv } from './secret-from-env.ts';
import { secretInEnv } from './secret-in-env.ts';
import { sensitiveConfigMap } from './sensitive-config-map.ts';
import { sensitiveHostPath } from './sensitive-host-path.ts';
import { sortedKeys } from './sorted-keys.ts';
import { sshPort } from './ssh-port.ts';
import { systemMasters } from './system-masters.ts';
import { topologySpread } from './topology-spread.ts';
import { unhealthyEviction } from './unhealthy-eviction.ts';
import { unmaskedProc } from './unmasked-proc.ts';
import { unsafeSysctls } from './unsafe-sysctls.ts';
import { updateStrategy } from './update-strategy.ts';
import { wildcardHost } from './wildcard-host.ts';
import { wildcardRole } from './wildcard-role.ts';
import { workloadBudget } from './workload-budget.ts';
import { writableHostPath } from './writable-host-path.ts';

/** Rules about one object or what it lacks: what is certainly wrong is a warning, what is seldom meant a hint, and matters of opinion are off. */
export const lintRules: readonly Rule[] = [
  latestImage,
  imageDigest,
  imagePullPolicy,
  duplicateEnv,
  secretInEnv,
  secretFromEnv,
  sensitiveConfigMap,
  exposedSecret,
  cpuRequest,
  memoryRequest,
  memoryLimit,
  cpuLimit,
  ephemeralStorage,
  equalLimits,
  livenessProbe,
  readinessProbe,
  identicalProbes,
  preStop,
  privilegedContainer,
  privilegeEscalation,
  runAsNonRoot,
  lowUserId,
  lowGroupId,
  rootGroup,
  readOnlyRoot,
  dropCapabilities,
  addedCapabilities,
  seccompProfile,
  kernelConfinement,
  unmaskedProc,
  hostNetwork,
  hostPid,
  hostIpc,
  hostProcess,
  hostPort,
  dockerSocket,
  sensitiveHostPath,
  hostPath,
  writableHostPath,
  mountPropagation,
  unsafeSysctls,
  sshPort,
  privilegedPort,
  automountToken,
  defaultServiceAccount,
  deprecatedServiceAccount,
  fewReplicas,
  antiAffinity,
  topologySpread,
  nodeAffinity,
  updateStrategy,
  restartPolicy,
  barePod,
  jobCleanup,
  cronDeadline,
  cronConcurrency,
  autoscalerRange,
  unhealthyEviction,
  budgetWithoutPolicy,
  exposedService,
  wildcardHost,
  ingressTls,
  wildcardRole,
  clusterAdmin,
  secretAccess,
  podCreation,
  podExec,
  escalatingRole,
  systemMasters,
  privilegedScc,
  defaultNamespace,
  ownerLabel,
  recommendedLabels,
  instanceLabel,
  environmentLabel,
  contactAnnotation,
  sortedKeys,
  priorityClass,
  dnsOptions,
  workloadBudget,
  podIsolation,
];
