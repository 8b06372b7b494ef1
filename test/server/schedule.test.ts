import { afterAll, beforeAll, expect, test } from 'vitest';
import { nextRuns, scheduleInWords } from '../../server/features/hover/schedule.ts';
import { Editor } from './editor.ts';

let editor: Editor;
beforeAll(async () => {
  editor = await Editor.start();
});
afterAll(async () => {
  expect(editor.logged).toEqual([]);
  await editor.stop();
});

test.each([
  ['*/5 8-17 * * 1-5', 'Every 5 minutes, between 08:00 and 17:59, Monday through Friday'],
  ['0 3 1 * *', 'At 03:00, on day 1 of the month'],
  ['0 0 ? * sun', 'At 00:00, only on Sunday'],
  ['@weekly', 'At 00:00, only on Sunday'],
  ['@every 90m', 'Every 90m'],
  ['61 * * * *', undefined],
  ['nonsense', undefined],
])('%s is read out as %s', (schedule, words) => {
  expect(scheduleInWords(schedule)).toBe(words);
});

const iso = (schedule: string, zone: string, from: string) =>
  nextRuns(schedule, zone, Date.parse(from)).map((time) => new Date(time).toISOString().slice(0, 16));

test.each([
  ['0 3 * * *', 'Etc/UTC', '2026-01-01T03:00:00Z', ['2026-01-02T03:00', '2026-01-03T03:00', '2026-01-04T03:00']],
  // Across the beginning of summer time, in a zone that has it.
  ['0 3 * * *', 'Europe/Berlin', '2026-03-27T12:00:00Z', ['2026-03-28T02:00', '2026-03-29T01:00', '2026-03-30T01:00']],
  // Where both days are named, either will do.
  ['0 0 1 * 1', 'Etc/UTC', '2026-01-01T00:00:00Z', ['2026-01-05T00:00', '2026-01-12T00:00', '2026-01-19T00:00']],
  ['0 0 30 2 *', 'Etc/UTC', '2026-01-01T00:00:00Z', []],
  ['@monthly', 'Etc/UTC', '2026-01-31T00:00:00Z', ['2026-02-01T00:00', '2026-03-01T00:00', '2026-04-01T00:00']],
])('%s in %s after %s runs at %j', (schedule, zone, from, expected) => {
  expect(iso(schedule, zone, from)).toEqual(expected);
});

test('a hover tells the next runs in the time zone of the CronJob', async () => {
  const job = (fields: string) => `apiVersion: batch/v1\nkind: CronJob\nmetadata: { name: j }\nspec:\n${fields}`;
  const hover = await editor.hover(job('  sche|dule: "30 9 * * 1"\n  timeZone: Asia/Shanghai\n'));
  expect(hover).toContain(
    '**At 09:30, only on Monday** (Asia/Shanghai)\n\nNext runs:\n\n- Monday, 5 January 2026 at 09:30\n- Monday, 12 January',
  );
  expect(await editor.hover(job('  schedule: "@da|ily"\n  suspend: true\n'))).toMatch(/UTC, the usual zone[\s\S]*Suspended/);
  expect(await editor.hover(job('  schedule: "* *|"\n'))).not.toContain('Next runs');
});
