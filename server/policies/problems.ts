import type { KubeObject } from '../../runtime/api/object.ts';
import { Field } from '../documents/field.ts';
import type { Manifest } from '../documents/manifest.ts';
import { objectsIn } from '../documents/objects.ts';
import { type FieldPath, locate } from '../documents/path.ts';
import type { Problem } from '../documents/problem.ts';
import type { Kinds } from '../schemas/kinds.ts';
import { judge } from './judge.ts';
import type { PolicySnapshot } from './workspace-policies.ts';

/** What the policies of the workspace say of the objects of a document, each where the expression looks at the object first. */
export function policyProblems({ tree }: Manifest, kinds: Kinds, { policies, context, knowsNamespace }: PolicySnapshot): Problem[] {
  if (policies.length === 0 || !tree.sound) return [];
  const problems = objectsIn(new Field(tree, tree.root)).flatMap(({ object, type: { apiVersion = '', kind = '' } }) => {
    const known = kinds.find(apiVersion, kind);
    if (!known || known.tool) return [];
    const { path } = object;
    return judge({ apiVersion, kind, ...(object.value() as KubeObject) }, known, policies, context, knowsNamespace).flatMap(
      ({ refused, message, expression }) => {
        const found = locate(tree, [...path, ...firstField(expression)]);
        const severity: Problem['severity'] = refused ? 'error' : 'warning';
        return found ? [{ start: found.start, end: found.end, severity, code: 'admission-policy', message }] : [];
      },
    );
  });
  // A policy may stand in the workspace twice.
  return problems.filter(
    ({ start, message }, index) => index === problems.findIndex((other) => other.start === start && other.message === message),
  );
}

/** The field of the object that an expression speaks of first: `spec.replicas` of `object.spec.replicas <= 5`. */
function firstField(expression: string): FieldPath {
  const names = /\bobject((?:\.\??\w+)+)/.exec(expression)?.[1] ?? '';
  return names.split(/\.\??/).slice(1);
}
