import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { config } from '@vscode/l10n';
import { afterAll, describe, expect, test } from 'vitest';
import { useLocale } from '../../server/texts.ts';
import { readTexts, type SourceText, textsIn } from './source-texts.ts';
import { namesAndCode, untold, wordsOfOthers } from './untranslated.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(resolve(root, path), 'utf8');
const json = (path: string): Record<string, string> => JSON.parse(read(path));
const holes = (text: string) => [...text.matchAll(/\{\d+\}/g)].map(([hole]) => hole).sort();
const textsOf = (list: readonly SourceText[]) => list.map(({ text }) => text);
const told = (list: readonly SourceText[]) => list.map(({ file, text }) => `${file}: ${text}`);

afterAll(() => config({ contents: {} }));

const client = readTexts('client');
const media = readTexts('media');
const server = readTexts('server');

/** Where texts stand in tables, and are translated where they are shown. */
const tables = /^server\/(?:rules\/|features\/completion\/(?:labels|pods|ports|schedules|well-known)\.ts)/;
const kept = new Set([...wordsOfOthers, ...namesAndCode]);
const isKept = ({ file, text }: SourceText) => kept.has(`${file}: ${text}`) || untold.some((path) => file.startsWith(path));
const inTables = server.bare.filter((found) => tables.test(found.file) && !isKept(found));

describe.each([
  {
    bundle: 'l10n/bundle.l10n.zh-cn.json',
    wanted: [...textsOf(client.translated), ...textsOf(media.translated)],
  },
  {
    bundle: 'l10n/server.zh-cn.json',
    wanted: [...textsOf(server.translated), ...textsOf(inTables)],
  },
])('$bundle', ({ bundle, wanted }) => {
  const translations = json(bundle);

  test('has every text of the code, and no other', () => {
    expect(wanted.filter((text) => translations[text] === undefined)).toEqual([]);
    expect(Object.keys(translations).filter((text) => !wanted.includes(text))).toEqual([]);
  });

  test('keeps the holes of a text, and the code in it', () => {
    const code = (text: string) => [...text.matchAll(/`[^`]+`/g)].map(([part]) => part).sort();
    for (const [text, translation] of Object.entries(translations)) {
      expect(holes(translation), text).toEqual(holes(text));
      expect(code(translation), text).toEqual(code(text));
    }
  });

  test('is in Chinese', () => {
    const same = new Set(['{0} of {1}', '{0} of {1} CPU', 'Pods', 'HTTP', 'HTTPS', 'DNS']);
    for (const [text, translation] of Object.entries(translations))
      if (!same.has(text) && /[A-Za-z]/.test(text)) expect(translation, text).toMatch(/\p{Script=Han}/u);
  });
});

test.each([
  ["t('A text')", 'translated', 'A text'],
  ["vscode.l10n.t('A text with {0}', name)", 'translated', 'A text with {0}'],
  ["throw new Error(t('A text'))", 'translated', 'A text'],
  ['t(rule.title)', 'passedOn', 'rule.title'],
  ["h('b', {}, 'Stopped')", 'bare', 'Stopped'],
  ["const row = { label: 'Nodes' }", 'bare', 'Nodes'],
  ["const button = { 'aria-label': on ? 'On' : name ?? word }", 'bare', 'On'],
  ["say(t('{0} of {1}', 'the last one', n))", 'bare', 'the last one'],
  [`say(\`\${n} pods are ready\`)`, 'composed', '… pods are ready'],
] as const)('texts are found in the code: %s', (code, kind, text) => {
  expect(textsOf(textsIn('a.ts', code)[kind])).toEqual([text]);
});

test('what is no text for a person is passed over', () => {
  const code = "import a from 'b and c'; log.info('the window is gone'); throw new Error('no such thing'); const x = { class: 'dim num' };";
  expect(textsIn('a.ts', code)).toEqual({ translated: [], passedOn: [], bare: [], composed: [] });
});

describe('nothing is shown past the translations', () => {
  test('by the extension and its page', () => {
    expect(told([...client.bare, ...media.bare])).toEqual([
      // Kubernetes' own words.
      'client/manifest/apply.ts: not found',
      "client/manifest/manifest.ts: Object 'Kind' is missing.",
      // Names and selectors of styles.
      'media/dashboard/boards.ts: tiny loud',
      'media/dashboard/keyboard.ts: [tabindex="0"], vscode-text-field, vscode-button, button:not([tabindex="-1"])',
    ]);
  });

  test('in texts with something put into them', () => {
    const isPage = (text: string) => text.startsWith('<!doctype html>');
    expect(told([...client.composed, ...media.composed].filter(({ text }) => !isPage(text)))).toEqual([
      'client/cluster/connection.ts: Bearer …',
      'client/commands/object-commands.ts:  --namespace …',
      'client/commands/object-commands.ts: kubectl get … …… --output yaml',
      "client/dashboard/dashboard-panel.ts: style-src … 'nonce-…'",
      'client/dashboard/dashboard-panel.ts: font-src …',
      // Kubernetes' own words.
      'client/manifest/apply.ts: No matches for kind "…" in version "…".',
      'client/manifest/manifest-commands.ts: Kubeside: …',
      'client/manifest/server-errors.ts: Unknown field "…"',
      'media/dashboard/boards.ts: … / … / span … / span …',
      'media/dashboard/boards.ts: span …',
      'media/dashboard/boards.ts: span …',
      'media/dashboard/dense-map.ts: 10px …',
      'media/dashboard/page.ts: span …',
    ]);
  });

  test('by the language server', () => {
    const found = [...server.bare.filter(({ file }) => !tables.test(file)), ...server.composed];
    expect(told(found.filter((text) => !isKept(text)))).toEqual([]);
    const all = told([...server.bare, ...server.composed]);
    expect([...kept].filter((text) => !all.includes(text))).toEqual([]);
  });

  test('in texts that come from elsewhere', () => {
    expect(told([...client.passedOn, ...media.passedOn])).toEqual([]);
    // A text that came into a bundle by another way than these would not be found here.
    expect([...new Set(told(server.passedOn))]).toEqual([
      'server/features/completion/labels.ts: by',
      'server/features/completion/pods.ts: detail',
      'server/features/completion/ports.ts: detail',
      'server/features/completion/schedules.ts: detail',
      'server/features/completion/well-known.ts: detail',
      'server/features/quick-fixes.ts: rule.title',
      'server/features/rules.ts: rule.title',
      'server/features/rules.ts: rule.why',
      'server/rules/lint/exposed-secret.ts: token',
      'server/rules/run.ts: finding.message',
    ]);
  });
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
