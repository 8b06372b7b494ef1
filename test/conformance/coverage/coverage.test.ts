import { expect, it } from 'vitest';
import { complaints, namesIn, readBehaviours, readOfficial, readWaiting } from './coverage.ts';

it('finds every official conformance test in the suite, or in the list of what waits, and never in both', () => {
  expect(complaints(readOfficial(), readBehaviours(), readWaiting('not-yet.yaml'), readWaiting('api-part.yaml'))).toEqual([]);
});

it('knows the official tests of all the special interest groups', () => {
  const count = (sig: string) => readOfficial().filter((name) => name.startsWith(`[sig-${sig}] `)).length;
  // As many as the list of upstream has.
  expect(['api-machinery', 'apps', 'auth', 'cli', 'instrumentation', 'network', 'node', 'scheduling', 'storage'].map(count)).toEqual([
    99, 60, 10, 17, 4, 47, 106, 11, 91,
  ]);
});

it.each([
  ['nothing to complain about', ['a'], ['b'], []],
  ['neither', ['a'], [], ['neither proven nor waiting: b']],
  ['both', ['a', 'b'], ['b'], ['proven and waiting: b']],
  ['twice', ['a', 'a'], ['b'], ['proven twice: a']],
  ['a name that is not official', ['a', 'c'], ['b'], ['not official: c']],
  ['waiting for what is not official', ['a'], ['b', 'c'], ['not official: c']],
])('complains of %s', (_, proven, waiting, wanted) => {
  const groups = waiting.length === 0 ? [] : [{ why: 'a reason', tests: waiting }];
  expect(complaints(['a', 'b'], proven, groups)).toEqual(wanted);
});

it('asks that what is proven in part be proven', () => {
  expect(complaints(['a', 'b'], ['a'], [{ why: 'a reason', tests: ['b'] }], [{ why: 'a reason', tests: ['b'] }])).toEqual([
    'in part, but not proven: b',
  ]);
});

it('asks for a reason', () => {
  expect(complaints(['a'], [], [{ why: ' ', tests: ['a'] }])).toEqual(['no reason or no test:  ']);
});

it('reads names out of sources however they are quoted', () => {
  expect(namesIn(`behaviour('[sig-a] plain', f); behaviour("[sig-b] it's \\"quoted\\"", f); behaviour('own: nothing', f);`)).toEqual([
    '[sig-a] plain',
    '[sig-b] it\'s "quoted"',
  ]);
});
