/** The order of the mounts: the server has added that of the service account's token. */
const mounts = 'order of mounts';
/** Quantities in another form than the server keeps: `cpu: 0.5`. */
const quantities = 'quantities';
/** Claims of a StatefulSet, a list that is replaced as a whole, without the defaults. */
const claims = 'claim templates';
/** What is false anyway, which the server does not keep: `readOnly: false`. */
const zeros = 'zeros';
/** Clear text beside data that it has been made into. */
const clearText = 'stringData';

/**
 * Manifests that kubectl has something to send of each time they are applied, to any cluster, and what. That changes nothing, but kubectl says
 * `configured`.
 */
export const alwaysSent: Readonly<Record<string, string>> = {
  'daemonset.apps/sysdig-agent': zeros,
  'deployment.apps/selenium-hub': quantities,
  'horizontalpodautoscaler.autoscaling/gemma-server-gpu-hpa': quantities,
  'pod/cephfs2': mounts,
  'pod/exclusive-3': quantities,
  'pod/explorer': mounts,
  'pod/flocker-web': mounts,
  'pod/iscsipd': mounts,
  'pod/mysql': quantities,
  'pod/nginx': mounts,
  'pod/nginx-dummy-attachable': mounts,
  'pod/pod-uses-account-hdd-5g': mounts,
  'pod/pod-uses-managed-ssd-5g': mounts,
  'pod/pod-uses-shared-ssd-5g': mounts,
  'pod/pvpod': mounts,
  'pod/rbd2': mounts,
  'pod/redis-master': quantities,
  'pod/rethinkdb-admin': mounts,
  'pod/test-portworx-volume-pod': mounts,
  'pod/test-storageos-redis-pvc': mounts,
  'pod/test-storageos-redis-sc-pvc': mounts,
  'replicationcontroller/pxc-node1': quantities,
  'replicationcontroller/pxc-node3': quantities,
  'replicationcontroller/spark-gluster-worker-controller': zeros,
  'secret/ceph-secret': clearText,
  'statefulset.apps/cockroachdb': claims,
  'statefulset.apps/minio': claims,
};
