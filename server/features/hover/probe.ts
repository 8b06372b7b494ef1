import { t } from '@vscode/l10n';
import type { Field } from '../../documents/field.ts';
import { duration, type HoverPart, nearestNamed } from './part.ts';

const probes = ['livenessProbe', 'readinessProbe', 'startupProbe'];

/** How long it takes until a probe has a consequence, from its numbers and the defaults of those left out. */
export const probe: HoverPart = (hovered) => {
  const timing = /^core\.v1\.Probe\.\w+(Seconds|Threshold)$/.test(hovered.owner);
  const last = hovered.path.at(-1);
  if (!timing && !(typeof last === 'string' && probes.includes(last))) return undefined;
  const field = nearestNamed(hovered, probes);
  if (!field?.exists) return undefined;
  const kind = String(field.path.at(-1));
  const { delay, period, timeout, failures } = timingOf(field);
  const never = delay + (failures - 1) * period + timeout;
  const lines = [
    kind === 'readinessProbe'
      ? t('A container that never answers is never ready.')
      : t('A container that never answers is restarted about **{0}** after it started.', duration(never)),
  ];
  const soonest = duration((failures - 1) * period);
  const latest = duration(failures * period + timeout);
  if (kind === 'readinessProbe')
    lines.push(t('One that stops answering is taken out of its Services **{0} to {1}** later.', soonest, latest));
  else if (kind === 'livenessProbe') lines.push(t('One that stops answering is restarted **{0} to {1}** later.', soonest, latest));
  else lines.push(t('Liveness and readiness are not probed until it succeeds.'));
  const numbers =
    failures === 1
      ? t('Probed after {0} s, then every {1} s, {2} s to answer, 1 failure in a row.', delay, period, timeout)
      : t('Probed after {0} s, then every {1} s, {2} s to answer, {3} failures in a row.', delay, period, timeout, failures);
  const grace = field.get('terminationGracePeriodSeconds').number;
  if (grace !== undefined && kind !== 'readinessProbe') lines.push(t('It then has {0} to end.', duration(grace)));
  return `${lines.map((line) => `- ${line}`).join('\n')}\n\n*${numbers}*`;
};

/** The numbers of a probe; zero and absent ones get their defaults. */
function timingOf(probe: Field) {
  const number = (name: string, fallback: number) => probe.get(name).number || fallback;
  return {
    delay: number('initialDelaySeconds', 0),
    period: number('periodSeconds', 10),
    timeout: number('timeoutSeconds', 1),
    failures: number('failureThreshold', 3),
  };
}
