import { Field } from '../documents/field.ts';
import type { Problem } from '../documents/problem.ts';
import type { Tree } from '../documents/tree.ts';
import { fileSource, literalIn } from './generator-sources.ts';
import { type Clash, generatorKinds } from './generators.ts';

/** What kustomize refuses of generators: sources that it cannot read, keys given twice, and objects that are there or not; `clashes` by list and place. */
export function generatorProblems(tree: Tree, clashes: ReadonlyMap<string, Clash>): Problem[] {
  const root = new Field(tree, tree.root);
  return Object.entries(generatorKinds).flatMap(([list, kind]) =>
    root
      .get(list)
      .items()
      .flatMap((generator, index) => [...sourceProblems(generator), ...clashProblems(generator, kind, clashes.get(`${list}/${index}`))]),
  );
}

function sourceProblems(generator: Field): Problem[] {
  const name = generator.get('name').text ?? '';
  const keys = new Set<string>();
  const check = (field: Field, key: string | undefined, refusal: string): Problem[] => {
    if (key === undefined) return [{ ...field.span, severity: 'error', code: 'generator', message: refusal }];
    const isRepeated = keys.has(key);
    keys.add(key);
    // What it makes is called so whether it is a ConfigMap or a Secret.
    const message = `configmap ${name} illegally repeats the key \`${key}\``;
    return isRepeated ? [{ ...field.span, severity: 'error', code: 'generator', message }] : [];
  };
  const sources = (list: string) =>
    generator
      .get(list)
      .items()
      .flatMap((field) => (field.text === undefined ? [] : [{ field, text: field.text }]));
  return [
    ...sources('literals').flatMap(({ field, text }) =>
      check(field, literalIn(text)?.key, `invalid literal source ${text}, expected key=value`),
    ),
    ...sources('files').flatMap(({ field, text }) => check(field, fileSource(text)?.key, fileRefusal(text))),
  ];
}

function fileRefusal(source: string): string {
  const equals = source.indexOf('=');
  const [key, path] = [source.slice(0, equals), source.slice(equals + 1)];
  if (path.includes('=')) return `source ${JSON.stringify(source)} key name or file path contains '='`;
  if (key === '') return `missing key name for file path ${JSON.stringify(path)} in source ${JSON.stringify(source)}`;
  return `missing file path for key name ${JSON.stringify(key)} in source ${JSON.stringify(source)}`;
}

function clashProblems(generator: Field, kind: string, clash: Clash | undefined): Problem[] {
  if (!clash) return [];
  const name = generator.get('name');
  const said = clash === 'missing' ? 'does not exist; cannot merge or replace' : 'exists; behavior must be merge or replace';
  return [{ ...name.span, severity: 'warning', code: 'generator', message: `${kind}/${name.text} ${said}` }];
}
