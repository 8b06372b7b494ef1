import { t } from '@vscode/l10n';
import type { Source, Sources } from './context.ts';

const schedules: Readonly<Record<string, string>> = {
  '0 3 * * *': 'every day at 3:00',
  '*/5 * * * *': 'every 5 minutes',
  '*/15 * * * *': 'every 15 minutes',
  '0 * * * *': 'every hour',
  '0 */6 * * *': 'every 6 hours',
  '0 8 * * 1-5': 'Monday to Friday at 8:00',
  '0 4 * * 0': 'Sundays at 4:00',
  '0 5 1 * *': 'the first of each month at 5:00',
  '@hourly': 'every hour',
  '@daily': 'every day at midnight',
  '@weekly': 'Sundays at midnight',
  '@monthly': 'the first of each month at midnight',
};

const schedule: Source = () => Object.entries(schedules).map(([text, detail], rank) => ({ text, detail: t(detail), rank }));

const timeZones: Source = () => [
  { text: 'Etc/UTC', rank: 0 },
  ...Intl.supportedValuesOf('timeZone').map((text) => ({ text, detail: t('time zone') })),
];

/** When CronJobs run. */
export const scheduleSources: Sources = {
  'batch.v1.CronJobSpec.schedule': schedule,
  'batch.v1.CronJobSpec.timeZone': timeZones,
};
