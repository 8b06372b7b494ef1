import type { Definitions } from '../../runtime/api/kinds/schema.ts';
import { isMap, type JsonMap } from '../../runtime/api/patches/json-tree.ts';
import type { Reading } from '../documents/workspace-documents.ts';
import { type Applied, applyPatches, type PatchList } from './apply-patches.ts';
import { type Clash, withGenerated } from './generators.ts';
import { retagged } from './images.ts';
import type { Kustomizations } from './kustomizations.ts';
import { targetOf } from './paths.ts';
import { replaced } from './replacements.ts';
import { annotated, listAt, mapAt, type Resource, resourcesIn, unknown } from './resource.ts';
import { mergePatches, type Unmatched } from './strategic-patches.ts';
import { labelled, scaled } from './transformers.ts';
import { type UnusedEntries, unusedEntries } from './unused-entries.ts';

/** What is needed to follow kustomizations through the workspace. */
export interface BuildParts {
  readonly kustomizations: Pick<Kustomizations, 'inFolder'>;
  readonly reading: Reading;
  readonly definitions: Definitions;
  /** How many more kustomizations are looked into. */
  readonly visits: { left: number };
}

/** What a kustomization comes to, as far as the workspace tells. */
export interface Built {
  readonly resources: readonly Resource[];
  /** Whether these are all. */
  readonly complete: boolean;
  /** What each JSON patch meets, by its list and its place in it: `patches/0`. */
  readonly applied: ReadonlyMap<string, Applied>;
  /** The strategic merge patches that are for nothing there, likewise. */
  readonly unmatched: ReadonlyMap<string, Unmatched>;
  /** The entries of `replicas` and `images` that are for nothing there, likewise. */
  readonly unused: UnusedEntries;
  /** The generators that kustomize refuses, likewise. */
  readonly clashes: ReadonlyMap<string, Clash>;
}

/** Fields that change objects in ways that are not worked out: in any, and in annotations alone. */
const reshaping = ['transformers', 'configurations'];
const annotating = ['buildMetadata'];
/** Fields that give objects other names, which are noted in their annotations. */
const renaming = ['namePrefix', 'nameSuffix', 'namespace'];
/** Fields that bring objects which are not worked out. */
const bringing = ['generators', 'helmCharts', 'helmChartInflationGenerator', 'transformers'];

/** Objects, and whether they are all there are. */
type Taken = Pick<Built, 'resources' | 'complete'>;

/**
 * Follows what a kustomization does to the objects of the workspace, to see what its JSON patches meet. Not all is worked out: what is not is left open.
 * A component goes on with what the kustomization has that takes it in.
 */
export async function build(uri: string, root: JsonMap, parts: BuildParts, above: readonly string[] = [], given?: Taken): Promise<Built> {
  const applied = new Map<string, Applied>();
  const unmatched = new Map<string, Unmatched>();
  const { reading, definitions } = parts;
  const miss = (list: string) => (index: number, missed: Unmatched) => {
    if (complete) unmatched.set(`${list}/${index}`, missed);
  };
  const patch = (list: PatchList, resources: readonly Resource[]) => {
    const meet = (index: number, met: Applied) => void applied.set(`${list}/${index}`, met);
    return applyPatches({ uri, root, list, complete, definitions }, resources, reading, meet, miss(list));
  };
  const uses = (fields: readonly string[]) => fields.some((name) => isGiven(root, name));

  const own = await taken(['resources', 'bases'], uri, root, parts, above);
  // Of a component by itself nobody knows what it is taken into.
  const isWhole = own.complete && (given ? given.complete : root.kind !== 'Component');
  const clashes = new Map<string, Clash>();
  const clash = (key: string, found: Clash) => {
    if (isWhole) clashes.set(key, found);
  };
  const begun = {
    resources: await withGenerated({ uri, root, reading }, [...(given?.resources ?? []), ...own.resources], clash),
    complete: isWhole && !uses(bringing),
  };
  const composed = await withComponents(uri, root, parts, above, begun);
  const { complete } = composed;
  let resources = await mergePatches({ uri, root, definitions }, composed.resources, reading, miss('patchesStrategicMerge'));
  resources = await patch('patches', resources);
  if (uses(renaming)) resources = resources.map((resource) => renamed(resource, root));
  resources = resources.map((resource) => labelled(resource, root));
  resources = await patch('patchesJson6902', resources);
  const isPlain = complete && !uses(reshaping);
  const unscaled = isPlain ? unusedEntries('replicas', root, resources) : [];
  resources = resources.map((resource) => scaled(resource, root));
  const untagged = isPlain ? unusedEntries('images', root, resources) : [];
  resources = resources.map((resource) => retagged(resource, root));
  for (const replacement of await replacementsOf(uri, root, reading)) {
    resources = replacement ? replaced(resources, replacement) : resources.map(reshaped);
  }
  if (uses(annotating)) resources = resources.map((resource) => ({ ...resource, relabelled: true }));
  if (uses(reshaping)) resources = resources.map(reshaped);
  if (uses(renaming)) resources = resources.map((resource) => ({ ...resource, revalued: true }));
  return { resources, complete, applied, unmatched, unused: new Map([...unscaled, ...untagged]), clashes };
}

