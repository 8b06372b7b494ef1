import { t } from '@vscode/l10n';
import { isMap, isScalar, isSeq, type Node } from 'yaml';
import type { Definitions } from '../../runtime/api/kinds/schema.ts';
import { Field } from '../documents/field.ts';
import type { Problem } from '../documents/problem.ts';
import { rangeOf, Tree } from '../documents/tree.ts';
import { checkDocument } from '../schemas/check-document.ts';
import type { Kinds } from '../schemas/kinds.ts';
import { jsonPatchProblems } from './json-patch.ts';
import type { Kustomizations } from './kustomizations.ts';
import { inPatch } from './patch-problems.ts';
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
  return [...deprecations(tree), ...inlinePatches(tree, kinds, definitions)];
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

/** Patches in blocks of text are YAML of their own, checked where they stand. */
function inlinePatches(tree: Tree, kinds: Kinds, definitions: Definitions): Problem[] {
  return blocks(tree).flatMap((block) => {
    const { start, end } = rangeOf(block);
    const content = tree.textOf({ start, end });
    const first = content.indexOf('\n') + 1;
    if (first === 0) return [];
    const patch = new Tree(content.slice(first));
    const problems = patch.sound ? patchProblems(patch, kinds, definitions) : patch.problems;
    const shift = start + first;
    return problems.map((problem) => ({
      ...problem,
      start: problem.start + shift,
      end: problem.end + shift,
      ...(problem.edit && { edit: { ...problem.edit, start: problem.edit.start + shift, end: problem.edit.end + shift } }),
    }));
  });
}

function blocks(tree: Tree): Node[] {
  if (!isMap(tree.root)) return [];
  const found: Node[] = [];
  for (const { name, value } of tree.own(tree.root)) {
    if (!['patches', 'patchesJson6902', 'patchesStrategicMerge'].includes(name) || !isSeq(value)) continue;
    for (const item of value.items) {
      const patch = isMap(item) ? tree.own(item).find((entry) => entry.name === 'patch')?.value : item;
      if (isScalar(patch) && (patch.type === 'BLOCK_LITERAL' || patch.type === 'BLOCK_FOLDED')) found.push(patch);
    }
  }
  return found;
}

/** What is wrong with a patch: a JSON patch when it is a list, a strategic merge patch otherwise. */
export function patchProblems(tree: Tree, kinds: Kinds, definitions: Definitions): Problem[] {
  return isSeq(tree.root) ? jsonPatchProblems(tree) : inPatch(checkDocument(tree, kinds, definitions));
}

/** Files and folders that a kustomization names and that are not there. */
export function missingPaths(tree: Tree, uri: string, kustomizations: Kustomizations): Problem[] {
  return namedPaths(new Field(tree, tree.root)).flatMap(({ field, path, folder }) => {
    const target = targetOf(path, uri);
    if (!kustomizations.isMissing(target, folder)) return [];
    const what = /\.ya?ml$/.test(target) ? t('No such file') : t('No kustomization in this folder');
    return [{ ...field.span, severity: 'warning' as const, code: 'missing-file', message: `${what}: ${path}` }];
  });
}
