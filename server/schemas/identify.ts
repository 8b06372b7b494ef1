import { t } from '@vscode/l10n';
import { isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import { groupOf } from '../../runtime/api/kinds/kind.ts';
import { isListKind, type TypeMeta, typeOfItem } from '../../runtime/api/kinds/listed.ts';
import { didYouMean } from '../documents/did-you-mean.ts';
import { type FieldPath, firstKey, formatPath } from '../documents/path.ts';
import type { Problem } from '../documents/problem.ts';
import { type Entry, rangeOf, type Tree } from '../documents/tree.ts';
import { deprecationOf, missingBecause, replacementOf } from '../versions/lifecycle.ts';
import { isToolFile, type Kinds, type KnownKind } from './kinds.ts';

export interface Identified {
  readonly known?: KnownKind;
  readonly items?: readonly Node[];
  /** What the list says it is, for items that do not say what they are. */
  readonly list?: TypeMeta;
  readonly problem?: Problem;
}

/** Finds out what kind an object is of, or what is wrong with the way it says so. */
export function identify(tree: Tree, map: YAMLMap, kinds: Kinds, path: FieldPath, list: TypeMeta = {}): Identified {
  const entries = tree.entries(map);
  const entry = (name: string) => entries.find((candidate) => candidate.name === name);
  const apiVersionEntry = entry('apiVersion');
  const kindEntry = entry('kind');
  const isItem = path.length > 0;
  if (!apiVersionEntry && !kindEntry && !isItem) return {};
  const where = isItem ? `${formatPath(path)}: ` : '';
  const problem = (node: Node, message: string, more: Partial<Problem> = {}): { problem: Problem } => ({
    problem: { ...rangeOf(node), severity: 'error', message: where + message, code: 'kind', ...more },
  });
  const said = { apiVersion: textOf(tree, apiVersionEntry), kind: textOf(tree, kindEntry) };
  const { apiVersion, kind } = apiVersionEntry || kindEntry ? said : typeOfItem(list, said);
  if (kind === undefined) {
    const otherType = typeProblem(tree, 'kind', kindEntry, undefined);
    if (otherType) return problem(otherType.node, otherType.message, { code: 'type' });
    // A Helm chart's Chart.yaml has an apiVersion and no kind.
    if (!kindEntry && entry('name') && entry('version')) return {};
    return problem(kindEntry?.key ?? apiVersionEntry?.key ?? firstKey(map), 'kind not set');
  }
  if (apiVersion === undefined) {
    const meant = kinds.guess(undefined, kind);
    const only = meant && kinds.isOnly(meant) ? meant : undefined;
    const otherType = typeProblem(tree, 'apiVersion', apiVersionEntry, meant?.apiVersion);
    if (otherType) {
      const fix = meant && { fix: meant.apiVersion };
      return { ...problem(otherType.node, otherType.message, { code: 'type', ...fix }), ...(only?.kind === kind && { known: only }) };
    }
    const hint = didYouMean(meant?.apiVersion);
    const edit = meant && !apiVersionEntry && kindEntry && addBefore(tree, map, kindEntry.key, `apiVersion: ${meant.apiVersion}`);
    const told = problem(apiVersionEntry?.key ?? kindEntry?.key ?? firstKey(map), `apiVersion not set${hint}`, edit ? { edit } : {});
    return { ...told, ...(only?.kind === kind && { known: only }) };
  }
  if (isToolFile(apiVersion, kind)) return {};
  const known = kinds.find(apiVersion, kind);
  const listed = known || !isListKind(kind) ? undefined : listOf(tree, entry('items'), apiVersion, kind, kinds);
  if (listed) return listed;
  const lifecycle = deprecationOf(apiVersion, kind, kinds.version.release);
  if (known && lifecycle === undefined) return { known };
  const kindNode = kindEntry?.value ?? firstKey(map);
  if (known)
    return {
      known,
      ...problem(apiVersionEntry?.value ?? kindNode, lifecycle ?? '', { severity: 'hint', code: 'deprecated', deprecated: true }),
    };
  const missing = `no matches for kind "${kind}" in version "${apiVersion}"`;
  const because = missingBecause(apiVersion, kind, kinds.version.release);
  if (because !== undefined) {
    const replacement = replacementOf(apiVersion, kind, kinds);
    const use = replacement
      ? `: ${t('use {0}', `${replacement.apiVersion}${replacement.kind === kind ? '' : ` ${replacement.kind}`}`)}`
      : '';
    return problem(apiVersionEntry?.value ?? kindNode, `${missing}: ${because}${use}`, {
      code: 'removed-version',
      ...(replacement?.kind === kind && { migrateTo: replacement.apiVersion }),
    });
  }
  const { apiVersion: betterVersion, kind: betterKind } = kinds.suggest(apiVersion, kind);
  // A kind of a group that is not built in may well exist in the cluster: its definition is only not in this workspace.
  if (!kinds.isClosedGroup(groupOf(apiVersion)) && betterKind === undefined && betterVersion === undefined) {
    return problem(kindNode, `${missing}: ${t('no CustomResourceDefinition for it is in this workspace, so its fields are not checked')}`, {
      severity: 'information',
      code: 'unknown-kind',
    });
  }
  const severity = kinds.isClosedGroup(groupOf(apiVersion)) ? 'error' : 'warning';
  const wrong = betterKind === undefined && betterVersion !== undefined ? apiVersionEntry : kindEntry;
  const meant = [betterKind, betterVersion].filter((name) => name !== undefined).map((name) => `"${name}"`);
  const [first, second] = meant;
  const hint =
    first === undefined
      ? ''
      : second === undefined
        ? t(' (did you mean {0}?)', first)
        : t(' (did you mean {0} in version {1}?)', first, second);
  return problem(wrong?.value ?? firstKey(map), missing + hint, {
    severity,
    code: 'unknown-kind',
    ...fixOf(betterKind, betterVersion, apiVersionEntry),
  });
}

/** What is wrong with a part of the head that is there, but is no text: `apiVersion: 1`. Undefined of one that is left open. */
function typeProblem(
  tree: Tree,
  name: string,
  entry: Entry | undefined,
  meant: string | undefined,
): { readonly node: Node; readonly message: string } | undefined {
  const node = tree.resolve(entry?.value);
  if (!entry || !node || (isScalar(node) && (node.value === null || typeof node.value === 'string'))) return undefined;
  const shown = isScalar(node) ? JSON.stringify(node.value) : isSeq(node) ? '"array"' : '"object"';
  const message = `${name}: Invalid value: ${shown}: must be of type string${didYouMean(meant)}`;
  return { node: isScalar(node) ? (entry.value ?? node) : entry.key, message };
}

/** Where both are wrong, the kind is replaced where the problem is told, and the version with it. */
function fixOf(kind: string | undefined, apiVersion: string | undefined, entry: Entry | undefined): Partial<Problem> {
  const fix = kind ?? apiVersion;
  if (fix === undefined) return {};
  if (kind === undefined || apiVersion === undefined || !entry?.value) return { fix };
  return { fix, also: { ...rangeOf(entry.value), newText: apiVersion } };
}

/** The edit that writes a field on a line of its own before another one. */
function addBefore(tree: Tree, map: YAMLMap, key: Node, field: string): Problem['edit'] {
  const { start } = rangeOf(key);
  const newText = map.flow ? `${field}, ` : `${field}\n${tree.indentAt(start)}`;
  return { title: t('Add {0}', field), start, end: start, newText };
}

/** A `List`, whose items say what they are, or the list of one kind (`PodList`), whose items need not. */
function listOf(tree: Tree, items: Entry | undefined, apiVersion: string, kind: string, kinds: Kinds): Identified | undefined {
  const list = { apiVersion, kind };
  const item = typeOfItem(list, {});
  if (item.kind === undefined ? apiVersion !== 'v1' : !kinds.find(apiVersion, item.kind)) return undefined;
  const nodes = tree.resolve(items?.value);
  return { items: isSeq(nodes) ? nodes.items.filter((node): node is Node => typeof node === 'object' && node !== null) : [], list };
}

function textOf(tree: Tree, entry: Entry | undefined): string | undefined {
  const node = tree.resolve(entry?.value);
  return isScalar(node) && typeof node.value === 'string' && node.value !== '' ? node.value : undefined;
}
