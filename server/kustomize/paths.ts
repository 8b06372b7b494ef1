import type { Field } from '../documents/field.ts';
import { uriBeside } from '../documents/uris.ts';

/** A field of a kustomization that names a file or a folder, and the path in it. */
export interface NamedPath {
  readonly field: Field;
  readonly path: string;
  /** Whether a folder with a kustomization may be meant. */
  readonly folder: boolean;
  /** Whether the file is a patch. */
  readonly patch: boolean;
  /** Whether it leads to what generators, transformers or validators are told, which no cluster sees. */
  readonly plugin: boolean;
  /** Whether the file holds variables. */
  readonly variables: boolean;
}

/** Lists of paths; those of files alone are marked so. */
const lists: Readonly<Record<string, 'file' | 'folder'>> = {
  resources: 'folder',
  bases: 'folder',
  components: 'folder',
  generators: 'folder',
  transformers: 'folder',
  validators: 'folder',
  crds: 'file',
  configurations: 'file',
  patchesStrategicMerge: 'file',
};
const plugins: ReadonlySet<string> = new Set(['generators', 'transformers', 'validators']);
const itemFields = ['patches', 'patchesJson6902', 'replacements'];

/** Whether a file is a kustomization, by its name. */
export function isKustomizationFile(uri: string): boolean {
  return /\/(kustomization\.ya?ml|Kustomization)$/.test(uri);
}

/** Fields below the lists and mappings of a kustomization that name one file, and those that name several. */
const ofFile: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(itemFields.map((name) => [name, ['path']])),
  helmCharts: ['valuesFile'],
  helmChartInflationGenerator: ['values'],
  openapi: ['path'],
};
const ofFiles: Readonly<Record<string, readonly string[]>> = {
  helmCharts: ['additionalValuesFiles'],
  configMapGenerator: ['files'],
  secretGenerator: ['files'],
};

/**
 * What a value may name: files, or folders as well; undefined where it is no path.
 *
 * @param field the field of the kustomization that it is in or below
 * @param name the field whose value, or whose item, it is
 */
export function pathSort(field: string, name: string, isItem: boolean): 'file' | 'folder' | undefined {
  if (isItem && field === name) return Object.hasOwn(lists, field) ? lists[field] : undefined;
  return ((isItem ? ofFiles : ofFile)[field] ?? []).includes(name) ? 'file' : undefined;
}

/** Every file and folder of the workspace that a kustomization names. URLs are left out, and patches that stand there in full. */
export function namedPaths(root: Field): NamedPath[] {
  const found: NamedPath[] = [];
  const add = (field: Field, more: Partial<NamedPath> = {}) => {
    // `key=file` gives a file another name in the ConfigMap.
    const path = field.text?.replace(/^[^=/]*=/, '');
    if (!path || !isLocal(path)) return;
    found.push({ field, path, folder: false, patch: false, plugin: false, variables: false, ...more });
  };
  for (const [name, sort] of Object.entries(lists)) {
    for (const item of root.get(name).items())
      add(item, { folder: sort === 'folder', patch: name === 'patchesStrategicMerge', plugin: plugins.has(name) });
  }
  for (const name of itemFields) {
    for (const item of root.get(name).items()) add(item.get('path'), { patch: name !== 'replacements' });
  }
  for (const name of ['configMapGenerator', 'secretGenerator']) {
    for (const item of root.get(name).items()) {
      for (const field of item.get('files').items()) add(field);
      for (const field of [...item.get('envs').items(), item.get('env')]) add(field, { variables: true });
    }
  }
  for (const chart of root.get('helmCharts').items()) {
    for (const field of [chart.get('valuesFile'), ...chart.get('additionalValuesFiles').items()]) add(field);
  }
  for (const chart of root.get('helmChartInflationGenerator').items()) add(chart.get('values'));
  add(root.get('openapi', 'path'));
  return found;
}

/**
 * Whether a path may lead to something in the workspace: it is no URL, not absolute, and no patch that stands there in full. Of hosts without a scheme
 * kustomize knows but one: `v1.2/web/patch.json` is a path.
 */
function isLocal(path: string): boolean {
  return !/[\n:?]|^\s*\/|^github\.com\//i.test(path);
}

/** Where a path of a kustomization leads; of a folder, its own URI without a slash at the end. Undefined for URLs, and what leads nowhere at all. */
export function targetOf(path: string, uri: string): string | undefined {
  return isLocal(path) ? uriBeside(uri, path)?.replace(/\/$/, '') : undefined;
}
