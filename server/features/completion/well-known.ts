import { t } from '@vscode/l10n';
import { type Choice, type Context, choices, type Source, type Sources, siblingsOf } from './context.ts';

const taints: Readonly<Record<string, string>> = {
  'node-role.kubernetes.io/control-plane': 'nodes of the control plane',
  'node.kubernetes.io/not-ready': 'the node is not ready',
  'node.kubernetes.io/unreachable': 'the node cannot be reached',
  'node.kubernetes.io/memory-pressure': 'the node is short of memory',
  'node.kubernetes.io/disk-pressure': 'the node is short of disk',
  'node.kubernetes.io/pid-pressure': 'the node is short of process ids',
  'node.kubernetes.io/network-unavailable': 'the node’s network is not set up',
  'node.kubernetes.io/unschedulable': 'the node is cordoned',
  'node.cloudprovider.kubernetes.io/uninitialized': 'the cloud has not set the node up',
};

const taintKeys: Source = () => Object.entries(taints).map(([text, detail]) => ({ text, detail: t(detail) }));

/** Annotations by the kinds they are for; empty for all. */
const annotations: readonly (readonly [name: string, value: string, what: string, kinds: string])[] = [
  ['kubernetes.io/description', '', 'what the object is for', ''],
  ['kubernetes.io/change-cause', '', 'why this revision was made', 'Deployment StatefulSet DaemonSet'],
  ['kubectl.kubernetes.io/default-container', '', 'the container that kubectl logs and exec take', 'pod'],
  ['cluster-autoscaler.kubernetes.io/safe-to-evict', '"true"', 'whether the autoscaler may move the pod', 'pod'],
  ['prometheus.io/scrape', '"true"', 'whether Prometheus reads its metrics', 'pod Service'],
  ['prometheus.io/port', '', 'the port of its metrics', 'pod Service'],
  ['prometheus.io/path', '/metrics', 'the path of its metrics', 'pod Service'],
  ['storageclass.kubernetes.io/is-default-class', '"true"', 'claims without a class get this one', 'StorageClass'],
  ['ingressclass.kubernetes.io/is-default-class', '"true"', 'Ingresses without a class get this one', 'IngressClass'],
  ['cert-manager.io/cluster-issuer', '', 'who issues the certificate', 'Ingress'],
  ['cert-manager.io/issuer', '', 'who issues the certificate', 'Ingress'],
  ['nginx.ingress.kubernetes.io/rewrite-target', '/', 'path to rewrite to', 'Ingress'],
  ['nginx.ingress.kubernetes.io/ssl-redirect', '"true"', 'send HTTP to HTTPS', 'Ingress'],
  ['service.kubernetes.io/topology-mode', 'Auto', 'prefer endpoints of the same zone', 'Service'],
  ['kubernetes.io/service-account.name', '', 'the account that a token is for', 'Secret'],
  ['rbac.authorization.kubernetes.io/autoupdate', '"true"', 'whether a restart repairs the role', 'ClusterRole ClusterRoleBinding'],
  ['argocd.argoproj.io/sync-wave', '"0"', 'order in which Argo CD applies', ''],
  ['reloader.stakater.com/auto', '"true"', 'restart when configuration changes', 'Deployment StatefulSet DaemonSet'],
];

function* annotationPairs({ known, node, rest }: Context): Iterable<Choice> {
  const path = node.path;
  const inPod = known.kind === 'Pod' || path.includes('template');
  for (const [text, value, detail, kinds] of annotations) {
    const fits =
      kinds === '' ? !inPod : kinds.split(' ').some((kind) => (kind === 'pod' ? inPod : kind === known.kind && !path.includes('template')));
    if (!fits) continue;
    if (rest.length === 0) yield { text, value, detail: t(detail) };
    else if (rest[0] === text && value !== '') yield { text: value, detail: t(detail) };
  }
}

/** The kinds that something can scale, or refer to, with their versions. */
const scalable: Readonly<Record<string, string>> = {
  Deployment: 'apps/v1',
  StatefulSet: 'apps/v1',
  ReplicaSet: 'apps/v1',
  ReplicationController: 'v1',
};

const scalableKinds: Source = () => Object.entries(scalable).map(([text, detail], rank) => ({ text, detail, rank }));
const scalableVersions: Source = ({ node }) => {
  const version = scalable[siblingsOf(node)?.textAt('kind') ?? ''];
  return choices(version ?? 'apps/v1 v1');
};

const secretTypes: Readonly<Record<string, string>> = {
  Opaque: 'whatever you like',
  'kubernetes.io/tls': 'tls.crt and tls.key',
  'kubernetes.io/dockerconfigjson': 'access to a registry',
  'kubernetes.io/basic-auth': 'username and password',
  'kubernetes.io/ssh-auth': 'ssh-privatekey',
  'kubernetes.io/service-account-token': 'a token that never ends',
  'bootstrap.kubernetes.io/token': 'a token for new nodes',
};

const secretKeys: Readonly<Record<string, string>> = {
  'kubernetes.io/tls': 'tls.crt tls.key ca.crt',
  'kubernetes.io/dockerconfigjson': '.dockerconfigjson',
  'kubernetes.io/basic-auth': 'username password',
  'kubernetes.io/ssh-auth': 'ssh-privatekey',
};

