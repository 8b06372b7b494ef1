import { expect, it } from 'vitest';
import { humanDuration } from '../../../runtime/api/tables/human-duration.ts';

it.each([
  [-3_000, '<invalid>'],
  [-1_000, '0s'],
  [119_000, '119s'],
  [120_000, '2m'],
  [310_000, '5m10s'],
  [10 * 60_000 + 5_000, '10m'],
  [3 * 3_600_000 + 5 * 60_000, '3h5m'],
  [47 * 3_600_000, '47h'],
  [74 * 3_600_000, '3d2h'],
  [30 * 86_400_000, '30d'],
  [(3 * 365 + 7) * 86_400_000, '3y7d'],
  [9 * 365 * 86_400_000, '9y'],
])('%d ms is %s', (milliseconds, text) => {
  expect(humanDuration(milliseconds)).toBe(text);
});
