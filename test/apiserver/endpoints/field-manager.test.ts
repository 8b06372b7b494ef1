import { expect, test } from 'vitest';
import { managerOf } from '../../../runtime/apiserver/endpoints/field-manager.ts';

/** UTF-8 as a header carries it: a character for each byte. */
const header = (text: string) => Buffer.from(text).toString('latin1');

// What upstream's prefixFromUserAgent gives; nobody is unknown.
test.each([
  [null, 'unknown'],
  ['', 'unknown'],
  ['/1.0', 'unknown'],
  ['kubectl/v1.36.0 (linux/amd64)', 'kubectl'],
  [`${'a'.repeat(130)}/1`, 'a'.repeat(128)],
  [header(`${'é'.repeat(70)}/1`), 'é'.repeat(64)],
  [header(`a${'é'.repeat(70)}/1`), `a${'é'.repeat(63)}`],
  [header(`${'😀'.repeat(40)}/1`), '😀'.repeat(32)],
  [header(`${'a'.repeat(126)}😀b`), 'a'.repeat(126)],
  [header('a\u200bb\u00a0c\u0085'), 'abc'],
  ['a\xff', 'a\ufffd'],
])('%j is %s', (userAgent, manager) => {
  expect(managerOf(userAgent)).toBe(manager);
});
