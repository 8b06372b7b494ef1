import { scheduleInWords } from '../hover/schedule.ts';
import type { HintSource } from './hint.ts';

/** When a CronJob runs, in words. */
export const schedules: HintSource = ({ field, owner }) => {
  const words = owner === 'batch.v1.CronJobSpec.schedule' && field.text !== undefined ? scheduleInWords(field.text) : undefined;
  return words === undefined ? [] : [{ offset: field.span.end + (field.quoted ? 1 : 0), label: words }];
};
