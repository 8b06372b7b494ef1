import { t } from '@vscode/l10n';
import type { Problem } from '../documents/problem.ts';
import { rangeOf, type Tree } from '../documents/tree.ts';
import type { Kinds } from '../schemas/kinds.ts';
import type { Applied } from './apply-patches.ts';
import { jsonPatchProblems, type Operation, operationsOf } from './json-patch.ts';
import { addParents } from './missing-parents.ts';
import { fieldProblems, type Schemas } from './patched-fields.ts';
import { kindsOf } from './patched-kinds.ts';

/** What is wrong with a JSON patch: its form, and what the kinds and the objects that it is applied to have to say of it. */
export function checkJsonPatch(tree: Tree, applied: readonly Applied[], kinds: Kinds, schemas: Schemas): Problem[] {
  const form = jsonPatchProblems(tree);
  const operations = operationsOf(tree);
  const patched = applied.map((one) => kindsOf(one, kinds));
  const fields = operations.flatMap((operation) => patched.flatMap((one) => fieldProblems(tree, operation, one, schemas)));
  const wrong = [...form, ...fields];
  const failures = applied.flatMap((one) => failuresOf(tree, operations, one, wrong));
  return unique([...wrong, ...failures]);
}

/** Operations that cannot be applied to objects of the workspace, but for those that are wrong anyway. */
function failuresOf(tree: Tree, operations: readonly Operation[], { failures }: Applied, wrong: readonly Problem[]): Problem[] {
  return failures.flatMap((failure) => {
    const { operation: index, name, message: reason } = failure;
    const operation = operations[index];
    if (!operation) return [];
    const pointer = operation.pointer('path');
    const span = pointer ? rangeOf(pointer.node) : operation.spot;
    const [first, last] = [operation, operations[index + 1]].map((at) => at?.spot.start ?? Number.POSITIVE_INFINITY);
    if (wrong.some(({ start }) => (first ?? 0) <= start && start < (last ?? 0))) return [];
    const message = t('kustomize cannot apply this to {0}: {1}', name, reason);
    const edit = addParents(tree, operation, failure);
    return [{ ...span, severity: 'warning' as const, code: 'patch', message, ...(edit && { edit }) }];
  });
}

function unique(problems: readonly Problem[]): Problem[] {
  const told = new Set<string>();
  return problems.filter(({ start, end, message }) => {
    const key = `${start} ${end} ${message}`;
    return !told.has(key) && told.add(key);
  });
}
