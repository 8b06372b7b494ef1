import type { YAMLMap } from 'yaml';
import { type CustomPolicyKind, policyTypeWarnings } from '../../runtime/api/cel/policy-types.ts';
import type { JsonSchema } from '../../runtime/api/custom-resources/json-schema.ts';
import type { ValidatingAdmissionPolicy } from '../../runtime/api/generated/types/admissionregistration/v1.ts';
import { checkStructure } from '../../runtime/api/structure/index.ts';
import { type FieldPath, locate, parsePath } from '../documents/path.ts';
import type { Problem } from '../documents/problem.ts';
import type { Tree } from '../documents/tree.ts';
import type { Kinds, KnownKind } from './kinds.ts';

/**
 * What the API server writes into the status of a policy that it takes: that an expression does not fit the kinds it is about. Each such object would be
 * refused, or none, without a word of what is wrong.
 */
export function policyTypeProblems(tree: Tree, map: YAMLMap, known: KnownKind, path: FieldPath, kinds: Kinds): Problem[] {
  if (known.kind !== 'ValidatingAdmissionPolicy' || !known.builtIn) return [];
  const policy: ValidatingAdmissionPolicy = map.toJS(tree.document, { maxAliasCount: -1 });
  // Decoding takes out what is null.
  if (checkStructure(known.builtIn.definition, policy).error !== undefined) return [];
  const { spec = {} } = policy;
  return policyTypeWarnings(spec, customKindsOf(kinds)).flatMap(({ fieldRef, warning }) => {
    const found = locate(tree, [...path, ...parsePath(fieldRef)]);
    const message = warning.trimEnd();
    return found ? [{ start: found.start, end: found.end, severity: 'warning', code: 'policy-types', path: fieldRef, message }] : [];
  });
}

function customKindsOf(kinds: Kinds): CustomPolicyKind[] {
  return kinds.all().flatMap(({ apiVersion, group, kind, plural, schema, builtIn }) => {
    if (builtIn || plural === undefined || group === '') return [];
    // What is read of the schema of a custom kind is written alike in both.
    return [{ group, version: apiVersion.slice(group.length + 1), kind, plural, schema: schema as JsonSchema }];
  });
}
