import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { readOutline } from '../../server/documents/outline.ts';
import type { OutlineNode } from '../../server/documents/outline-node.ts';
import { formatPath } from '../../server/documents/path.ts';
import { splitDocuments } from '../../server/documents/split.ts';

const folder = join(import.meta.dirname, '../corpus/manifests');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.ya?ml$/.test(name));

/** Every field with how deep it is in, as the outline and as the parser see it. */
function shape(node: OutlineNode): unknown {
  if (node.kind === 'map') return Object.fromEntries(node.children.map((child) => [child.name, shape(child)]));
  if (node.kind === 'list') return node.children.map(shape);
  return '';
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item)]));
  return '';
}

test('of a whole document agrees with the parser', () => {
  let compared = 0;
  for (const file of files) {
    const text = readFileSync(join(folder, file), 'utf8');
    for (const { start, end } of splitDocuments(text)) {
      const part = text.slice(start, end);
      const [document] = parseAllDocuments(part, { uniqueKeys: false });
      if (!document || !('contents' in document) || document.errors.length > 0 || part.includes('{{')) continue;
      expect(shape(readOutline(part).root), file).toEqual(plain(document.toJS()));
      compared++;
    }
  }
  expect(compared).toBeGreaterThan(120);
});

/** What stands where `|` stands. */
function spotIn(marked: string): string {
  const at = marked.indexOf('|');
  const { spot } = readOutline(marked.slice(0, at) + marked.slice(at + 1), at);
  switch (spot?.type) {
    case 'line':
      return `line ${spot.column} below ${spot.chain.map((node) => node.name).join('/')}`;
    case 'field':
      return `field of ${formatPath(spot.parent.path)}${spot.self ? ` named ${spot.self.name}` : ''} with ${spot.parent.children.map((node) => node.name)}`;
    case 'value':
      return `value of ${formatPath(spot.node.path)}`;
    case 'item':
      return `item of ${formatPath(spot.parent.path)}`;
    default:
      return spot?.type ?? 'nothing';
  }
}

describe('the spot under the cursor', () => {
  test.each([
    ['|', 'line 0 below '],
    ['spec:\n  |', 'line 2 below /spec'],
    ['spec:\n  rep|\n  a: 1\n', 'line 2 below /spec'],
    ['spec:\n  a:\n  - |', 'field of spec.a[0] with '],
    ['spec:\n  a:\n  - na|\n    image: b\n', 'field of spec.a[0] with image'],
    ['spec:\n  a:\n  - na|me: x\n    image: b\n', 'field of spec.a[0] named name with name,image'],
    ['spec:\n  a: |\n  b: 1', 'value of spec.a'],
    ['spec:\n  a: "x|"\n  b: 1', 'value of spec.a'],
    ['spec:\n  a: {x: 1, |}\n', 'field of spec.a with x'],
    ['spec:\n  a: {x: |}\n', 'value of spec.a.x'],
    ['spec:\n  a: {x: {y|\n  b: 1\n', 'field of spec.a.x with '],
    ['spec:\n  a: [1, |\n  b: 1\n', 'item of spec.a'],
    ['{"spec": {"a": "|"}}', 'value of spec.a'],
    ['{\n  "spec": {\n    "a": 1,\n    |\n  }\n}', 'field of spec with a'],
    ['a: {x: 1}\nb:\n  - {y: [1]}\n  - c: |', 'value of b[1].c'],
    ['a: 1 # |', 'text'],
    ['a: ~\n# |', 'text'],
    ['a: >\n  text |\n', 'text'],
    ['--- |', 'field of  with '],
    ['---|', 'text'],
    ['a:\n    b: 1\n  c: 2\n  d: |', 'value of a.d'],
    ['a:\n  - b: 1\n  c: |', 'value of a[0].c'],
  ])('of %j is %s', (marked, expected) => {
    expect(spotIn(marked)).toBe(expected);
  });
});
