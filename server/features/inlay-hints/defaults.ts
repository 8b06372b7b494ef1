import type { FieldPath } from '../../documents/path.ts';
import { walk } from '../../schemas/describe.ts';
import type { HintedObject, HintSource } from './hint.ts';

/** The defaults worth a thought, by the type that lacks them. `field@other` is told behind the other field, `a.b` of what is two steps below. */
const interesting: Readonly<Record<string, readonly string[]>> = {
  'apps.v1.DeploymentSpec': ['replicas', 'strategy.type', 'revisionHistoryLimit'],
  'apps.v1.StatefulSetSpec': ['replicas', 'podManagementPolicy', 'updateStrategy.type'],
  'apps.v1.DaemonSetSpec': ['updateStrategy.type'],
  'apps.v1.ReplicaSetSpec': ['replicas'],
  'batch.v1.JobSpec': ['parallelism', 'completions', 'backoffLimit'],
  'batch.v1.CronJobSpec': ['concurrencyPolicy', 'successfulJobsHistoryLimit', 'failedJobsHistoryLimit'],
  'core.v1.PodSpec': ['restartPolicy', 'terminationGracePeriodSeconds'],
  'core.v1.Container': ['imagePullPolicy@image'],
  'core.v1.ContainerPort': ['protocol'],
  'core.v1.Probe': ['periodSeconds', 'timeoutSeconds', 'failureThreshold'],
  'core.v1.ServiceSpec': ['type', 'sessionAffinity'],
  'core.v1.ServicePort': ['protocol', 'targetPort'],
  'core.v1.PersistentVolumeClaimSpec': ['volumeMode'],
  'core.v1.PersistentVolumeSpec': ['persistentVolumeReclaimPolicy', 'volumeMode'],
  'storage.v1.StorageClass': ['reclaimPolicy', 'volumeBindingMode'],
  'autoscaling.v2.HorizontalPodAutoscalerSpec': ['minReplicas'],
  'core.v1.Secret': ['type@kind'],
};

/** What the API server will write where the manifest says nothing: `replicas: 1 · strategy.type: RollingUpdate`. */
export const defaults: HintSource = ({ field, path, type }, object) => {
  const wanted = interesting[type];
  if (!wanted) return [];
  const missing = wanted.flatMap((entry) => {
    const [name = '', anchor] = entry.split('@');
    const steps = name.split('.');
    if (field.get(...steps).exists) return [];
    const value = valueAt(object.completed(), [...path, ...steps]);
    const place = anchor === undefined ? undefined : field.get(anchor);
    if (value === undefined || typeof value === 'object' || (place && !place.exists)) return [];
    return [{ name, text: `${name}: ${value}`, place }];
  });
  const shown = missing.filter(({ place }) => !place);
  const about = (names: readonly { name: string }[]) => names.flatMap(({ name }) => aboutField(object, path, name));
  return [
    ...missing.flatMap(({ name, text, place }) => (place ? [{ offset: place.span.end, label: text, about: about([{ name }]) }] : [])),
    ...(shown.length === 0
      ? []
      : [{ offset: lineEnd(object.text, field), label: shown.map(({ text }) => text).join(' · '), about: about(shown) }]),
  ];
};

function aboutField({ known, definitions }: HintedObject, path: FieldPath, name: string) {
  const owner = walk(known.schema, [...path, ...name.split('.')], definitions)?.owner ?? undefined;
  return owner ? [{ definition: owner.definition, name: owner.name }] : [];
}

function valueAt(value: unknown, path: FieldPath): unknown {
  return path.reduce<unknown>(
    (at, step) => (typeof at === 'object' && at !== null ? (at as Record<string | number, unknown>)[step] : undefined),
    value,
  );
}

/** The end of the line that a parent begins on; of one in flow style, its own end. */
function lineEnd(text: string, field: { readonly span: { start: number; end: number }; readonly keySpan: { start: number } }): number {
  const { start, end } = field.span;
  if (text[start] === '{') return end;
  const from = Math.min(field.keySpan.start, start);
  const newline = text.indexOf('\n', from);
  const line = text.slice(from, newline < 0 ? text.length : newline);
  const comment = line.search(/\s#/);
  return from + (comment < 0 ? line : line.slice(0, comment)).trimEnd().length;
}
