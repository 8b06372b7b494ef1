import { isMap, isSeq } from 'yaml';
import type { Manifest } from '../documents/manifest.ts';
import type { Problem } from '../documents/problem.ts';
import type { Tree } from '../documents/tree.ts';
import { SchemaCheck } from '../schemas/check.ts';
import { kustomizationSchema } from '../schemas/kustomization.ts';
import { newest } from '../versions/history.ts';
import { jsonPatchProblems } from './json-patch.ts';
import type { Kustomizations } from './kustomizations.ts';
import { inPatch } from './patch-problems.ts';
import { isKustomizationFile } from './paths.ts';
import { deprecations, missingPaths } from './problems.ts';

/** A kustomization may leave out what it is: its file's name says so. */
function isNameless({ header, empty }: Manifest): boolean {
  return !empty && !header.apiVersion && !header.kind;
}

function namelessProblems(tree: Tree): readonly Problem[] {
  const check = new SchemaCheck(tree, {}, newest);
  if (isMap(tree.root)) check.object(tree.root, kustomizationSchema, []);
  return [...check.problems, ...deprecations(tree)];
}

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
  const patch = kustomizations.isPatch(uri);
  // Most files are neither, and their documents need not be parsed for this.
  if ((!patch && !isKustomizationFile(uri)) || manifest.template || manifest.tooLong) return [...problems, ...findings()];
  const { tree } = manifest;
  if (!tree.sound) return [...problems, ...findings()];
  if (patch) return isSeq(tree.root) ? jsonPatchProblems(tree) : inPatch(problems);
  return [...problems, ...(isNameless(manifest) ? namelessProblems(tree) : []), ...missingPaths(tree, uri, kustomizations)];
}
