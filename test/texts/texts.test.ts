import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { config } from '@vscode/l10n';
import { afterAll, describe, expect, test } from 'vitest';
import { rules } from '../../server/rules/index.ts';
import { useLocale } from '../../server/texts.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(resolve(root, path), 'utf8');
const json = (path: string): Record<string, string> => JSON.parse(read(path));
const sources = ['client', 'server'].flatMap((room) =>
  readdirSync(resolve(root, room), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({ name: `${room}/${name}`, text: read(`${room}/${name}`) })),
);

/** The texts in calls of `t` and `l10n.t`. */
const used = sources.flatMap(({ text }) =>
  [...text.matchAll(/(?<![\w$])t\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g)].map(([, single, double]) =>
    (single ?? double ?? '').replaceAll("\\'", "'"),
  ),
);
const ofCode = new Set([...used, ...rules.map(({ title }) => title)]);
const bundle = json('l10n/bundle.l10n.zh-cn.json');
const holes = (text: string) => [...text.matchAll(/\{\d+\}/g)].map(([hole]) => hole).sort();

afterAll(() => config({ contents: {} }));

test('every text of the code has a translation, and no translation is left over', () => {
  expect([...ofCode].filter((text) => bundle[text] === undefined)).toEqual([]);
  expect(Object.keys(bundle).filter((text) => !ofCode.has(text))).toEqual([]);
});

test('translations have the same holes, and are translated', () => {
  for (const [text, translation] of Object.entries(bundle)) {
    expect(holes(translation), text).toEqual(holes(text));
    expect(translation, text).toMatch(/\p{Script=Han}/u);
  }
});

test('no message is shown past the translations', () => {
  const direct =
    /\bshow(?:Information|Warning|Error)Message\(\s*(?:'|"|`(?!Kubeside: \$)[A-Za-z])|setStatusBarMessage\(\s*['"]|\bplaceHolder: ['"]/;
  expect(sources.filter(({ text }) => direct.test(text)).map(({ name }) => name)).toEqual([]);
});

describe('the manifest of the extension', () => {
  const english = json('package.nls.json');
  const chinese = json('package.nls.zh-cn.json');
  const manifest = read('package.json');

  test('names texts that both languages have, and all of them', () => {
    const named = [...manifest.matchAll(/"%([\w.-]+)%"/g)].map(([, name = '']) => name);
    expect(Object.keys(english).sort()).toEqual([...new Set(named)].sort());
    expect(Object.keys(chinese)).toEqual(Object.keys(english));
  });

  test('keeps commands, code and links in a translation', () => {
    const kept = (text: string) => [...text.matchAll(/\(command:[\w.]+\)|`[^`]+`/g)].map(([part]) => part).sort();
    for (const [name, text] of Object.entries(english)) expect(kept(chinese[name] ?? ''), name).toEqual(kept(text));
  });

  test('says nothing but names that are the same in every language', () => {
    const { contributes } = JSON.parse(manifest);
    const texts: string[] = [];
    JSON.stringify(contributes, (key, value) => {
      if (/^(title|name|contents|description|markdownDescription)$/.test(key) && typeof value === 'string') texts.push(value);
      if (key === 'enumDescriptions') texts.push(...value);
      return value;
    });
    expect([...new Set(texts.filter((text) => !/^%.*%$/.test(text)))]).toEqual(['Kubeside']);
  });
});

test('the server speaks the language of the editor, or else English', async () => {
  const { t } = await import('@vscode/l10n');
  await useLocale('zh-cn');
  expect(t('Remove {0}', 'x')).toBe('删除 x');
  await useLocale('fr');
  expect(t('Remove {0}', 'x')).toBe('Remove x');
});
