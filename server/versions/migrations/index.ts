import { isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import { rangeOf, Tree } from '../../documents/tree.ts';
import { migrateMetrics } from './autoscaler.ts';
import { migrateDefinition } from './custom-resource-definition.ts';
import { migrateIngress } from './ingress.ts';
import { type Change, Migration, pairOf } from './migration.ts';
import { migrateEndpoints, migrateShares, migrateWebhooks, migrateWorkload } from './others.ts';

type Step = (migration: Migration) => void;

/** What changes beside the version, by `apiVersion kind` of the old object. Kinds that are not here kept their fields. */
const steps: Readonly<Record<string, Step>> = {
  'extensions/v1beta1 Ingress': migrateIngress,
  'networking.k8s.io/v1beta1 Ingress': migrateIngress,
  // Fields of the older versions are often written in the new one.
  'networking.k8s.io/v1 Ingress': migrateIngress,
  'extensions/v1beta1 Deployment': migrateWorkload,
  'extensions/v1beta1 DaemonSet': migrateWorkload,
  'extensions/v1beta1 ReplicaSet': migrateWorkload,
  'apps/v1beta1 Deployment': migrateWorkload,
  'apps/v1beta1 StatefulSet': migrateWorkload,
  'apps/v1beta2 DaemonSet': migrateWorkload,
  'autoscaling/v2beta1 HorizontalPodAutoscaler': migrateMetrics,
  'apiextensions.k8s.io/v1beta1 CustomResourceDefinition': migrateDefinition,
  'admissionregistration.k8s.io/v1beta1 MutatingWebhookConfiguration': migrateWebhooks,
  'admissionregistration.k8s.io/v1beta1 ValidatingWebhookConfiguration': migrateWebhooks,
  'discovery.k8s.io/v1beta1 EndpointSlice': migrateEndpoints,
  'flowcontrol.apiserver.k8s.io/v1beta1 PriorityLevelConfiguration': migrateShares,
  'flowcontrol.apiserver.k8s.io/v1beta2 PriorityLevelConfiguration': migrateShares,
};

/** The changes that bring the object whose `apiVersion` stands at an offset to another version; none when there is no such object. */
export function migrate(text: string, offset: number, apiVersion: string): Change[] {
  const tree = new Tree(text, { comments: true });
  const object = tree.sound ? objectAt(tree, tree.root, offset) : undefined;
  if (!object) return [];
  const [version, kind] = ['apiVersion', 'kind'].map((name) => pairOf(object, name)?.value);
  if (!isScalar(version) || !isScalar(kind)) return [];
  const migration = new Migration(text, tree, object);
  if (version.value !== apiVersion) migration.replace(version, apiVersion);
  steps[`${version.value} ${kind.value}`]?.(migration);
  return migration.changes();
}

function objectAt(tree: Tree, node: Node | null, offset: number): YAMLMap | undefined {
  if (!isMap(node)) return undefined;
  const version = pairOf(node, 'apiVersion')?.value;
  if (isScalar(version) && rangeOf(version).start <= offset && offset <= rangeOf(version).end) return node;
  const items = pairOf(node, 'items')?.value;
  if (!isSeq(items)) return undefined;
  for (const item of items.items) {
    const found = objectAt(tree, isMap(item) ? item : null, offset);
    if (found) return found;
  }
  return undefined;
}
