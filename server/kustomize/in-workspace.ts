import { isSeq } from 'yaml';
import type { Manifest } from '../documents/manifest.ts';
import type { Problem } from '../documents/problem.ts';
import { jsonPatchProblems } from './json-patch.ts';
import type { Kustomizations } from './kustomizations.ts';
import { inPatch } from './patch-problems.ts';
import { isKustomizationFile } from './paths.ts';
import { missingPaths } from './problems.ts';

/**
 * The problems of a document as its place among kustomizations has them: a patch need not be complete, and no rule for objects holds for it; the paths
 * in a kustomization must lead somewhere. `findings` are what rules find.
 */
export function inWorkspace(
  uri: string,
  manifest: Manifest,
  problems: readonly Problem[],
  findings: () => readonly Problem[],
  kustomizations: Kustomizations,
): readonly Problem[] {
  const { tree, template, tooLong } = manifest;
  if (template || tooLong || !tree.sound) return [...problems, ...findings()];
  if (kustomizations.isPatch(uri)) return isSeq(tree.root) ? jsonPatchProblems(tree) : inPatch(problems);
  return [...problems, ...(isKustomizationFile(uri) ? missingPaths(tree, uri, kustomizations) : findings())];
}
