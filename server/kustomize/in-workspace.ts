import { isMap, isSeq } from 'yaml';
import type { Manifest } from '../documents/manifest.ts';
import type { Problem } from '../documents/problem.ts';
import type { Tree } from '../documents/tree.ts';
import { SchemaCheck } from '../schemas/check.ts';
import type { Kinds } from '../schemas/kinds.ts';
import { kustomizationSchema } from '../schemas/kustomization.ts';
import { newest } from '../versions/history.ts';
import { generatorProblems } from './generator-problems.ts';
import { jsonPatchesProblems, mergePatchProblems, unmatchedProblems } from './inline-patches.ts';
import { checkJsonPatch } from './json-patch-check.ts';
import type { Kustomizations } from './kustomizations.ts';
import { inPatch } from './patch-problems.ts';
import type { Schemas } from './patched-fields.ts';
import type { Met } from './patches.ts';
import { isKustomizationFile } from './paths.ts';
import { deprecations, missingPaths } from './problems.ts';
import { unusedEntryProblems } from './unused-entries.ts';

/** What documents are compared with. */
export interface Surroundings {
  readonly kustomizations: Kustomizations;
  readonly kinds: Kinds;
  readonly schemas: Schemas;
  /** What the JSON patches of the document meet. */
  readonly met: Met;
}

/** A kustomization may leave out what it is: its file's name says so. */
function isNameless({ header, empty }: Manifest): boolean {
  return !empty && !header.apiVersion && !header.kind;
}

function namelessProblems(tree: Tree, { kinds, schemas }: Surroundings): readonly Problem[] {
  const check = new SchemaCheck(tree, {}, newest, { anyCase: true });
  if (isMap(tree.root)) check.object(tree.root, kustomizationSchema, []);
  return [...check.problems, ...deprecations(tree), ...mergePatchProblems(tree, kinds, schemas.definitions)];
}

/**
 * The problems of a document as its place among kustomizations has them: a patch need not be complete, and no rule for objects holds for it; the paths
 * in a kustomization must lead somewhere, and its JSON patches must fit what they are applied to. `findings` are what rules find.
 */
export function inWorkspace(
  uri: string,
  manifest: Manifest,
  problems: readonly Problem[],
  findings: () => readonly Problem[],
  surroundings: Surroundings,
): readonly Problem[] {
  const { kustomizations, kinds, schemas, met } = surroundings;
  const patch = kustomizations.isPatch(uri);
  // Plugins have kinds that nobody defines.
  const isUnknown = ({ code }: Problem) => code === 'unknown-kind';
  if (problems.some(isUnknown) && kustomizations.isPlugin(uri)) return problems.filter((problem) => !isUnknown(problem));
  // Most files are neither, and their documents need not be parsed for this.
  if ((!patch && !isKustomizationFile(uri)) || manifest.template || manifest.tooLong) return [...problems, ...findings()];
  const { tree } = manifest;
  if (!tree.sound) return problems.length === 0 && patch ? tree.problems : [...problems, ...findings()];
  if (patch) return isSeq(tree.root) ? checkJsonPatch(tree, met.file, kinds, schemas) : inPatch(problems);
  return [
    ...problems,
    ...(isNameless(manifest) ? namelessProblems(tree, surroundings) : []),
    ...jsonPatchesProblems(tree, met, kinds, schemas),
    ...unmatchedProblems(tree, met),
    ...unusedEntryProblems(tree, met.unused),
    ...generatorProblems(tree, met.clashes),
    ...missingPaths(tree, uri, kustomizations),
  ];
}
