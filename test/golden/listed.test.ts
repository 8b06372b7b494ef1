import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listedDifferences } from './listed.ts';

test('every difference of the list is read, with its place and its cases', () => {
  const list = readFileSync(join(import.meta.dirname, 'differences.md'), 'utf8');
  const listed = listedDifferences(list);
  expect(listed.length).toBe(list.slice(list.indexOf('## By case')).match(/^- `/gm)?.length);
  for (const { cases } of listed) for (const id of cases) expect(id).toMatch(/^[\w-]+\/[\w.-]+$/);
});

test('a place stands for one part of an answer, or for any number', () => {
  const [one] = listedDifferences('## By case\n- `/body/*/x.y/{a,b}**` — new. in 1.30. apply: first, second; delete: third\n');
  expect([...(one?.cases ?? [])]).toEqual(['apply/first', 'apply/second', 'delete/third']);
  const covers = (id: string, place: string) => one?.covers(id, place);
  expect(covers('apply/second', '/body/0/x.y/b/c/d')).toBe(true);
  expect(covers('apply/second', '/body/0/1/x.y/b')).toBe(false);
  expect(covers('apply/second', '/body/0/xzy/a')).toBe(false);
  expect(covers('apply/third', '/body/0/x.y/a')).toBe(false);
});
