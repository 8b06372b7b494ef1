import type { Registry } from 'prom-client';
import type { Family, MetricsWriter } from '../../apiserver/metrics/families.ts';

let ofProcess: Registry | undefined;

/** Writes metrics, those of this process being `process_*` and `nodejs_*`. The library is loaded when it is first asked. */
export const writePrometheus: MetricsWriter = async (families, withProcess) => {
  const { collectDefaultMetrics, Gauge, Registry } = (await import('prom-client')).default;
  if (ofProcess === undefined) {
    ofProcess = new Registry();
    collectDefaultMetrics({ register: ofProcess });
  }
  const register = new Registry();
  for (const family of families) {
    const { name, help, type } = family;
    // What a metric holds is read from it when all are written; these hold their numbers elsewhere.
    const get = async () => ({ name, help, type, aggregator: 'sum', values: valuesOf(family) });
    register.registerMetric(Object.assign(new Gauge({ name, help, registers: [] }), { get }));
  }
  const text = await register.metrics();
  return { contentType: register.contentType, text: withProcess ? `${text}\n${await ofProcess.metrics()}` : text };
};

function valuesOf(family: Family) {
  return family.samples().map(({ name, labels, value }) => ({ metricName: name, labels, value }));
}
