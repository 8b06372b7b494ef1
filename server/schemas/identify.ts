import { isMap, isScalar, type Node, type YAMLMap } from 'yaml';
import type { Definitions } from '../../runtime/api/kinds/schema.ts';
import { type FieldPath, firstKey, formatPath } from '../documents/path.ts';
import type { Problem } from '../documents/problem.ts';
import { type Entry, rangeOf, type Tree } from '../documents/tree.ts';
import { SchemaCheck } from './check.ts';
import { groupOf, isToolFile, type Kinds, type KnownKind } from './kinds.ts';
import { ruleProblems } from './rules.ts';

/** Checks a parsed document: fields given twice, the kind, the fields against the kind's schema, and what no schema can say. */
export function checkDocument(tree: Tree, kinds: Kinds, definitions: Definitions): readonly Problem[] {
  const problems: Problem[] = duplicates(tree);
  const doubled = problems.length > 0;
  const check = (node: Node | null, path: FieldPath) => {
    if (!isMap(node)) return;
    const { known, items, problem } = identify(tree, node, kinds, path);
    if (problem) problems.push(problem);
    for (const [index, item] of (items ?? []).entries()) check(tree.resolve(item), [...path, 'items', index]);
    if (!known) return;
    const schemaCheck = new SchemaCheck(tree, definitions, kinds.version.release);
    schemaCheck.object(node, known.schema, path);
    problems.push(...schemaCheck.problems, ...schemaCheck.deprecated);
    if (known.tool) return;
    // The API server decodes before it validates: of what cannot be decoded there is no more to say.
    if (doubled || schemaCheck.problems.some(({ severity, code }) => severity === 'error' && code !== 'required')) return;
    problems.push(...schemaCheck.unwritten);
    const missing = [...schemaCheck.problems, ...schemaCheck.unwritten].flatMap((problem) => problem.path ?? []);
    // What is wrong with something that is not there goes without saying.
    const isMissing = ({ path: field = '', message }: Problem) =>
      missing.some(
        (name) =>
          field === name ||
          /^[.[]/.test(field.startsWith(name) ? field.slice(name.length) : '') ||
          (name.endsWith('spec.selector') && message.includes('`selector`')),
      );
    problems.push(...ruleProblems(tree, node, known, path).filter((problem) => !isMissing(problem)));
  };
  check(tree.root, []);
  return unique(problems);
}

interface Identified {
  readonly known?: KnownKind;
  readonly items?: readonly Node[];
  readonly problem?: Problem;
}

/** Finds out what kind an object is of, or what is wrong with the way it says so. */
function identify(tree: Tree, map: YAMLMap, kinds: Kinds, path: FieldPath): Identified {
  const entries = tree.entries(map);
  const entry = (name: string) => entries.find((candidate) => candidate.name === name);
  const apiVersionEntry = entry('apiVersion');
  const kindEntry = entry('kind');
  const isItem = path.length > 0;
  if (!apiVersionEntry && !kindEntry && !isItem) return {};
  const where = isItem ? `${formatPath(path)}: ` : '';
  const problem = (node: Node, message: string, severity: Problem['severity'] = 'error', code = 'kind', fix?: string): Identified => ({
    problem: { ...rangeOf(node), severity, message: where + message, code, ...(fix !== undefined && { fix }) },
  });
  const kind = textOf(tree, kindEntry);
  const apiVersion = textOf(tree, apiVersionEntry);
  if (kind === undefined) {
    // A Helm chart's Chart.yaml has an apiVersion and no kind.
    if (!kindEntry && entry('name') && entry('version')) return {};
    return problem(kindEntry?.key ?? apiVersionEntry?.key ?? firstKey(map), 'kind not set');
  }
  if (apiVersion === undefined) {
    const only = kinds.guess(undefined, kind);
    const hint = only ? ` (did you mean "${only.apiVersion}"?)` : '';
    return problem(apiVersionEntry?.key ?? kindEntry?.key ?? firstKey(map), `apiVersion not set${hint}`);
  }
  if (isToolFile(apiVersion, kind)) return {};
  if (apiVersion === 'v1' && kind === 'List') {
    const items = tree.resolve(entry('items')?.value);
    return { items: items && 'items' in items ? (items.items as Node[]) : [] };
  }
  const known = kinds.find(apiVersion, kind);
  if (known) return { known };
  const { apiVersion: betterVersion, kind: betterKind } = kinds.suggest(apiVersion, kind);
  const missing = `no matches for kind "${kind}" in version "${apiVersion}"`;
  // A kind of a group that is not built in may well exist in the cluster: its definition is only not in this workspace.
  if (!kinds.isClosedGroup(groupOf(apiVersion)) && betterKind === undefined && betterVersion === undefined) {
    return problem(
      kindEntry?.value ?? firstKey(map),
      `${missing}: no CustomResourceDefinition for it is in this workspace, so its fields are not checked`,
      'information',
      'unknown-kind',
    );
  }
  const severity = kinds.isClosedGroup(groupOf(apiVersion)) ? 'error' : 'warning';
  const wrong = betterKind === undefined && betterVersion !== undefined ? apiVersionEntry : kindEntry;
  // Where both are wrong, one replacement is not enough.
  const fix = betterKind !== undefined && betterVersion !== undefined ? undefined : (betterKind ?? betterVersion);
  const meant = [betterKind, betterVersion].filter((name) => name !== undefined).map((name) => `"${name}"`);
  const hint = meant.length === 0 ? '' : ` (did you mean ${meant.join(' in version ')}?)`;
  return problem(wrong?.value ?? firstKey(map), missing + hint, severity, 'unknown-kind', fix);
}

function textOf(tree: Tree, entry: Entry | undefined): string | undefined {
  const node = tree.resolve(entry?.value);
  return isScalar(node) && typeof node.value === 'string' && node.value !== '' ? node.value : undefined;
}

/** Fields that stand twice in one mapping: YAML forbids it, and the second one would win unseen. */
function duplicates(tree: Tree): Problem[] {
  const problems: Problem[] = [];
  const walk = (node: unknown, path: FieldPath) => {
    if (isMap(node)) {
      const names = new Set<string>();
      for (const { name, key, value } of tree.own(node)) {
        const here = [...path, name];
        if (names.has(name)) {
          const field = formatPath(here);
          problems.push({
            ...rangeOf(key),
            severity: 'error',
            code: 'duplicate-field',
            path: field,
            message: `duplicate field "${field}"`,
          });
        }
        names.add(name);
        walk(value, here);
      }
    } else if (typeof node === 'object' && node !== null && 'items' in node && Array.isArray(node.items)) {
      for (const [index, item] of node.items.entries()) walk(item, [...path, index]);
    }
  };
  walk(tree.root, []);
  return problems;
}

function unique(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter((problem) => {
    const key = `${problem.start} ${problem.end} ${problem.message}`;
    return !seen.has(key) && seen.add(key);
  });
}
