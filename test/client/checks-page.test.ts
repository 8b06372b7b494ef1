import { expect, test } from 'vitest';
import { checksPage } from '../../client/language/checks-page.ts';

test('each check has a row, with what the settings changed and what others call it', () => {
  const page = checksPage('strict', [
    { id: 'a', title: 'One | two', why: 'It matters.', usual: 'off', severity: 'information', equivalents: ['kube-linter b', 'polaris c'] },
    { id: 'd', title: 'Three', why: 'So it is.', usual: 'hint', severity: 'hint', equivalents: [] },
  ]);
  expect(page).toContain('The profile is `strict`');
  expect(page.split('\n').filter((line) => line.startsWith('| `'))).toEqual([
    '| `a` | One \\| two. It matters. | **information** (off by default) | kube-linter b, polaris c |',
    '| `d` | Three. So it is. | hint |  |',
  ]);
});
