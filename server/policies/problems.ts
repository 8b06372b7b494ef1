import { isMap, isNode, isSeq, type YAMLMap } from 'yaml';
import type { KubeObject } from '../../runtime/api/object.ts';
import type { Manifest } from '../documents/manifest.ts';
import { type FieldPath, locate } from '../documents/path.ts';
import type { Problem } from '../documents/problem.ts';
import type { Tree } from '../documents/tree.ts';
import type { Kinds } from '../schemas/kinds.ts';
import { judge } from './judge.ts';
import type { PolicySnapshot } from './workspace-policies.ts';

/** What the policies of the workspace say of the objects of a document, each where the expression looks at the object first. */
export function policyProblems({ tree }: Manifest, kinds: Kinds, { policies, context, knowsNamespace }: PolicySnapshot): Problem[] {
  if (policies.length === 0 || !tree.sound) return [];
  const problems = objectsIn(tree).flatMap(({ map, path }) => {
    const object: KubeObject = map.toJS(tree.document, { maxAliasCount: -1 });
    const known = kinds.find(String(object.apiVersion), String(object.kind));
    if (!known || known.tool) return [];
    return judge(object, known, policies, context, knowsNamespace).flatMap(({ refused, message, expression }) => {
      const found = locate(tree, [...path, ...firstField(expression)]);
      const severity: Problem['severity'] = refused ? 'error' : 'warning';
      return found ? [{ start: found.start, end: found.end, severity, code: 'admission-policy', message }] : [];
    });
  });
  // A policy may stand in the workspace twice.
  return problems.filter(
    ({ start, message }, index) => index === problems.findIndex((other) => other.start === start && other.message === message),
  );
}

/** The object that a document is, or those in a List. */
function objectsIn(tree: Tree): { readonly map: YAMLMap; readonly path: FieldPath }[] {
  const { root } = tree;
  if (!isMap(root)) return [];
  const entry = (name: string) => tree.resolve(tree.entries(root).find((candidate) => candidate.name === name)?.value);
  const items = entry('items');
  if (tree.valueOf(entry('kind')) !== 'List' || !isSeq(items)) return [{ map: root, path: [] }];
  return items.items.flatMap((item, index) => {
    const node = isNode(item) ? tree.resolve(item) : null;
    return isMap(node) ? [{ map: node, path: ['items', index] }] : [];
  });
}

/** The field of the object that an expression speaks of first: `spec.replicas` of `object.spec.replicas <= 5`. */
function firstField(expression: string): FieldPath {
  const names = /\bobject((?:\.\??\w+)+)/.exec(expression)?.[1] ?? '';
  return names.split(/\.\??/).slice(1);
}
