import { parseAllDocuments, stringify } from 'yaml';
import { fixture } from '../editor.ts';

/**
 * How the careful manifests are made careless: a manifest that is added to them, or fields of their Deployment that get another value (`undefined` takes
 * them away). `c/` is its container, `s/` the spec of its pods; anything else begins at the object.
 */
export type Edit = string | Readonly<Record<string, unknown>>;

/** What is bad, and what is good; without a word of it, the careful manifests are. */
export type Case = readonly [bad: Edit, good?: Edit];

const careful = fixture('careful.yaml');

/** The careful manifests with an edit. */
export function edited(edit: Edit | undefined): string {
  if (edit === undefined) return careful;
  if (typeof edit === 'string') return `${careful}---\n${edit}`;
  const documents = parseAllDocuments(careful);
  for (const [path, value] of Object.entries(edit)) {
    const steps = path.replace(/^c\//, 's/containers/0/').replace(/^s\//, 'spec/template/spec/').split('/');
    const keys = steps.map((step) => (/^\d+$/.test(step) ? Number(step) : step.replaceAll('~1', '/')));
    if (value === undefined) documents[0]?.deleteIn(keys);
    else documents[0]?.setIn(keys, documents[0].createNode(value));
  }
  return documents.map((document) => String(document)).join('');
}

/** A manifest in the namespace of the careful ones. */
export function manifest(apiVersion: string, kind: string, fields: object, metadata: object = {}): string {
  return stringify({ apiVersion, kind, metadata: { name: 'other', namespace: 'shop', ...metadata }, ...fields });
}

const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'careful' };
const podOf = (spec: object) => ({ spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'b:1' }], ...spec } });

export const service = (spec: object) =>
  manifest('v1', 'Service', { spec: { selector: { app: 'careful' }, ports: [{ port: 8080 }], ...spec } });
export const budget = (spec: object) =>
  manifest('policy/v1', 'PodDisruptionBudget', {
    spec: { selector: { matchLabels: { app: 'careful' } }, unhealthyPodEvictionPolicy: 'AlwaysAllow', ...spec },
  });
export const autoscaler = (spec: object) =>
  manifest('autoscaling/v2', 'HorizontalPodAutoscaler', { spec: { scaleTargetRef: target, minReplicas: 3, maxReplicas: 6, ...spec } });
export const role = (...rules: object[]) => manifest('rbac.authorization.k8s.io/v1', 'Role', { rules });
export const binding = (name: string, subject: object = { kind: 'ServiceAccount', name: 'careful', namespace: 'shop' }) =>
  manifest('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: [subject],
  });
export const ingress = (spec: object, metadata: object = {}) =>
  manifest(
    'networking.k8s.io/v1',
    'Ingress',
    { spec: { defaultBackend: { resource: { apiGroup: 'a.b', kind: 'C', name: 'd' } }, ...spec } },
    metadata,
  );
export const cronJob = (spec: object, jobSpec: object = {}, podSpec: object = {}) =>
  manifest('batch/v1', 'CronJob', {
    spec: {
      schedule: '0 0 * * *',
      concurrencyPolicy: 'Forbid',
      startingDeadlineSeconds: 60,
      jobTemplate: { spec: { template: podOf(podSpec), ...jobSpec } },
      ...spec,
    },
  });
export const job = (spec: object) => manifest('batch/v1', 'Job', { spec: { template: podOf({}), ...spec } });
export const policy = (spec: object) => manifest('networking.k8s.io/v1', 'NetworkPolicy', { spec });
export const monitor = (matchLabels: object) =>
  `${manifest('v1', 'Service', { spec: { selector: { app: 'careful' }, ports: [{ port: 8080 }] } }, { labels: { app: 'shop' } })}---\n${manifest('monitoring.coreos.com/v1', 'ServiceMonitor', { spec: { selector: { matchLabels } } })}`;
export const configMap = (data: object) => manifest('v1', 'ConfigMap', { data });
/** A volume of the Deployment's pods that its container mounts. */
export const volume = (source: object, mount: object = {}): Edit => ({
  's/volumes': [{ name: 'data', ...source }],
  'c/volumeMounts': [{ name: 'data', mountPath: '/data', ...mount }],
});
/** A variable of the Deployment's container. */
export const variable = (name: string, value: unknown): Edit => ({
  'c/env': [typeof value === 'string' ? { name, value } : { name, valueFrom: value }],
});
