import { groupVersionPath, type Kind, type Subresource, type Verb } from '../../api/kinds/kind.ts';

export type Method = 'get' | 'put' | 'post' | 'delete' | 'patch';

/** One thing that can be done at one path, the same in both versions of OpenAPI. */
export interface Operation {
  readonly path: string;
  readonly method: Method;
  /** `x-kubernetes-action`. */
  readonly action: string;
  readonly id: string;
  readonly tag: string;
  readonly groupVersionKind: GroupVersionKind;
  readonly queryParameters: readonly Parameter[];
  readonly pathParameters: readonly string[];
  /** Media types of the body, none where there is no body. */
  readonly consumes: readonly string[];
  /** Name of the body's definition. */
  readonly body: string | undefined;
  /** Name of the answer's definition. */
  readonly answer: string | undefined;
}

export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

export interface Parameter {
  readonly name: string;
  readonly type: 'string' | 'boolean' | 'integer';
}

export const deleteOptions = 'io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions';
export const status = 'io.k8s.apimachinery.pkg.apis.meta.v1.Status';
export const patch = 'io.k8s.apimachinery.pkg.apis.meta.v1.Patch';

const text = (name: string): Parameter => ({ name, type: 'string' });
const flag = (name: string): Parameter => ({ name, type: 'boolean' });
const number = (name: string): Parameter => ({ name, type: 'integer' });

const writeParameters = [text('dryRun'), text('fieldManager'), text('fieldValidation')];
const deleteParameters = [text('dryRun'), number('gracePeriodSeconds'), flag('orphanDependents'), text('propagationPolicy')];
const listParameters = [
  flag('allowWatchBookmarks'),
  text('continue'),
  text('fieldSelector'),
  text('labelSelector'),
  number('limit'),
  text('resourceVersion'),
  text('resourceVersionMatch'),
  flag('sendInitialEvents'),
  number('timeoutSeconds'),
  flag('watch'),
];

const anyBody = ['*/*'];
const jsonPatches = ['application/json-patch+json', 'application/merge-patch+json'];
const applyPatch = 'application/apply-patch+yaml';

/** A verb's place among methods, and what `x-kubernetes-action` calls it. */
const methods: Partial<Record<Verb, readonly [Method, string]>> = {
  get: ['get', 'get'],
  list: ['get', 'list'],
  create: ['post', 'post'],
  update: ['put', 'put'],
  patch: ['patch', 'patch'],
  delete: ['delete', 'delete'],
  deletecollection: ['delete', 'deletecollection'],
};

/**
 * What can be done with a kind, at all of its paths.
 *
 * @param custom whether the kind comes from a CustomResourceDefinition
 * @param definitionOf finds the definition of another kind, which a subresource takes
 */
export function operationsOf(kind: Kind, custom: boolean, definitionOf: (kind: GroupVersionKind) => string | undefined): Operation[] {
  const base = groupVersionPath(kind);
  const collection = kind.namespaced ? `${base}/namespaces/{namespace}/${kind.plural}` : `${base}/${kind.plural}`;
  const own: GroupVersionKind = { group: kind.group, version: kind.version, kind: kind.kind };
  const operations: Operation[] = [];
  const add = (path: string, verb: Verb, suffix: string, more: Partial<Operation>) => {
    const [method, action] = methods[verb] ?? ['get', verb];
    operations.push({
      path,
      method,
      action,
      id: operationId(kind, verb, suffix),
      tag: tagOf(kind),
      groupVersionKind: own,
      queryParameters: parametersOf(verb),
      pathParameters: [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ''),
      consumes: consumedBy(verb, custom),
      body: bodyOf(verb, kind.definition),
      answer: verb === 'delete' || verb === 'deletecollection' ? status : kind.definition,
      ...more,
    });
  };

  const list = { answer: `${kind.definition}List` };
  for (const verb of kind.verbs) {
    if (verb === 'list') {
      add(collection, verb, '', list);
      if (kind.namespaced) add(`${base}/${kind.plural}`, verb, 'ForAllNamespaces', list);
    } else if (verb === 'create' || verb === 'deletecollection') add(collection, verb, '', {});
    else if (verb !== 'watch') add(`${collection}/{name}`, verb, '', {});
  }
  for (const subresource of kind.subresources) addSubresource(subresource);
  return operations;

  function addSubresource(subresource: Subresource): void {
    const groupVersionKind = {
      group: subresource.group ?? kind.group,
      version: subresource.version ?? kind.version,
      kind: subresource.kind,
    };
    const definition = subresource.kind === kind.kind ? kind.definition : definitionOf(groupVersionKind);
    const suffix = subresource.name.charAt(0).toUpperCase() + subresource.name.slice(1);
    for (const verb of subresource.verbs) {
      add(`${collection}/{name}/${subresource.name}`, verb, suffix, {
        groupVersionKind,
        body: bodyOf(verb, definition),
        answer: definition,
      });
    }
  }
}

function parametersOf(verb: Verb): readonly Parameter[] {
  switch (verb) {
    case 'create':
    case 'update':
      return writeParameters;
    case 'patch':
      return [...writeParameters, flag('force')];
    case 'delete':
      return deleteParameters;
    case 'deletecollection':
      return [...listParameters.filter(({ name }) => name !== 'watch' && name !== 'allowWatchBookmarks'), ...deleteParameters];
    case 'list':
      return listParameters;
    default:
      return [];
  }
}

function consumedBy(verb: Verb, custom: boolean): readonly string[] {
  if (verb === 'patch')
    return custom ? [...jsonPatches, applyPatch] : [...jsonPatches, 'application/strategic-merge-patch+json', applyPatch];
  return verb === 'get' || verb === 'list' ? [] : anyBody;
}

function bodyOf(verb: Verb, definition: string | undefined): string | undefined {
  switch (verb) {
    case 'create':
    case 'update':
      return definition;
    case 'patch':
      return patch;
    case 'delete':
    case 'deletecollection':
      return deleteOptions;
    default:
      return undefined;
  }
}

const idVerbs: Partial<Record<Verb, string>> = { get: 'read', update: 'replace', deletecollection: 'deleteCollection' };

function operationId(kind: Kind, verb: Verb, suffix: string): string {
  const scope = kind.namespaced && suffix !== 'ForAllNamespaces' ? 'Namespaced' : '';
  return `${idVerbs[verb] ?? verb}${capitalized(tagOf(kind))}${scope}${kind.kind}${suffix}`;
}

/** `core_v1`, `apps_v1`. */
function tagOf(kind: Kind): string {
  return `${kind.group === '' ? 'core' : (kind.group.split('.')[0] ?? kind.group)}_${kind.version}`;
}

function capitalized(tag: string): string {
  return tag
    .split('_')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
}
