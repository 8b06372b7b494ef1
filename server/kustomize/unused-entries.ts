import { t } from '@vscode/l10n';
import { isMap, type JsonMap } from '../../runtime/api/patches/json-tree.ts';
import { didYouMean } from '../documents/did-you-mean.ts';
import { Field } from '../documents/field.ts';
import type { Problem } from '../documents/problem.ts';
import type { Tree } from '../documents/tree.ts';
import { nearest } from '../schemas/distance.ts';
import { fieldSpecs } from './field-specs.ts';
import { imagesIn, isNamed, nameOfImage } from './images.ts';
import { listAt, type Resource } from './resource.ts';
import { fitsKind } from './target.ts';

/** The lists whose entries are for objects or images of a name. */
type EntryList = 'replicas' | 'images';

/** The names that entries of a list could have had, by list and place of those that are for nothing: `replicas/0`. */
export type UnusedEntries = ReadonlyMap<string, ReadonlySet<string>>;

/** The entries of `replicas` or `images` that are for none of the objects that there are; none while that is not certain. */
export function unusedEntries(list: EntryList, root: JsonMap, resources: readonly Resource[]): UnusedEntries {
  const entries = listAt(root, list);
  const names =
    entries.length === 0 || resources.length === 0 ? undefined : list === 'replicas' ? scaledNames(resources) : images(resources);
  if (!names) return new Map();
  const known = list === 'replicas' ? names : new Set([...names].map(nameOfImage));
  return new Map(
    entries.flatMap((entry, index) => {
      const name = isMap(entry) ? entry.name : undefined;
      const isUnused = typeof name === 'string' && name !== '' && !(list === 'replicas' ? names.has(name) : isNameOfAny(name, names));
      return isUnused ? [[`${list}/${index}`, known]] : [];
    }),
  );
}

/** The names that objects with replicas have or had; undefined where some are not known. */
function scaledNames(resources: readonly Resource[]): ReadonlySet<string> | undefined {
  if (resources.some(({ reidentified }) => reidentified)) return undefined;
  const scaled = resources.filter(({ apiVersion, kind }) => fieldSpecs.replicas.some((spec) => fitsKind(spec, apiVersion, kind)));
  return new Set(scaled.flatMap((resource) => resource.names));
}

/** All images; undefined where some are not known. */
function images(resources: readonly Resource[]): ReadonlySet<string> | undefined {
  const found = new Set<string>();
  for (const { object, kind, reidentified } of resources) {
    if (object) for (const image of imagesIn(object)) found.add(image);
    else if (reidentified || (kind !== 'ConfigMap' && kind !== 'Secret')) return undefined;
  }
  return found;
}

/** What is still being written, and no expression yet, may be any. */
function isNameOfAny(name: string, found: ReadonlySet<string>): boolean {
  return [...found].some((image) => isNamed(image, name) !== false);
}

/** What is said of such entries: numbers of replicas are refused by kustomize, images are passed over without a word. */
export function unusedEntryProblems(tree: Tree, unused: UnusedEntries): Problem[] {
  const root = new Field(tree, tree.root);
  return [...unused].flatMap(([key, known]) => {
    const [list = '', index] = key.split('/');
    const field = root.at([list, Number(index), 'name']);
    const { text: name } = field;
    if (name === undefined) return [];
    const meant = nearest(name, known);
    const message =
      (list === 'replicas' ? unscaled(name) : t('No container that is taken in here has an image of this name, so nothing is changed')) +
      didYouMean(meant);
    return [{ ...field.span, severity: 'warning' as const, code: 'target', message, ...(meant !== undefined && { fix: meant }) }];
  });
}

/** In the words of `ReplicaCountTransformer`. */
function unscaled(name: string): string {
  const kinds = fieldSpecs.replicas.map(({ kind }) => `${kind}.[noVer].[noGrp]`);
  return `resource with name ${name} does not match a config with the following GVK [${kinds.join(' ')}]`;
}
