import { isMap, isScalar, type Node, type Scalar } from 'yaml';
import type { TypeMeta } from '../../runtime/api/kinds/listed.ts';
import type { Definitions } from '../../runtime/api/kinds/schema.ts';
import { type FieldPath, formatPath } from '../documents/path.ts';
import type { Problem } from '../documents/problem.ts';
import { rangeOf, type Tree } from '../documents/tree.ts';
import { SchemaCheck } from './check.ts';
import { identify } from './identify.ts';
import type { Kinds, KnownKind } from './kinds.ts';
import { anyList, typedList } from './list.ts';
import { policyTypeProblems } from './policy-types.ts';
import { ruleProblems } from './rules.ts';

/** Checks a parsed document: fields given twice, the kind, the fields against the kind's schema, and what no schema can say. */
export function checkDocument(tree: Tree, kinds: Kinds, definitions: Definitions): readonly Problem[] {
  const problems: Problem[] = duplicates(tree);
  const doubled = problems.length > 0;
  const check = (node: Node | null, path: FieldPath, list?: TypeMeta) => {
    if (isEmpty(node) && list) {
      // Words of the client, which looks at every item before it sends it.
      problems.push({ ...rangeOf(node), severity: 'error', code: 'kind', message: `${formatPath(path)}: invalid object to validate` });
    }
    if (!isMap(node)) return;
    const { known, items, list: own, problem } = identify(tree, node, kinds, path, list);
    if (problem) problems.push(problem);
    if (own) {
      const listCheck = new SchemaCheck(tree, definitions, kinds.version.release);
      listCheck.object(node, own.kind === 'List' ? anyList : typedList, path);
      problems.push(...listCheck.problems);
    }
    for (const [index, item] of (items ?? []).entries()) check(tree.resolve(item), [...path, 'items', index], own);
    if (!known) return;
    const schemaCheck = new SchemaCheck(tree, definitions, kinds.version.release, { anyCase: known.tool === true });
    schemaCheck.object(node, known.schema, path);
    // What is wrong with the head was told in its own words.
    const isTold = ({ start, end }: Problem) => problem?.severity === 'error' && start === problem.start && end === problem.end;
    problems.push(...schemaCheck.problems.filter((found) => !isTold(found)), ...schemaCheck.deprecated);
    if (known.tool) return;
    // The API server decodes before it validates: of what cannot be decoded there is no more to say.
    if (doubled || schemaCheck.problems.some((found) => isOfDecoding(found, known, path))) return;
    problems.push(...schemaCheck.unwritten);
    const missing = [...schemaCheck.problems, ...schemaCheck.unwritten].flatMap((problem) => problem.path ?? []);
    const listed = schemaCheck.problems.flatMap(({ code, path: field }) => (code === 'enum' && field !== undefined ? [field] : []));
    // A value that its list does not have was told, where it stands; validation tells it of its list.
    const isListed = ({ path: field = '', message }: Problem) =>
      /Unsupported value/.test(message) &&
      listed.some((name) => name === field || /^[[.]/.test(name.startsWith(field) ? name.slice(field.length) : ''));
    // What is wrong with something that is not there goes without saying.
    const isMissing = ({ path: field = '', message }: Problem) =>
      missing.some(
        (name) =>
          field === name ||
          /^[.[]/.test(field.startsWith(name) ? field.slice(name.length) : '') ||
          (name.endsWith('spec.selector') && message.includes('`selector`')),
      );
    // Of a custom resource the schema's errors come with all others: those that are told already.
    const compared = schemaCheck.problems.filter(({ severity }) => severity === 'error');
    const isCompared = (problem: Problem) =>
      known.judge !== undefined &&
      compared.some(({ start, end, path: field }) => field === problem.path || (start === problem.start && end === problem.end));
    const broken = ruleProblems(tree, node, known, path, definitions);
    const refused = broken.filter((problem) => !isMissing(problem) && !isListed(problem) && !isCompared(problem));
    problems.push(...refused);
    tellNarrower(problems, broken);
    if (compared.length + missing.length + listed.length + refused.length === 0)
      problems.push(...policyTypeProblems(tree, node, known, path, kinds));
  };
  check(tree.root, []);
  return unique(problems);
}

/** Where validation allows fewer values than the schema lists, its words take the place of the schema's: what they propose is allowed. */
function tellNarrower(problems: Problem[], broken: readonly Problem[]): void {
  for (const rule of broken) {
    const at = problems.findIndex(({ code, path: field }) => code === 'enum' && field === rule.path);
    const told = problems[at];
    const supported = supportedCount(rule);
    if (told !== undefined && supported > 0 && supported < supportedCount(told)) problems[at] = { ...rule, code: 'enum' };
  }
}

/** How many values an error names as supported. */
function supportedCount({ message }: Problem): number {
  const [, list = ''] = /: supported values: ((?:"[^"]*"(?:, )?)*)/.exec(message) ?? [];
  return list.split('"').length >> 1;
}

function isEmpty(node: Node | null): node is Scalar<null> {
  return isScalar(node) && node.value === null;
}

/**
 * Whether an error keeps the API server from decoding an object, so that nothing is validated. A custom resource is decoded whatever the types of its
 * own fields are; metadata are always those of Kubernetes.
 */
function isOfDecoding({ severity, code, path: field = '' }: Problem, known: KnownKind, path: FieldPath): boolean {
  if (severity !== 'error' || code === 'required' || code === 'enum') return false;
  return (
    known.judge === undefined || code === 'unknown-field' || /^\.?(metadata|apiVersion|kind)\b/.test(field.slice(formatPath(path).length))
  );
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
