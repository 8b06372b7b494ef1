import type { DocumentLink } from 'vscode-languageserver';
import { Field } from '../documents/field.ts';
import type { ManifestFile } from '../documents/file.ts';
import type { Kustomizations } from '../kustomize/kustomizations.ts';
import { isKustomizationFile, namedPaths, targetOf } from '../kustomize/paths.ts';

/** The files that a kustomization names, as links; a folder leads to the kustomization in it. */
export function linksOf(file: ManifestFile, kustomizations: Kustomizations): DocumentLink[] {
  if (!isKustomizationFile(file.uri) || file.tooLong) return [];
  return file.documents.flatMap((placed) => {
    const { tree, tooLong } = placed.manifest;
    if (tooLong || !tree.sound) return [];
    return namedPaths(new Field(tree, tree.root)).flatMap(({ field, path, folder }) => {
      const { start, end } = field.span;
      const there = targetOf(path, file.uri);
      if (there === undefined) return [];
      const isFolder = folder && !/\.[A-Za-z0-9]+$/.test(there);
      const target = (folder ? kustomizations.inFolder(there) : undefined) ?? (isFolder ? `${there}/kustomization.yaml` : there);
      return [{ range: file.range(placed, start, end), target }];
    });
  });
}
