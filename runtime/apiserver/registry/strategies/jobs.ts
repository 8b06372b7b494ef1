import { labelValueProblems } from '../../../api/names/index.ts';
import { type ApiObject, ensureDict } from '../api-object.ts';
import type { Strategy } from '../strategy.ts';
import { selectableByPath } from './selectable.ts';

/** Rules of `pkg/registry/batch/job`. */
export const jobStrategy: Strategy = {
  generationFields: ['spec'],
  propagation: 'Orphan',
  selectable: selectableByPath(['status.successful'], (name) => `field label ${JSON.stringify(name)} not supported for Job`),
  prepareForCreate(job) {
    if (ensureDict(job, 'spec').manualSelector !== true) generateSelector(job);
    const { metadata } = job;
    // A job without labels has those of its template whenever it is read.
    const labels = ensureDict(job, 'spec', 'template', 'metadata').labels as Record<string, string> | undefined;
    const areSound = Object.values(labels ?? {}).every((value) => labelValueProblems(value).length === 0);
    if (Object.keys(metadata.labels ?? {}).length === 0 && labels !== undefined && areSound) metadata.labels = { ...labels };
  },
};

/** Labels the pods of a job with its uid, which nobody else's have, and selects them by it. */
function generateSelector(job: ApiObject): void {
  const { uid = '', name = '' } = job.metadata;
  const labels = ensureDict(job, 'spec', 'template', 'metadata', 'labels');
  for (const prefix of ['', 'batch.kubernetes.io/']) {
    labels[`${prefix}job-name`] ??= name;
    labels[`${prefix}controller-uid`] ??= uid;
  }
  const selected = ensureDict(job, 'spec', 'selector', 'matchLabels');
  selected['batch.kubernetes.io/controller-uid'] ??= uid;
}
