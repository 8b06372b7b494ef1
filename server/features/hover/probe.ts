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
  const consequence = { livenessProbe: 'restarted', readinessProbe: 'taken out of its Services', startupProbe: 'restarted' }[kind] ?? '';
  const never = delay + (failures - 1) * period + timeout;
  const lines = [
    `A container that never answers is ${kind === 'readinessProbe' ? 'never ready' : `${consequence} about **${duration(never)}** after it started`}`,
  ];
  if (kind !== 'startupProbe') {
    const soonest = (failures - 1) * period;
    const latest = failures * period + timeout;
    lines.push(`One that stops answering is ${consequence} **${duration(soonest)} to ${duration(latest)}** later`);
  } else {
    lines.push('Liveness and readiness are not probed until it succeeds');
  }
  const numbers = `after ${delay} s, then every ${period} s, ${timeout} s to answer, ${failures} failure${failures === 1 ? '' : 's'} in a row`;
  const grace = field.get('terminationGracePeriodSeconds').number;
  if (grace !== undefined && kind !== 'readinessProbe') lines.push(`It then has ${duration(grace)} to end`);
  return `${lines.map((line) => `- ${line}.`).join('\n')}\n\n*Probed ${numbers}.*`;
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
