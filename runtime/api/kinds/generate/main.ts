/**
 * Makes `runtime/api/generated/`: the kinds of Kubernetes with their schemas, descriptions, REST paths and TypeScript interfaces, out of the
 * type declarations of `kubernetes-models` and the client of `@kubernetes/client-node`.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Kind } from '../kind.ts';
import { typeTexts } from '../type-texts.ts';
import { ClientModels } from './client-models.ts';
import type { Draft, Drafts } from './definition.ts';
import { addListFacts } from './lists.ts';
import { readParameterTexts } from './parameters.ts';
import { describeResource, type RestResource, readRest } from './rest.ts';
import { readStructure } from './structure.ts';
import { writeTypes } from './typescript.ts';

const modules = resolve('node_modules');
const client = join(modules, '@kubernetes/client-node/dist/gen');
const target = resolve('runtime/api/generated');

const drafts = readStructure([join(modules, '@kubernetes-models/apimachinery'), join(modules, 'kubernetes-models')]);
const kindsByType = tagKinds(drafts);
const models = new ClientModels(client, drafts);
models.addFormats();
const kinds = tableOfKinds(readRest(client));
addListFacts(drafts);
dropUnused(drafts, kinds);

rmSync(target, { recursive: true, force: true });
for (const [path, text] of writeTypes(drafts)) write(`types/${path}`, text);
const descriptions = takeDescriptions(drafts);
write('definitions.json', JSON.stringify(Object.fromEntries([...drafts].sort(([a], [b]) => (a < b ? -1 : 1)))));
write('descriptions.json', JSON.stringify(descriptions));
write('parameters.json', JSON.stringify(readParameterTexts(client)));
write(
  'kinds.ts',
  `import type { Kind } from '../kinds/kind.ts';\n\n/** Every resource of Kubernetes 1.36, by group, version and plural. */\nexport const kinds: readonly Kind[] = ${JSON.stringify(kinds, undefined, 1)};\n`,
);
console.log(`generated ${drafts.size} definitions, ${kinds.length} resources in ${target}`);

/** Marks the definitions that are kinds and drops what only TypeScript knows of them: literal versions, required type fields. */
function tagKinds(all: Drafts): Map<string, string> {
  const byType = new Map<string, string>();
  for (const [name, draft] of all) {
    const apiVersion = draft.properties?.apiVersion?.enum?.[0];
    const kind = draft.properties?.kind?.enum?.[0];
    if (apiVersion === undefined || kind === undefined) continue;
    const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
    markKind(draft, group ?? '', version ?? '', kind);
    byType.set(`${apiVersion}/${kind}`, name);
  }
  return byType;
}

function markKind(draft: Draft, group: string, version: string, kind: string): void {
  draft['x-kubernetes-group-version-kind'] = [{ group, version, kind }];
  delete draft.properties?.apiVersion?.enum;
  delete draft.properties?.kind?.enum;
  for (const field of ['apiVersion', 'kind'] as const) {
    const property = draft.properties?.[field];
    if (property) property.description ??= typeTexts[field];
  }
  const required = draft.required?.filter((field) => field !== 'apiVersion' && field !== 'kind');
  if (required?.length) draft.required = required;
  else delete draft.required;
}

function tableOfKinds(resources: Map<string, RestResource>): Kind[] {
  const modelKind = (model: string) => {
    const name = [...resources.values()].find((r) => r.model === model);
    const kind = model.replace(/^[A-Z][a-z]+(?=V\d)/, '').replace(/^V\d+(?:(?:alpha|beta)\d+)?/, '');
    if (kind === 'Scale') return { group: 'autoscaling', version: 'v1', kind };
    if (kind === 'Eviction') return { group: 'policy', version: 'v1', kind };
    if (model === 'AuthenticationV1TokenRequest') return { group: 'authentication.k8s.io', version: 'v1', kind };
    return name ? { group: name.group, version: name.version, kind } : undefined;
  };
  const table: Kind[] = [];
  for (const resource of [...resources.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1))) {
    const kind = resource.model.replace(/^[A-Z][a-z]+(?=V\d)/, '').replace(/^V\d+(?:(?:alpha|beta)\d+)?/, '');
    if (kind === '') continue;
    const apiVersion = resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
    let definition = kindsByType.get(`${apiVersion}/${kind}`);
    if (definition === undefined) {
      definition = models.define(resource.model, resource.group, resource.version);
      const list = models.define(`${resource.model}List`, resource.group, resource.version);
      const made = definition === undefined ? undefined : drafts.get(definition);
      if (made) markKind(made, resource.group, resource.version, kind);
      const madeList = list === undefined ? undefined : drafts.get(list);
      if (madeList) markKind(madeList, resource.group, resource.version, `${kind}List`);
    }
    if (definition === undefined) throw new Error(`no definition for ${apiVersion} ${kind}`);
    table.push({ ...describeResource(resource, kind, modelKind), definition });
  }
  return table;
}

/** Leaves what a served kind reaches, and the kinds of machinery; the packages also carry versions that were removed long ago. */
function dropUnused(all: Drafts, table: readonly Kind[]): void {
  const machinery = /^io\.k8s\.(apimachinery\.|api\.(autoscaling\.v1\.Scale|policy\.v1\.Eviction|authentication\.v1\.TokenRequest)$)/;
  const pending = [
    ...table.flatMap((kind) => [kind.definition, `${kind.definition}List`]),
    ...[...all.keys()].filter((name) => machinery.test(name)),
  ];
  const used = new Set<string>();
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const draft = all.get(name);
    if (draft === undefined || used.has(name)) continue;
    used.add(name);
    for (const match of JSON.stringify(draft).matchAll(/"#\/definitions\/([^"]+)"/g)) pending.push(match[1] ?? '');
  }
  for (const name of all.keys()) if (!used.has(name)) all.delete(name);
}

function key(resource: RestResource): string {
  return `${resource.group}/${resource.version}/${resource.plural}`;
}

function takeDescriptions(all: Drafts): Record<string, Record<string, string>> {
  const result: Record<string, Record<string, string>> = {};
  for (const [name, draft] of all) {
    const texts: Record<string, string> = {};
    if (draft.description !== undefined) texts[''] = draft.description;
    delete draft.description;
    for (const [field, property] of Object.entries(draft.properties ?? {})) {
      if (property.description !== undefined) texts[field] = property.description;
      delete property.description;
    }
    result[name] = texts;
  }
  return result;
}

function write(path: string, text: string): void {
  const file = join(target, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