const dataKeys: Source = ({ object, rest }) => {
  const keys = secretKeys[object.textAt('type') ?? ''];
  return rest.length === 0 && keys !== undefined ? choices(keys).map((choice) => ({ ...choice, value: '' })) : [];
};

/** Hosts that another part of the same Ingress names. */
const hostsOf =
  (list: readonly string[], field: 'host' | 'hosts'): Source =>
  ({ object }) =>
    object
      .items('spec', ...list)
      .flatMap((item) => (field === 'host' ? [item.textAt('host')] : item.items('hosts').map(({ text }) => text)))
      .flatMap((text) => (text === undefined ? [] : [{ text, rank: 0 }]));

/** Fields whose values are known to everybody though no schema says them. */
export const wellKnownSources: Sources = {
  'meta.v1.ObjectMeta.annotations': annotationPairs,
  'meta.v1.ObjectMeta.finalizers': ({ known }) =>
    choices(
      known.kind === 'PersistentVolumeClaim'
        ? 'kubernetes.io/pvc-protection'
        : known.kind === 'PersistentVolume'
          ? 'kubernetes.io/pv-protection'
          : known.kind === 'Service'
            ? 'service.kubernetes.io/load-balancer-cleanup'
            : 'foregroundDeletion orphan',
    ),
  'core.v1.NamespaceSpec.finalizers': () => choices('kubernetes'),
  'core.v1.Toleration.key': taintKeys,
  'core.v1.Taint.key': taintKeys,
  'core.v1.Toleration.tolerationSeconds': () => choices('300 60 0'),
  'core.v1.Secret.type': () => Object.entries(secretTypes).map(([text, detail], rank) => ({ text, detail: t(detail), rank })),
  'core.v1.Secret.data': dataKeys,
  'core.v1.Secret.stringData': dataKeys,
  'core.v1.PodSpec.schedulerName': () => choices('default-scheduler'),
  'core.v1.PersistentVolumeClaimSpec.accessModes': () => choices('ReadWriteOnce ReadWriteMany ReadOnlyMany ReadWriteOncePod'),
  'core.v1.PersistentVolumeSpec.accessModes': () => choices('ReadWriteOnce ReadWriteMany ReadOnlyMany ReadWriteOncePod'),
  'core.v1.PodSecurityContext.fsGroupChangePolicy': () => choices('OnRootMismatch Always'),
  'core.v1.ServicePort.appProtocol': () => choices('kubernetes.io/h2c kubernetes.io/ws kubernetes.io/wss http https grpc'),
  'core.v1.Event.type': () => choices('Normal Warning'),
  'events.v1.Event.type': () => choices('Normal Warning'),
  'core.v1.LimitRangeItem.type': () => choices('Container Pod PersistentVolumeClaim'),
  'core.v1.ServiceSpec.clusterIP': () => [{ text: 'None', detail: t('headless: names lead to the pods themselves') }],
  'core.v1.EmptyDirVolumeSource.medium': () => choices('Memory'),
  'core.v1.TypedLocalObjectReference.apiGroup': () => choices('snapshot.storage.k8s.io'),
  'core.v1.TypedLocalObjectReference.kind': () => choices('VolumeSnapshot PersistentVolumeClaim'),
  'autoscaling.v1.CrossVersionObjectReference.kind': scalableKinds,
  'autoscaling.v1.CrossVersionObjectReference.apiVersion': scalableVersions,
  'autoscaling.v2.CrossVersionObjectReference.kind': scalableKinds,
  'autoscaling.v2.CrossVersionObjectReference.apiVersion': scalableVersions,
  'apps.v1.RollingUpdateDeployment.maxSurge': () => choices('25% 1 0'),
  'apps.v1.RollingUpdateDeployment.maxUnavailable': () => choices('25% 0 1'),
  'apps.v1.RollingUpdateDaemonSet.maxUnavailable': () => choices('1 10%'),
  'apps.v1.RollingUpdateDaemonSet.maxSurge': () => choices('0 1 10%'),
  'policy.v1.PodDisruptionBudgetSpec.maxUnavailable': () => choices('1 25%'),
  'policy.v1.PodDisruptionBudgetSpec.minAvailable': () => choices('1 50%'),
  'networking.v1.NetworkPolicySpec.policyTypes': () => choices('Ingress Egress'),
  'networking.v1.IngressTLS.hosts': hostsOf(['rules'], 'host'),
  'networking.v1.IngressRule.host': hostsOf(['tls'], 'hosts'),
  'networking.v1.IPBlock.cidr': () => choices('10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 0.0.0.0/0'),
  'storage.v1.StorageClass.provisioner': () =>
    choices('kubernetes.io/no-provisioner ebs.csi.aws.com pd.csi.storage.gke.io disk.csi.azure.com rancher.io/local-path'),
  'certificates.v1.CertificateSigningRequestSpec.signerName': () =>
    choices('kubernetes.io/kube-apiserver-client kubernetes.io/kube-apiserver-client-kubelet kubernetes.io/kubelet-serving'),
  'certificates.v1.CertificateSigningRequestSpec.usages': () =>
    ['client auth', 'server auth', 'digital signature', 'key encipherment'].map((text, rank) => ({ text, rank })),
  'admissionregistration.v1.ValidatingWebhook.admissionReviewVersions': () => choices('v1'),
  'admissionregistration.v1.MutatingWebhook.admissionReviewVersions': () => choices('v1'),
  'admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec.validationActions': () => choices('Deny Warn Audit'),
};
