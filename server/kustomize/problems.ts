import { t } from '@vscode/l10n';
import type { Definitions } from '../../runtime/api/kinds/schema.ts';
import { Field } from '../documents/field.ts';
import type { Problem } from '../documents/problem.ts';
import type { Tree } from '../documents/tree.ts';
import type { Kinds } from '../schemas/kinds.ts';
import { mergePatchProblems } from './inline-patches.ts';
import type { Kustomizations } from './kustomizations.ts';
import { namedPaths, targetOf } from './paths.ts';

/** What kustomize has given other names, as its own warnings say; where only the name has changed, a fix writes the new one. */
const deprecated: readonly { readonly name: string; readonly instead: string; readonly renamed: boolean }[] = [
  { name: 'bases', instead: 'resources', renamed: true },
  { name: 'imageTags', instead: 'images', renamed: true },
  { name: 'patchesJson6902', instead: 'patches', renamed: true },
  { name: 'patchesStrategicMerge', instead: 'patches', renamed: false },
  { name: 'vars', instead: 'replacements', renamed: false },
  { name: 'helmChartInflationGenerator', instead: 'helmCharts', renamed: false },
];

/** What can be said of a kustomization without looking at other files: fields that go away, and patches that stand in it. */
export function kustomizationProblems(tree: Tree, kinds: Kinds, definitions: Definitions): Problem[] {
  return [...deprecations(tree), ...mergePatchProblems(tree, kinds, definitions)];
}

/** Fields that go away. */
export function deprecations(tree: Tree): Problem[] {
  const root = new Field(tree, tree.root);
  return deprecated.flatMap(({ name, instead, renamed }) => {
    const field = root.get(name);
    const span = field.keySpan;
    if (span.end === span.start || root.get(name).source() === 'null') return [];
    const message = `'${name}' is deprecated. Please use '${instead}' instead.`;
    const problem: Problem = { ...span, severity: 'warning', code: 'deprecated', path: name, message };
    if (root.get(instead).exists) return [problem];
    if (renamed) return [{ ...problem, fix: instead }];
    const edit = name === 'patchesStrategicMerge' ? asPatches(field, tree) : undefined;
    return [edit ? { ...problem, edit } : problem];
  });
}

/** `- web.yaml` becomes `- path: web.yaml`. */
function asPatches(field: Field, tree: Tree): Problem['edit'] {
  const items = field.items();
  const end = items.at(-1)?.span.end;
  if (end === undefined || items.some((item) => item.text === undefined || item.text.includes('\n') || item.quoted)) return undefined;
  let newText = 'patches';
  let from = field.keySpan.end;
  for (const { span } of items) {
    newText += `${tree.textOf({ start: from, end: span.start })}path: ${tree.textOf(span)}`;
    from = span.end;
  }
  return { title: t('Change to {0}', "'patches'"), start: field.keySpan.start, end, newText };
}

/** Files and folders that a kustomization names and that are not there. */
export function missingPaths(tree: Tree, uri: string, kustomizations: Kustomizations): Problem[] {
  return namedPaths(new Field(tree, tree.root)).flatMap(({ field, path, folder }) => {
    const target = targetOf(path, uri);
    if (target === undefined || !kustomizations.isMissing(target, folder)) return [];
    const what = /\.ya?ml$/.test(target) ? t('No such file') : t('No kustomization in this folder');
    return [{ ...field.span, severity: 'warning' as const, code: 'missing-file', message: `${what}: ${path}` }];
  });
}
