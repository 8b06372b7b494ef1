import type { Container, PodSpec } from '../../generated/types/core/v1.ts';
import type { Errors } from '../checks.ts';
import { notSupported, required, tooMany } from '../field-error.ts';
import type { Path } from '../path.ts';

/** When a container runs again after it has ended. */

const restartPolicies = ['Always', 'Never', 'OnFailure'];
const actions = ['Restart', 'RestartAllContainers'];
const operators = ['In', 'NotIn'];
const maxRules = 20;
const maxExitCodes = 255;

export function validateRestartRules(container: Container, path: Path, errors: Errors): void {
  const { restartPolicy, restartPolicyRules = [] } = container;
  if (restartPolicy !== undefined) {
    if (!restartPolicies.includes(restartPolicy)) errors.push(notSupported(path.child('restartPolicy'), restartPolicy, restartPolicies));
  } else if (restartPolicyRules.length === 0) return;
  else errors.push(required(path.child('restartPolicy'), 'must specify restartPolicy when restart rules are used'));
  const at = path.child('restartPolicyRules');
  if (restartPolicyRules.length > maxRules) errors.push(tooMany(at, restartPolicyRules.length, maxRules));
  for (const [index, { action = '', exitCodes }] of restartPolicyRules.entries()) {
    const rule = at.index(index);
    if (!actions.includes(action)) errors.push(notSupported(rule.child('action'), action, actions));
    if (exitCodes === undefined) {
      errors.push(required(rule.child('exitCodes'), 'must be specified'));
      continue;
    }
    const { operator = '', values = [] } = exitCodes;
    if (!operators.includes(operator)) errors.push(notSupported(rule.child('exitCodes', 'operator'), operator, operators));
    if (values.length > maxExitCodes) errors.push(tooMany(rule.child('exitCodes', 'values'), values.length, maxExitCodes));
  }
}

/** Init containers say nothing more of rules that have no policy to stand beside. */
export function validateInitRestartRules(container: Container, path: Path, errors: Errors): void {
  if (container.restartPolicy !== undefined) validateRestartRules(container, path, errors);
  else if ((container.restartPolicyRules ?? []).length > 0) {
    errors.push(required(path.child('restartPolicy'), 'must specify restartPolicy when restart rules are used'));
  }
}

/** Whether one container that ends may take all others of the pod with it. */
export function mayRestartAll(spec: PodSpec): boolean {
  return [...(spec.initContainers ?? []), ...(spec.containers ?? [])].some(
    (container) => container.restartPolicyRules?.some(({ action }) => action === 'RestartAllContainers') === true,
  );
}

/** Whether a container that has ended with this exit code may run again: its own rules come before its policy, and that before the pod's. */
export function mayRestart(container: Container, spec: PodSpec, exitCode: number): boolean {
  const matching = container.restartPolicyRules?.find(({ exitCodes }) => {
    const listed = exitCodes?.values?.includes(exitCode) === true;
    return exitCodes?.operator === 'In' ? listed : exitCodes?.operator === 'NotIn' && !listed;
  });
  if (matching !== undefined) return true;
  const policy = container.restartPolicy ?? spec.restartPolicy;
  return policy === 'Never' ? false : policy === 'OnFailure' ? exitCode !== 0 : true;
}
