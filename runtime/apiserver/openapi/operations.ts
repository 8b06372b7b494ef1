import { groupVersionPath, type Kind, type Subresource, type Verb } from '../../api/kinds/kind.ts';
import { describeOperation, type Named, operationId, tagOf } from './operation-names.ts';

export type Method = 'get' | 'put' | 'post' | 'delete' | 'options' | 'head' | 'patch';

/** One thing that can be done at one path, the same in both versions of OpenAPI. */
export interface Operation {
  readonly path: string;
  readonly method: Method;
  /** `x-kubernetes-action`; left out where no object is meant. */
  readonly action?: string;
  readonly id: string;
  readonly tag: string;
  readonly description: string;
  readonly groupVersionKind?: GroupVersionKind;
  readonly queryParameters: readonly Parameter[];
  /** In whose words the parameters are described: `patch`, `log`, `PodExecOptions`; empty for those of every request. */
  readonly parameterWords: string;
  readonly pathParameters: readonly string[];
  /** Media types of the body, none where there is no body. */
  readonly consumes: readonly string[];
  /** Name of the body's definition. */
  readonly body: string | undefined;
  /** Whether the body may not be left out. */
  readonly bodyRequired: boolean;
  /** Media types of the answer. */
  readonly produces: readonly string[];
  /** Name of the answer's definition, `string` where it is plain text. */
  readonly answer: string | undefined;
  /** Codes of success beside 200, with their names. */
  readonly answers: Readonly<Record<string, string>>;
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

const pretty = text('pretty');
const writeParameters = [text('dryRun'), text('fieldManager'), text('fieldValidation')];
const deleteParameters = [
  text('dryRun'),
  number('gracePeriodSeconds'),
  flag('ignoreStoreReadErrorWithClusterBreakingPotential'),
  flag('orphanDependents'),
  text('propagationPolicy'),
];
const listParameters = [
  flag('allowWatchBookmarks'),
  text('continue'),
  text('fieldSelector'),
  text('labelSelector'),
  number('limit'),
  text('resourceVersion'),
  text('resourceVersionMatch'),
  flag('sendInitialEvents'),
  text('shardSelector'),
  number('timeoutSeconds'),
  flag('watch'),
];

const anyType = ['*/*'];
const structured = ['application/json', 'application/yaml'];
const produced = [...structured, 'application/vnd.kubernetes.protobuf'];
const watched = ['application/json;stream=watch', 'application/vnd.kubernetes.protobuf;stream=watch'];
const jsonPatches = ['application/json-patch+json', 'application/merge-patch+json'];
const applyPatch = 'application/apply-patch+yaml';

const streams = [text('container'), flag('stderr'), flag('stdin'), flag('stdout'), flag('tty')];

/** What subresources take that are no objects, in upstream's `PodExecOptions` and its like. */
const subresourceParameters: Readonly<Record<string, readonly Parameter[]>> = {
  PodAttachOptions: streams,
  PodExecOptions: [text('command'), ...streams],
  PodPortForwardOptions: [number('ports')],
  PodProxyOptions: [text('path')],
  NodeProxyOptions: [text('path')],
  ServiceProxyOptions: [text('path')],
  log: [
    text('container'),
    flag('follow'),
    flag('insecureSkipTLSVerifyBackend'),
    number('limitBytes'),
    flag('previous'),
    number('sinceSeconds'),
    text('stream'),
    number('tailLines'),
    flag('timestamps'),
  ],
};

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
 * @param returnsDeleted whether the deletion of an object is answered with the object
 * @param definitionOf finds the definition of another kind, which a subresource takes
 */
export function operationsOf(
  kind: Kind,
  custom: boolean,
  returnsDeleted: boolean,
  definitionOf: (kind: GroupVersionKind) => string | undefined,
): Operation[] {
  const base = groupVersionPath(kind);
  const collection = kind.namespaced ? `${base}/namespaces/{namespace}/${kind.plural}` : `${base}/${kind.plural}`;
  const own: GroupVersionKind = { group: kind.group, version: kind.version, kind: kind.kind };
  const operations: Operation[] = [];
  const add = (path: string, verb: Verb, suffix: string, more: Partial<Operation>, subresource?: Subresource) => {
    const [method, action] = methods[verb] ?? ['get', verb];
    const named: Named = { kind, subresource, verb, method, suffix };
    operations.push({
      path,
      method,
      action,
      id: operationId(named),
      tag: tagOf(kind),
      description: describeOperation(named),
      groupVersionKind: own,
      queryParameters: [...(custom && verb === 'get' ? [text('resourceVersion')] : parametersOf(verb)), pretty],
      parameterWords: verb === 'patch' ? verb : '',
      pathParameters: pathParametersOf(path),
      consumes: consumedBy(verb, custom),
      body: bodyOf(verb, kind.definition),
      bodyRequired: !verb.startsWith('delete'),
      produces: custom ? structured : verb === 'list' ? [...produced, ...watched] : produced,
      answer: (verb === 'delete' && !returnsDeleted) || verb === 'deletecollection' ? status : kind.definition,
      answers: answersOf(verb, custom),
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
  for (const subresource of kind.subresources) {
    if (subresource.kind.endsWith('Options')) addConnections(subresource);
    else addSubresource(subresource);
  }
  return operations;

  function addSubresource(subresource: Subresource): void {
    const groupVersionKind = groupVersionKindOf(kind, subresource);
    const definition = subresource.kind === kind.kind ? kind.definition : definitionOf(groupVersionKind);
    const isLog = subresource.name === 'log';
    for (const verb of subresource.verbs) {
      const more = {
        groupVersionKind,
        body: bodyOf(verb, definition),
        answer: isLog ? 'string' : definition,
        ...(isLog
          ? {
              produces: ['text/plain', ...produced],
              queryParameters: [...(subresourceParameters.log ?? []), pretty],
              parameterWords: subresource.name,
            }
          : {}),
      };
      add(`${collection}/{name}/${subresource.name}`, verb, '', more, subresource);
    }
  }

  /** Connections pass requests on as they are, so no object is told of. Those of proxies have a second path, for what lies behind. */
  function addConnections(subresource: Subresource): void {
    const isProxy = subresource.name === 'proxy';
    const called = subresource.verbs.flatMap((verb) => methods[verb]?.[0] ?? []);
    for (const method of isProxy ? [...called, 'head' as const, 'options' as const] : called) {
      for (const suffix of isProxy ? ['', 'WithPath'] : ['']) {
        const path = `${collection}/{name}/${subresource.name}${suffix === '' ? '' : '/{path}'}`;
        const named: Named = { kind, subresource, verb: 'connect', method, suffix };
        operations.push({
          path,
          method,
          action: 'connect',
          id: operationId(named),
          tag: tagOf(kind),
          description: describeOperation(named),
          groupVersionKind: groupVersionKindOf(kind, subresource),
          queryParameters: subresourceParameters[subresource.kind] ?? [],
          parameterWords: subresource.kind,
          pathParameters: pathParametersOf(path),
          consumes: anyType,
          body: undefined,
          bodyRequired: false,
          produces: anyType,
          answer: 'string',
          answers: {},
        });
      }
    }
  }
}

function groupVersionKindOf(kind: Kind, { group, version, kind: name }: Subresource): GroupVersionKind {
  return { group: group ?? kind.group, version: version ?? kind.version, kind: name };
}

function pathParametersOf(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
}

/** What else than 200 tells of success, under the names that upstream's routes give it. */
function answersOf(verb: Verb, custom: boolean): Readonly<Record<string, string>> {
  switch (verb) {
    case 'create':
      return { '201': 'Created', '202': 'Accepted' };
    case 'update':
      return { '201': 'Created' };
    case 'patch':
      return custom ? {} : { '201': 'Created' };
    case 'delete':
      return { '202': 'Accepted' };
    default:
      return {};
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
  return custom ? structured : anyType;
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
