import type { Json } from '../../runtime/api/object.ts';
import { getKey, isMap, type JsonMap, setKey } from '../../runtime/api/patches/json-tree.ts';
import { fitsKind } from './target.ts';

/** A field that a transformer writes to. Upstream: `types.FieldSpec`. */
export interface FieldSpec {
  /** `spec/selector/matchLabels`; lists on the way stand for all their items. */
  readonly path: string;
  /** Whether it is made where it is not there. */
  readonly create?: boolean;
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
}

const everywhere: FieldSpec = { path: 'metadata/labels', create: true };
const template = 'spec/template/metadata';
const jobTemplate = 'spec/jobTemplate';
const selector = 'spec/selector/matchLabels';
const affinity = 'spec/template/spec/affinity';
const required = 'requiredDuringSchedulingIgnoredDuringExecution';
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm';

const inTemplates = (name: 'labels' | 'annotations'): FieldSpec[] => [
  { path: `${template}/${name}`, create: true, version: 'v1', kind: 'ReplicationController' },
  ...['Deployment', 'ReplicaSet', 'DaemonSet', 'StatefulSet', 'Job'].map((kind) => ({ path: `${template}/${name}`, create: true, kind })),
  { path: `${jobTemplate}/metadata/${name}`, create: true, kind: 'CronJob' },
  { path: `${jobTemplate}/${template}/${name}`, create: true, kind: 'CronJob' },
];

const inClaims: FieldSpec = { path: 'spec/volumeClaimTemplates[]/metadata/labels', create: true, kind: 'StatefulSet' };

const inSelectors: readonly FieldSpec[] = [
  { path: 'spec/selector', create: true, version: 'v1', kind: 'Service' },
  { path: 'spec/selector', create: true, version: 'v1', kind: 'ReplicationController' },
  ...['Deployment', 'ReplicaSet', 'DaemonSet', 'StatefulSet'].map((kind) => ({ path: selector, create: true, kind })),
  ...['Deployment', 'StatefulSet'].flatMap((kind) => [
    ...['podAffinity', 'podAntiAffinity'].flatMap((sort) =>
      [preferred, required].map((when) => ({ path: `${affinity}/${sort}/${when}/labelSelector/matchLabels`, kind })),
    ),
    { path: 'spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels', kind },
  ]),
  { path: selector, kind: 'Job' },
  { path: `${jobTemplate}/${selector}`, kind: 'CronJob' },
  { path: selector, kind: 'PodDisruptionBudget' },
  ...['spec/podSelector/matchLabels', 'spec/ingress/from/podSelector/matchLabels', 'spec/egress/to/podSelector/matchLabels'].map(
    (path) => ({ path, group: 'networking.k8s.io', kind: 'NetworkPolicy' }),
  ),
];

/** Where transformers write unless they are told otherwise. Upstream: api/internal/konfig/builtinpluginconsts. */
export const fieldSpecs = {
  labels: [everywhere],
  templateLabels: [everywhere, ...inTemplates('labels')],
  claimLabels: [inClaims],
  commonLabels: [everywhere, ...inSelectors, ...inTemplates('labels'), inClaims],
  commonAnnotations: [{ path: 'metadata/annotations', create: true }, ...inTemplates('annotations')],
  replicas: ['Deployment', 'ReplicationController', 'ReplicaSet', 'StatefulSet'].map(
    (kind): FieldSpec => ({ path: 'spec/replicas', create: true, kind }),
  ),
} satisfies Readonly<Record<string, readonly FieldSpec[]>>;

/** An object with what `write` makes of the fields that the specifications name; where a field is not there, of undefined. */
export function written(object: JsonMap, specs: readonly FieldSpec[], write: (value: Json | undefined) => Json): JsonMap {
  const { apiVersion, kind } = object;
  const own = specs.filter((spec) => fitsKind(spec, String(apiVersion), String(kind)));
  return own.reduce((result, { path, create = false }) => {
    const next = writtenAt(result, path.split('/'), create, write);
    return isMap(next) ? next : result;
  }, object);
}

function writtenAt(
  value: Json | undefined,
  [step, ...rest]: readonly string[],
  create: boolean,
  write: (value: Json | undefined) => Json,
): Json | undefined {
  if (step === undefined) return (value === undefined || value === null) && !create ? value : write(value ?? undefined);
  if (Array.isArray(value)) return value.map((item) => writtenAt(item, [step, ...rest], create, write) ?? item);
  const isList = step.endsWith('[]');
  const name = isList ? step.slice(0, -2) : step;
  if (value !== undefined && value !== null && !isMap(value)) return value;
  const before = value ? getKey(value, name) : undefined;
  // No list is made for the sake of what its items would hold.
  if ((before === undefined || before === null) && (!create || isList)) return value;
  const after = writtenAt(before, rest, create, write);
  if (after === undefined) return value;
  const result = { ...value };
  setKey(result, name, after);
  return result;
}