/** What the components of a kustomization make of its objects, one after the other, and what they add. */
async function withComponents(uri: string, root: JsonMap, parts: BuildParts, above: readonly string[], begun: Taken): Promise<Taken> {
  let now = begun;
  for (const path of listAt(root, 'components')) {
    const there = typeof path === 'string' ? targetOf(path, uri) : undefined;
    const found = there === undefined ? undefined : await kustomizationIn(there, uri, parts, above);
    now = found
      ? await build(found.uri, found.root, parts, [...above, uri], now)
      : { resources: now.resources.map(reshaped), complete: false };
  }
  return now;
}

/** The kustomization of a folder; undefined when it is not known, was gone into already, or is one too many. */
async function kustomizationIn(
  folder: string,
  from: string,
  { kustomizations, reading, visits }: BuildParts,
  above: readonly string[],
): Promise<{ readonly uri: string; readonly root: JsonMap } | undefined> {
  const uri = kustomizations.inFolder(folder);
  // Others count at the same time: each takes its visit before it waits for anything.
  if (uri === undefined || uri === from || above.includes(uri) || visits.left-- <= 0) return undefined;
  const [root] = (await reading.read(uri))?.documents ?? [];
  return isMap(root) ? { uri, root } : undefined;
}

/** The replacements of a kustomization, those in files among them; undefined for what cannot be read. */
async function replacementsOf(uri: string, root: JsonMap, reading: Reading): Promise<readonly (JsonMap | undefined)[]> {
  const found = await Promise.all(
    listAt(root, 'replacements').map(async (entry) => {
      if (!isMap(entry) || typeof entry.path !== 'string') return [isMap(entry) ? entry : undefined];
      const there = targetOf(entry.path, uri);
      const documents = there === undefined ? undefined : (await reading.read(there))?.documents;
      return documents?.flat().map((document) => (isMap(document) ? document : undefined)) ?? [undefined];
    }),
  );
  return found.flat();
}

/** The objects that the paths in some fields lead to, through files and other kustomizations. What lies elsewhere than in the workspace is passed over. */
async function taken(fields: readonly string[], uri: string, root: JsonMap, parts: BuildParts, above: readonly string[]): Promise<Taken> {
  const places = fields.flatMap((name) => listAt(root, name)).map((path) => (typeof path === 'string' ? targetOf(path, uri) : undefined));
  const found = await Promise.all(
    // kustomize refuses to take in the same again.
    [...new Set(places)].map(async (there) => {
      if (there === undefined) return nothing;
      if (parts.kustomizations.inFolder(there) !== undefined) {
        const inner = await kustomizationIn(there, uri, parts, above);
        return inner ? build(inner.uri, inner.root, parts, [...above, uri]) : nothing;
      }
      const file = await parts.reading.read(there);
      return file ? { resources: resourcesIn(file.documents), complete: !file.broken } : nothing;
    }),
  );
  return { resources: found.flatMap(({ resources }) => resources), complete: found.every(({ complete }) => complete) };
}

/** Where nothing can be told. */
const nothing = { resources: [], complete: false };

function isGiven(root: JsonMap, name: string): boolean {
  const value = Object.hasOwn(root, name) ? root[name] : undefined;
  return typeof value === 'object' && value !== null
    ? Object.keys(value).length > 0
    : value !== undefined && value !== null && value !== '';
}

function reshaped(resource: Resource): Resource {
  return unknown(resource, { relabelled: true, reidentified: true });
}

/** An object with another name or namespace; it may still be meant by the ones before. */
function renamed(resource: Resource, root: JsonMap): Resource {
  const text = (name: string) => (typeof root[name] === 'string' ? root[name] : '');
  const { object } = annotated(resource);
  const namespace = text('namespace');
  const name = `${text('namePrefix')}${resource.names.at(-1)}${text('nameSuffix')}`;
  return {
    ...resource,
    names: [...new Set([...resource.names, name])],
    namespaces: namespace === '' ? resource.namespaces : [...new Set([...resource.namespaces, namespace])],
    object: object && { ...object, metadata: { ...mapAt(object, 'metadata'), name, ...(namespace !== '' && { namespace }) } },
  };
}
