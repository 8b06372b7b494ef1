import { t } from '@vscode/l10n';
import { CodeActionKind } from 'vscode-languageserver';
import { type Action, containerAt, editsOf, offer, podLabels, podOf } from './action.ts';

/** Adds what spreads the pods of an object over nodes and zones. */
export const podActions: Action = (context) => {
  const pod = podOf(context);
  const spec = pod?.get('spec');
  const labels = podLabels(context);
  const inPod = pod && context.path.length > pod.path.length && pod.path.every((step, at) => context.path[at] === step);
  if (!inPod || !spec?.exists || !labels || containerAt(context) || context.known.kind === 'DaemonSet') return [];
  const add = (title: string, value: unknown) => {
    const edits = editsOf(context);
    edits.merge(spec.path, value);
    return offer(context, title, CodeActionKind.RefactorRewrite, edits);
  };
  const labelSelector = { matchLabels: labels };
  const term = { weight: 100, podAffinityTerm: { labelSelector, topologyKey: 'kubernetes.io/hostname' } };
  const spread = { maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway', labelSelector };
  return [
    ...(spec.get('affinity', 'podAntiAffinity').exists
      ? []
      : add(t('Keep the pods apart: add podAntiAffinity'), {
          affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [term] } },
        })),
    ...(spec.get('topologySpreadConstraints').exists
      ? []
      : add(t('Spread the pods over zones: add topologySpreadConstraints'), { topologySpreadConstraints: [spread] })),
  ];
};
