import { isMap, type JsonMap } from '../../runtime/api/patches/json-tree.ts';
import type { Reading } from '../documents/workspace-documents.ts';
import { type Applied, applyPatches, mergePatches, type PatchList } from './apply-patches.ts';
import type { Kustomizations } from './kustomizations.ts';
import { targetOf } from './paths.ts';
import { annotated, generated, listAt, mapAt, type Resource, resourcesIn, unknown } from './resource.ts';

/** What is needed to follow kustomizations through the workspace. */
export interface BuildParts {
  readonly kustomizations: Pick<Kustomizations, 'inFolder'>;
  readonly reading: Reading;
  /** How many more kustomizations are looked into. */
  readonly visits: { left: number };
}

/** What a kustomization comes to, as far as the workspace tells. */
interface Built {
  readonly resources: readonly Resource[];
  /** Whether these are all. */
  readonly complete: boolean;
  /** What each JSON patch meets, by its list and its place in it: `patches/0`. */
  readonly applied: ReadonlyMap<string, Applied>;
}

/** Fields that change objects in ways that are not worked out: in any, and in all but kinds and names. */
const reshaping = ['components', 'transformers', 'replacements', 'configurations'];
const amending = ['replicas', 'buildMetadata'];
const labelling = ['labels', 'commonLabels', 'commonAnnotations'];
/** Fields that give objects other names, which are noted in their annotations. */
const renaming = ['namePrefix', 'nameSuffix', 'namespace'];
/** Fields that bring objects which are not worked out. */
const bringing = ['generators', 'helmCharts', 'helmChartInflationGenerator', 'components', 'transformers'];
const revaluing = [...renaming, 'images', 'imageTags', 'vars'];

/** Follows what a kustomization does to the objects of the workspace, to see what its JSON patches meet. Not all is worked out: what is not is left open. */
export async function build(uri: string, root: JsonMap, parts: BuildParts, above: readonly string[] = []): Promise<Built> {
  const applied = new Map<string, Applied>();
  const patch = (list: PatchList, resources: readonly Resource[]) =>
    applyPatches({ uri, root, list, complete }, resources, parts.reading, (index, met) => applied.set(`${list}/${index}`, met));
  const uses = (fields: readonly string[]) => fields.some((name) => isGiven(root, name));

  const own = await taken(['resources', 'bases'], uri, root, parts, above);
  const complete = own.complete && root.kind !== 'Component' && !uses(bringing);
  const options = mapAt(root, 'generatorOptions');
  let resources: readonly Resource[] = [
    ...own.resources,
    ...listAt(root, 'configMapGenerator').flatMap((item) => generated('ConfigMap', item, options)),
    ...listAt(root, 'secretGenerator').flatMap((item) => generated('Secret', item, options)),
  ];
  if (uses(['components'])) resources = [...resources, ...(await taken(['components'], uri, root, parts, above)).resources].map(reshaped);
  resources = await mergePatches(uri, root, resources, parts.reading);
  resources = await patch('patches', resources);
  if (uses(renaming)) resources = resources.map((resource) => renamed(resource, root));
  if (uses(labelling)) resources = resources.map(relabelled);
  resources = await patch('patchesJson6902', resources);
  if (uses(amending)) resources = resources.map(relabelled);
  if (uses(reshaping)) resources = resources.map(reshaped);
  if (uses(revaluing)) resources = resources.map((resource) => ({ ...resource, revalued: true }));
  return { resources, complete, applied };
}

/** The objects that the paths in some fields lead to, through files and other kustomizations. What lies elsewhere than in the workspace is passed over. */
async function taken(
  fields: readonly string[],
  uri: string,
  root: JsonMap,
  parts: BuildParts,
  above: readonly string[],
): Promise<Pick<Built, 'resources' | 'complete'>> {
  const places = fields.flatMap((name) => listAt(root, name)).map((path) => (typeof path === 'string' ? targetOf(path, uri) : undefined));
  const found = await Promise.all(
    // kustomize refuses to take in the same again.
    [...new Set(places)].map(async (there) => {
      if (there === undefined) return nothing;
      const inner = parts.kustomizations.inFolder(there);
      // Others count at the same time: each takes its visit before it waits for anything.
      if (inner !== undefined && (inner === uri || above.includes(inner) || parts.visits.left-- <= 0)) return nothing;
      const file = await parts.reading.read(inner ?? there);
      const [document] = file?.documents ?? [];
      if (inner !== undefined) return isMap(document) ? build(inner, document, parts, [...above, uri]) : nothing;
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

function relabelled(resource: Resource): Resource {
  return unknown(resource, { relabelled: true, reidentified: false });
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
