import { t } from '@vscode/l10n';
import type { ObjectFacts } from '../index/facts.ts';
import type { Found } from '../index/found.ts';
import { calledFrom } from './folders.ts';
import type { Rule } from './rule.ts';
import { perObject } from './shapes.ts';

/** Custom kinds that the workspace defines in several places: of each version the last place counts, by the names of files. */
export const duplicateDefinition: Rule = {
  id: 'duplicate-definition',
  title: 'Custom kind defined twice',
  why: 'Manifests are checked by one of the definitions, and a cluster keeps the one that is applied last.',
  severity: 'warning',
  scope: 'workspace',
  check: perObject(['CustomResourceDefinition'], (object, { uri, facts, index }) => {
    const all = index
      .objects(facts.kind, facts.namespace)
      .filter(({ what }) => sharedVersions(what, facts).length > 0)
      .toSorted(inOrder);
    const last = all.at(-1);
    if (!last || all.length < 2) return [];
    const counts = last.what === facts;
    const other = counts ? all.at(-2) : last;
    if (!other) return [];
    const versions = sharedVersions(other.what, facts);
    const differs = versions.some((version) => other.what.defines?.versions[version] !== facts.defines?.versions[version]);
    const called = `${facts.defines?.kind} ${versions.join(', ')}`;
    const at = object.get('spec', 'names', 'kind');
    return [{ at, message: messageOf(called, calledFrom(uri, other.uri), differs, counts), ...(!differs && { severity: 'hint' }) }];
  }),
};

function messageOf(called: string, file: string, differs: boolean, counts: boolean): string {
  if (!differs) return t('{0} is defined in {1} too, in the same words', called, file);
  return counts
    ? t('{0} is defined otherwise in {1}: manifests are checked by this definition', called, file)
    : t('{0} is defined otherwise in {1}: manifests are checked by that definition', called, file);
}

/** The versions that two objects define of one custom kind. */
export function sharedVersions({ defines: one }: ObjectFacts, { defines: other }: ObjectFacts): string[] {
  if (!one || !other || one.group !== other.group || one.kind !== other.kind) return [];
  return Object.keys(one.versions).filter((version) => other.versions[version] !== undefined);
}

/** By the names of files, and in one from its top: as kinds are taken in. */
function inOrder(one: Found<ObjectFacts>, other: Found<ObjectFacts>): number {
  if (one.uri !== other.uri) return one.uri < other.uri ? -1 : 1;
  return one.range.start.line - other.range.start.line;
}
