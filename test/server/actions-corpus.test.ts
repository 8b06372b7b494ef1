import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { ManifestFile } from '../../server/documents/file.ts';
import { Workspace } from '../../server/documents/workspace.ts';
import { codeActions } from '../../server/features/actions/index.ts';
import { diagnosticsOf, problemsOf } from '../../server/features/diagnostics.ts';
import { WorkspaceIndex } from '../../server/index/workspace-index.ts';
import { loadDefinitions } from '../../server/schemas/generated.ts';
import { Kinds } from '../../server/schemas/kinds.ts';

/** One line in so many is stood on; 1 stands on all of them. */
const stride = Number(process.env.ACTIONS_STRIDE ?? 13);

const folder = join(import.meta.dirname, '../corpus/manifests');
const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.ya?ml$/.test(name));
const uri = 'file:///a.yaml';
const comments = (text: string) => [...text.matchAll(/(?:^|\s)#.*/g)].length;

test('every action that is offered in the corpus leaves a manifest as right as it was, with its comments', {
  timeout: 3_600_000,
}, async () => {
  const definitions = await loadDefinitions();
  const kinds = new Kinds(new Workspace());
  const problemsIn = (file: ManifestFile) => file.documents.map(({ manifest }) => problemsOf(manifest, kinds, definitions));
  const errorsIn = (text: string) => {
    const file = new ManifestFile(TextDocument.create(uri, 'yaml', 1, text));
    return problemsIn(file)
      .flat()
      .filter(({ severity }) => severity === 'error')
      .map(({ message }) => message);
  };
  const wrong: string[] = [];
  const offered = new Map<string, number>();
  for (const [number, name] of names.entries()) {
    const text = readFileSync(join(folder, name), 'utf8');
    const document = TextDocument.create(uri, 'yaml', 1, text);
    const file = new ManifestFile(document);
    const index = new WorkspaceIndex();
    index.touch(file);
    const problems = problemsIn(file);
    const before = problems
      .flat()
      .filter(({ severity }) => severity === 'error')
      .map(({ message }) => message);
    const diagnostics = diagnosticsOf(file, problems);
    for (let line = number % stride; line < document.lineCount; line += stride) {
      const written = document.getText({ start: { line, character: 0 }, end: { line: line + 1, character: 0 } });
      const position = { line, character: Math.min(written.search(/[^\s-]|$/) + 1, written.length) };
      const here = diagnostics.filter(({ range }) => range.start.line === line);
      for (const { title, edit } of codeActions(
        file,
        { start: position, end: position },
        { diagnostics: here },
        { kinds, definitions, index, problems },
      )) {
        const after = TextDocument.applyEdits(document, edit?.changes?.[uri] ?? []);
        const sort = title.replace(/ (?:for|to the|of|to|all|field) .*/, '');
        offered.set(sort, (offered.get(sort) ?? 0) + 1);
        const fresh = errorsIn(after).filter((message) => !before.includes(message));
        const isMending = here.some(({ severity }) => severity === 1);
        if ((fresh.length > 0 && !isMending) || (comments(after) < comments(text) && !title.startsWith('Remove')))
          wrong.push(`${name}:${line + 1} ${title}: ${fresh[0] ?? 'a comment is lost'}`);
      }
    }
  }
  expect(wrong).toEqual([]);
  expect(offered.size).toBeGreaterThan(8);
});
