import type { CodeAction, CodeActionContext, Diagnostic, Range } from 'vscode-languageserver';
import type { Definitions } from '../../../runtime/api/kinds/schema.ts';
import { Field } from '../../documents/field.ts';
import type { ManifestFile } from '../../documents/file.ts';
import { placeAt } from '../../documents/path.ts';
import type { Problem } from '../../documents/problem.ts';
import type { WorkspaceIndex } from '../../index/workspace-index.ts';
import { kindAt } from '../../schemas/kind-at.ts';
import type { Kinds } from '../../schemas/kinds.ts';
import { diagnosticsOf } from '../diagnostics.ts';
import { quickFixes } from '../quick-fixes.ts';
import type { Action, ActionContext } from './action.ts';
import { companions } from './companions.ts';
import { containerActions } from './container.ts';
import { convertType } from './convert-type.ts';
import { declareVolume } from './declare-volume.ts';
import { extractEnv } from './extract-env.ts';
import { fixAll, fixAllKind } from './fix-all.ts';
import { flowStyle } from './flow-style.ts';
import { matchLabels } from './match-labels.ts';
import { oldBackEnds } from './old-back-ends.ts';
import { pinImage } from './pin-image.ts';
import { podActions } from './pod.ts';
import { removeField } from './remove-field.ts';
import { requiredFields } from './required-fields.ts';
import { selectedLabels } from './selected-labels.ts';

/** What mends a problem, the likeliest first; then what can be done at the cursor without one. */
const forProblems: readonly Action[] = [convertType, oldBackEnds, declareVolume, requiredFields, matchLabels, removeField];
const forPlaces: readonly Action[] = [pinImage, selectedLabels, extractEnv, containerActions, podActions, companions, flowStyle];

export interface ActionParts {
  readonly kinds: Kinds;
  readonly definitions: Definitions;
  readonly index: WorkspaceIndex;
  /** The problems of each document of the file. */
  readonly problems: readonly (readonly Problem[])[];
}

/** All that can be done for problems and at a place of a file, of the sorts that the editor asks for. */
export function codeActions(file: ManifestFile, range: Range, asked: CodeActionContext, parts: ActionParts): CodeAction[] {
  const isAsked = (kind = '') => !asked.only || asked.only.some((only) => kind === only || kind.startsWith(`${only}.`));
  if (asked.only?.some((only) => fixAllKind === only || fixAllKind.startsWith(`${only}.`))) {
    return fixAll(file, diagnosticsOf(file, parts.problems), (diagnostics) => fixes(file, diagnostics, parts));
  }
  return [...fixes(file, asked.diagnostics, parts), ...atPlace(file, range, asked.diagnostics, parts)].filter(({ kind }) => isAsked(kind));
}

function fixes(file: ManifestFile, diagnostics: readonly Diagnostic[], parts: ActionParts): CodeAction[] {
  const further = diagnostics.flatMap((diagnostic) => {
    const context = contextAt(file, diagnostic.range, [diagnostic], parts);
    return context ? forProblems.flatMap((action) => action(context)) : [];
  });
  return unique([...quickFixes(file, diagnostics), ...further]);
}

function atPlace(file: ManifestFile, range: Range, diagnostics: readonly Diagnostic[], parts: ActionParts): CodeAction[] {
  const context = contextAt(file, range, diagnostics, parts);
  return context ? forPlaces.flatMap((action) => action(context)) : [];
}

function contextAt(file: ManifestFile, range: Range, diagnostics: readonly Diagnostic[], parts: ActionParts): ActionContext | undefined {
  const placed = file.at(range.start);
  if (!placed || file.tooLong || placed.manifest.tooLong || placed.manifest.empty) return undefined;
  // What a template lacks may come with rendering, and its text is not what is looked at.
  if (placed.manifest.template || placed.manifest.text.includes('{{')) return undefined;
  const { tree } = placed.manifest;
  if (!tree.sound && !tree.root) return undefined;
  // Where tabs indent, no column is what it seems.
  if (!tree.sound && /^[ -]*\t/m.test(placed.manifest.text)) return undefined;
  const start = file.offsetAt(range.start) - placed.start;
  const path = placeAt(tree, start)?.path ?? [];
  const found = kindAt(placed.manifest, path, parts.kinds);
  if (!found || found.known.tool) return undefined;
  const problems = parts.problems[placed.index] ?? [];
  const reported = diagnostics.flatMap((diagnostic) => {
    const same = problems.find(
      (problem) => problem.message === diagnostic.message && file.offsetAt(diagnostic.range.start) === placed.start + problem.start,
    );
    return same ? [{ problem: same, diagnostic }] : [];
  });
  const objectPath = path.slice(0, path.length - found.rest.length);
  const facts = parts.index.document(file.uri, placed.index)?.objects.find((one) => !one.made && one.path.join() === objectPath.join());
  return {
    file,
    placed,
    object: new Field(tree, tree.root).at(objectPath),
    facts,
    known: found.known,
    path,
    start,
    end: file.offsetAt(range.end) - placed.start,
    reported,
    problems,
    definitions: parts.definitions,
    index: parts.index,
  };
}

/** The same action for two problems is one. */
function unique(actions: readonly CodeAction[]): CodeAction[] {
  const seen = new Set<string>();
  return actions.filter(({ title, edit }) => {
    const key = `${title} ${JSON.stringify(edit)}`;
    return !seen.has(key) && seen.add(key);
  });
}
