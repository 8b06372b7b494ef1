import { t } from '@vscode/l10n';
import { Cron } from 'croner';
import cronstrue from 'cronstrue';
import { scheduleProblem } from '../../../runtime/api/schedule.ts';
import { dateLocale, scheduleLocale } from '../../texts.ts';
import type { HoverPart } from './part.ts';

/** So many runs are named. */
const runs = 3;

/** A schedule in words; undefined when it cannot be read. */
export function scheduleInWords(schedule: string): string | undefined {
  if (scheduleProblem(schedule) !== undefined) return undefined;
  const every = /^@every (\S+)$/.exec(schedule)?.[1];
  if (every !== undefined) return t('Every {0}', every);
  return cronstrue.toString(plain(schedule), { use24HourTimeFormat: true, locale: scheduleLocale() });
}

/** When a schedule comes next; times are milliseconds since 1970. */
export function nextRuns(schedule: string, timeZone: string, now: number): readonly number[] {
  if (scheduleProblem(schedule) !== undefined || schedule.startsWith('@every')) return [];
  const cron = new Cron(plain(schedule), { timezone: timeZone, paused: true });
  return cron.nextRuns(runs, new Date(now)).map((date) => date.getTime());
}

/** The five fields, with the names of descriptors written out, as the readers of schedules know them. */
function plain(schedule: string): string {
  const fields = schedule.replace(/^(TZ|CRON_TZ)=\S+\s+/, '').trim();
  return descriptors[fields] ?? fields.replaceAll('?', '*');
}

const descriptors: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/** A schedule in words, and its next runs in its time zone. */
export const schedule: HoverPart = ({ owner, object, now }) => {
  if (owner !== 'batch.v1.CronJobSpec.schedule' && owner !== 'batch.v1.CronJobSpec.timeZone') return undefined;
  const spec = object.get('spec');
  const text = spec.get('schedule').text;
  const words = text === undefined ? undefined : scheduleInWords(text);
  if (text === undefined || words === undefined) return undefined;
  const written = spec.get('timeZone').text;
  const timeZone = written ?? 'Etc/UTC';
  const format = formatter(timeZone);
  if (!format) return `**${words}**`;
  const times = nextRuns(text, timeZone, now).map((time) => `- ${format.format(time)}`);
  const zone = written ?? t('UTC, the usual zone of controllers: no `timeZone` is written');
  return [
    t('{0} ({1})', `**${words}**`, zone),
    ...(times.length === 0 ? never(text) : [`${t('Next runs:')}\n\n${times.join('\n')}`]),
    ...(spec.get('suspend').isTrue ? [t('Suspended: nothing runs.')] : []),
  ].join('\n\n');
};

/** A date that no year has; of intervals it depends on when they began. */
function never(schedule: string): string[] {
  return schedule.startsWith('@every') ? [] : [t('There is no such day: it never runs.')];
}

function formatter(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat(dateLocale(), { timeZone, dateStyle: 'full', timeStyle: 'short' });
  } catch {
    // No such time zone: validation says so.
    return undefined;
  }
}
