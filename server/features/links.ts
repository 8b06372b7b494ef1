import type { DocumentLink } from 'vscode-languageserver';
import { Field } from '../documents/field.ts';
import type { ManifestFile } from '../documents/file.ts';

/** Fields of a kustomization that list files or folders, and those whose items have one in a field. */
const lists = ['resources', 'bases', 'components', 'crds', 'patchesStrategicMerge', 'generators', 'transformers', 'configurations'];
const itemFields: readonly (readonly [list: string, field: string])[] = [
  ['patches', 'path'],
  ['patchesJson6902', 'path'],
  ['replacements', 'path'],
];

/** The files that a kustomization names, as links. */
export function linksOf(file: ManifestFile): DocumentLink[] {
  if (!/\/kustomization\.ya?ml$/i.test(file.uri) || file.tooLong) return [];
  return file.documents.flatMap((placed) => {
    const { tree, tooLong } = placed.manifest;
    if (tooLong || !tree.sound) return [];
    const root = new Field(tree, tree.root);
    const generated = ['configMapGenerator', 'secretGenerator'].flatMap((list) => root.get(list).items());
    const paths = [
      ...lists.flatMap((list) => root.get(list).items()),
      ...itemFields.flatMap(([list, field]) =>
        root
          .get(list)
          .items()
          .map((item) => item.get(field)),
      ),
      ...generated.flatMap((item) => [...item.get('files').items(), ...item.get('envs').items()]),
    ];
    return paths.flatMap((field) => {
      const { start, end } = field.span;
      // `key=file` gives a file another name in the ConfigMap.
      const path = field.text?.replace(/^[^=/]*=/, '');
      if (path === undefined || /[\n:]|^\//.test(path) || /^[\w-]+\.[\w.-]+\/.+\/.+/.test(path)) return [];
      const folder = !/\.[A-Za-z0-9]+$/.test(path) && !path.endsWith('..');
      const target = new URL(folder || path.endsWith('..') ? `${path.replace(/\/$/, '')}/kustomization.yaml` : path, file.uri).href;
      return [{ range: file.range(placed, start, end), target }];
    });
  });
}
