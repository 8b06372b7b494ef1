import { expect, test } from 'vitest';
import { expand } from '../../runtime/kubelet/pods/environment.ts';

const values: Readonly<Record<string, string>> = { A: 'a', 'A$(B': 'odd', '': 'empty' };
const expanded = (text: string) => expand(text, (name) => values[name]);

test.each([
  ['$(A) $(B)', 'a $(B)'],
  ['$$(A) $$$(A) $$', '$(A) $a $'],
  ['$(A$(B)', 'odd'],
  ['$()', 'empty'],
  ['$(A) $(A $$(A $$$', 'a $(A $(A $$'],
  [')$', ')$'],
  ['', ''],
])('%j becomes %j', (text, told) => {
  expect(expanded(text)).toBe(told);
});

test('a text with many names that do not end is gone through once', () => {
  const open = '$('.repeat(500_000);
  expect(expanded(open)).toBe(open);
  expect(expanded(`$(A)${open}`)).toBe(`a${open}`);
});
