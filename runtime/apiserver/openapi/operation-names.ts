import type { Kind, Subresource, Verb } from '../../api/kinds/kind.ts';

/** What an operation is done to, and how. */
export interface Named {
  readonly kind: Kind;
  readonly subresource?: Subresource | undefined;
  readonly verb: Verb | 'connect';
  /** Method of a connection, in small letters. */
  readonly method: string;
  /** `ForAllNamespaces` or `WithPath`, where a path has a second one beside it. */
  readonly suffix: string;
}

const idVerbs: Partial<Record<Named['verb'], string>> = { get: 'read', update: 'replace', deletecollection: 'delete' };

/** `readCoreV1NamespacedPodStatus`, `deleteAppsV1CollectionNamespacedDeployment`. Upstream: `GetOperationIDAndTags`. */
export function operationId({ kind, subresource, verb, method, suffix }: Named): string {
  const before = verb === 'deletecollection' ? 'Collection' : verb === 'connect' ? capitalized(method) : '';
  const scope = kind.namespaced && suffix !== 'ForAllNamespaces' ? 'Namespaced' : '';
  const of = groupNameOf(kind, true) + camelCase(kind.version, true);
  return `${idVerbs[verb] ?? verb}${of}${before}${scope}${kind.kind}${capitalized(subresource?.name ?? '')}${suffix}`;
}

/** `core_v1`, `apps_v1`, `rbacAuthorization_v1`. */
export function tagOf(kind: Kind): string {
  return `${groupNameOf(kind, false)}_${camelCase(kind.version, false)}`;
}

/** A sentence about an operation, in the words of upstream's `registerResourceHandlers`. */
export function describeOperation({ kind, subresource, verb, method }: Named): string {
  const name = kind.kind;
  const of = subresource === undefined ? '' : `${subresource.name} of `;
  switch (verb) {
    case 'get':
      return `read ${of}the specified ${name}`;
    case 'list':
      return `${kind.verbs.includes('watch') ? 'list or watch' : 'list'} objects of kind ${name}`;
    case 'update':
      return `replace ${of}the specified ${name}`;
    case 'patch':
      return `partially update ${of}the specified ${name}`;
    case 'deletecollection':
      return `delete collection of ${name}`;
    case 'connect':
      return `connect ${method.toUpperCase()} requests to ${of}${name}`;
    default:
      return `${verb} ${of}${withArticle(name)}`;
  }
}

/** A group's part of names: `core`, `RbacAuthorization`. */
export function groupNameOf(kind: Kind, capital: boolean): string {
  const group = kind.group === '' ? 'core' : kind.group;
  return camelCase(group.replace(/\.k8s\.io$/, ''), capital);
}

/** A name without its signs, the letters after them large. Upstream: `ToValidOperationID`. */
function camelCase(name: string, capital: boolean): string {
  const joined = name.replace(/[^\p{L}\p{Nd}_]+(.?)/gu, (_, next: string) => next.toUpperCase());
  return capital ? capitalized(joined) : joined;
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** Kinds that look like plurals have no article. Upstream: `GetArticleForNoun`. */
function withArticle(noun: string): string {
  if (noun.endsWith('s') && !noun.endsWith('ss')) return noun;
  return `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`;
}
