/**
 * Manifests that Kubernetes 1.36 does not take, with the start of what it says, by file and position of the document. Everything else in the
 * corpus is accepted.
 */
export const refused: Readonly<Record<string, string>> = {
  // Kinds of operators that are not installed.
  'AI/vllm-deployment/hpa/prometheus-rule.yaml#0': 'no matches for kind "PrometheusRule" in version "monitoring.coreos.com/v1"',
  'AI/vllm-deployment/hpa/gpu-service-monitor-gke.yaml#0': 'no matches for kind "ServiceMonitor" in version "monitoring.coreos.com/v1"',
  'AI/vllm-deployment/hpa/vllm-service-monitor.yaml#0': 'no matches for kind "ServiceMonitor" in version "monitoring.coreos.com/v1"',
  // Versions that were removed: extensions in 1.16, storage v1beta1 in 1.22, policy v1beta1 in 1.25, initializers in 1.14.
  '_archived/volumes/flexvolume/deploy/ds.yaml#0': 'no matches for kind "DaemonSet" in version "extensions/v1beta1"',
  '_archived/volumes/azure_disk/claim/managed-disk/managed-hdd/storageclass-managed-hdd.yaml#0':
    'no matches for kind "StorageClass" in version "storage.k8s.io/v1beta1"',
  '_archived/volumes/azure_disk/claim/managed-disk/managed-ssd/storageclass-managed-ssd.yaml#0':
    'no matches for kind "StorageClass" in version "storage.k8s.io/v1beta1"',
  '_archived/volumes/azure_disk/claim/blob-based-disk/shared-ssd/storageclass-shared-ssd.yaml#0':
    'no matches for kind "StorageClass" in version "storage.k8s.io/v1beta1"',
  '_archived/volumes/azure_disk/claim/blob-based-disk/account-specified-hdd/storageclass-account-hdd.yaml#0':
    'no matches for kind "StorageClass" in version "storage.k8s.io/v1beta1"',
  '_archived/cockroachdb/cockroachdb-statefulset.yaml#2': 'no matches for kind "PodDisruptionBudget" in version "policy/v1beta1"',
  '_archived/cloud-controller-manager/persistent-volume-label-initializer-config.yaml#0':
    'no matches for kind "InitializerConfiguration" in version "admissionregistration.k8s.io/v1alpha1"',
  // Fields that do not exist, refused because validation is strict.
  '_archived/volumes/rbd/rbd.yaml#0':
    'Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "spec.volumes[0].rbd.imageformat", unknown field "spec.volumes[0].rbd.imagefeatures"',
  '_archived/volumes/storageos/storageos-pv.yaml#0':
    'PersistentVolume in version "v1" cannot be handled as a PersistentVolume: strict decoding error: unknown field "spec.storageos.secretName"',
  '_archived/volumes/scaleio/pod.yaml#0':
    'Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "spec.volumes[0].scaleIO.protectionDoamin"',
  // Values that are not allowed.
  '_archived/volumes/aws_ebs/aws-ebs-web.yaml#0':
    'Pod "aws-web" is invalid: spec.containers[0].ports[0].protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"',
  '_archived/sysdig-cloud/sysdig-rc.yaml#0': 'ReplicationController "sysdig-agent" is invalid: spec.selector: Required value',
  '_archived/storage/vitess/vttablet-pod-template.yaml#0':
    'Pod "vttablet-{{uid}}" is invalid: [metadata.name: Invalid value: "vttablet-{{uid}}": a lowercase RFC 1123 subdomain',
  // A namespace that another manifest's tests need and that is there already.
  '_archived/spark/namespace-spark-cluster.yaml#0': 'namespaces "spark-cluster" already exists',
  // No manifests at all: a configuration file, a template, and one with everything commented out.
  'databases/cassandra/image/files/cassandra.yaml#0': 'Object \'Kind\' is missing',
  '_archived/newrelic-infrastructure/newrelic-config-template.yaml#0': 'Secret in version "v1" cannot be handled as a Secret',
  '_archived/newrelic/newrelic-config.yaml': 'no objects',
};
