import { t } from '@vscode/l10n';
import { type Diagnostic, DiagnosticSeverity, DiagnosticTag, type Range } from 'vscode-languageserver';
import { groupOf } from '../../runtime/api/kinds/kind.ts';
import type { Definitions } from '../../runtime/api/kinds/schema.ts';
import type { ManifestFile, Placed } from '../documents/file.ts';
import type { Manifest } from '../documents/manifest.ts';
import type { Problem } from '../documents/problem.ts';
import { kustomizationProblems } from '../kustomize/problems.ts';
import { checkDocument } from '../schemas/check-document.ts';
import type { Kinds } from '../schemas/kinds.ts';
import { kustomizeGroup } from '../schemas/kustomization.ts';
import { isManifest } from '../schemas/routing.ts';
import { holdsInTemplate } from '../schemas/template-problems.ts';

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
} as const;

/** Problems of one file beyond this many are not told: nobody reads them. */
const problemLimit = 1000;

/** What is wrong with one document. Kept with the document until it or the known kinds change. */
export function problemsOf(manifest: Manifest, kinds: Kinds, definitions: Definitions): readonly Problem[] {
  const known = manifest.problems(kinds.generation);
  if (known) return known;
  const problems = findProblems(manifest, kinds, definitions);
  manifest.keepProblems(kinds.generation, problems);
  return problems;
}

function findProblems(manifest: Manifest, kinds: Kinds, definitions: Definitions): readonly Problem[] {
  // Syntax is told of documents that do not say what they are, too: others of the file are manifests, or nobody would have asked.
  const { apiVersion, kind } = manifest.header;
  if (manifest.empty || ((apiVersion ?? kind ?? manifest.tree.sound) && !isManifest(manifest, kinds))) return [];
  if (manifest.tooLong) {
    const start = manifest.header.content;
    const message = t('This document is too long to be checked here. It can still be applied.');
    return [{ start, end: start + 1, severity: 'information', code: 'too-long', message }];
  }
  const { tree } = manifest;
  // What is broken before rendering may be whole afterwards.
  if (!tree.sound) return manifest.template ? [] : tree.problems;
  const problems = checkDocument(tree, kinds, definitions);
  if (groupOf(manifest.header.apiVersion?.text ?? '') === kustomizeGroup)
    return [...problems, ...kustomizationProblems(tree, kinds, definitions)];
  return manifest.template ? problems.filter((problem) => holdsInTemplate(manifest, problem)) : problems;
}

/** The problems of a file as the editor takes them. */
export function diagnosticsOf(file: ManifestFile, problems: readonly (readonly Problem[])[]): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  for (const placed of file.documents) {
    for (const problem of problems[placed.index] ?? []) {
      if (diagnostics.length === problemLimit) return diagnostics;
      diagnostics.push({
        range: file.range(placed, problem.start, Math.max(problem.end, problem.start)),
        severity: severities[problem.severity],
        code: problem.code,
        source: 'Kubeside',
        message: problem.message,
        ...(problem.deprecated && { tags: [DiagnosticTag.Deprecated] }),
        ...dataOf(file, placed, problem),
      });
    }
  }
  return diagnostics;
}

/** What a quick fix needs to know again when the editor sends the problem back. */
export interface ProblemData {
  readonly fix?: string;
  /** The version that the object can be brought to. */
  readonly migrateTo?: string;
  /** What to replace together with the range. */
  readonly also?: { readonly range: Range; readonly newText: string };
  readonly edit?: { readonly title: string; readonly range: Range; readonly newText: string };
  readonly rule?: string;
}

function dataOf(file: ManifestFile, placed: Placed, { fix, also, migrateTo, edit, rule, code }: Problem): { data?: ProblemData } {
  if (fix === undefined && migrateTo === undefined && !edit && !rule) return {};
  return {
    data: {
      ...(fix !== undefined && { fix }),
      ...(migrateTo !== undefined && { migrateTo }),
      ...(also && { also: { range: file.range(placed, also.start, also.end), newText: also.newText } }),
      ...(edit && { edit: { title: edit.title, range: file.range(placed, edit.start, edit.end), newText: edit.newText } }),
      ...(rule && { rule: code }),
    },
  };
}

/** What is told instead of problems when a file is too long to look into. */
export function tooLongDiagnostics(file: ManifestFile): Diagnostic[] {
  const start = file.positionAt(0);
  const range = { start, end: file.positionAt(1) };
  const message = t('This file is too long to be checked here. Its documents can still be applied.');
  return [{ range, severity: DiagnosticSeverity.Information, code: 'too-long', source: 'Kubeside', message }];
}
