import type { APIService } from '../generated/types/apiregistration/v1.ts';
import type { RuntimeClass } from '../generated/types/node/v1.ts';
import { dns1035LabelProblems, dns1123SubdomainProblems, pathSegmentNameProblems, portNumberProblems } from '../names/index.ts';
import { checkDnsLabel, checkImmutableText, checkOneOf, type Errors, reportInvalid } from './checks.ts';
import { duplicate, invalid, quote, required } from './field-error.ts';
import { inGo, tolerationType } from './internal-types.ts';
import { metadataPath, validateLabels } from './object-meta.ts';
import { Path } from './path.ts';
import { validateTolerations } from './pod/scheduling.ts';
import { validateResourceRequirements } from './resources.ts';

/** What adds to the API, and a few kinds with little to say. */

const specPath = Path.of('spec');

export function validateApiService({ metadata, spec }: APIService, errors: Errors): void {
  const { group = '', version = '', groupPriorityMinimum = 0, versionPriority = 0 } = spec ?? {};
  const { service, caBundle = '', insecureSkipTLSVerify } = spec ?? {};
  const wanted = `${version}.${group}`;
  for (const field of ['generateName', 'name'] as const) {
    const given = metadata?.[field] ?? '';
    if (given === '' || given === wanted || pathSegmentNameProblems(given).length > 0) continue;
    errors.push(invalid(metadataPath.child(field), given, `must be \`spec.version+"."+spec.group\`: ${quote(wanted)}`));
  }
  if (group !== '') reportInvalid(dns1123SubdomainProblems(group), group, specPath.child('group'), errors);
  else if (version !== 'v1') {
    errors.push(required(specPath.child('group'), 'only v1 may have an empty group and it better be legacy kube'));
  }
  reportInvalid(dns1035LabelProblems(version), version, specPath.child('version'), errors);
  if (groupPriorityMinimum <= 0 || groupPriorityMinimum > 20000) {
    errors.push(invalid(specPath.child('groupPriorityMinimum'), groupPriorityMinimum, 'must be positive and less than 20000'));
  }
  if (versionPriority <= 0 || versionPriority > 1000) {
    errors.push(invalid(specPath.child('versionPriority'), versionPriority, 'must be positive and less than 1000'));
  }
  const hasBundle = caBundle !== '';
  if (service === undefined) {
    if (hasBundle) {
      const bytes = Math.floor((caBundle.replace(/=+$/, '').length * 3) / 4);
      errors.push(invalid(specPath.child('caBundle'), `${bytes} bytes`, 'local APIServices may not have a caBundle'));
    }
    if (insecureSkipTLSVerify === true) {
      errors.push(invalid(specPath.child('insecureSkipTLSVerify'), true, 'local APIServices may not have insecureSkipTLSVerify'));
    }
    return;
  }
  if ((service.namespace ?? '') === '') errors.push(required(specPath.child('service', 'namespace')));
  if ((service.name ?? '') === '') errors.push(required(specPath.child('service', 'name')));
  const { port = 0 } = service;
  for (const problem of portNumberProblems(port))
    errors.push(invalid(specPath.child('service', 'port'), port, `port is not valid: ${problem}`));
  if (insecureSkipTLSVerify === true && hasBundle) {
    errors.push(invalid(specPath.child('insecureSkipTLSVerify'), true, 'may not be true if caBundle is present'));
  }
}

export function validateApiServiceStatus({ status }: APIService, _old: APIService, errors: Errors): void {
  for (const [index, condition] of (status?.conditions ?? []).entries()) {
    checkOneOf(condition.status, ['True', 'False', 'Unknown'], Path.of('status', 'conditions').index(index).child('status'), errors);
  }
}

export function validateRuntimeClass({ handler = '', overhead, scheduling }: RuntimeClass, errors: Errors): void {
  if (handler === '') errors.push(required(Path.of('handler')));
  else checkDnsLabel(handler, Path.of('handler'), errors);
  if (overhead !== undefined) validateResourceRequirements({ limits: overhead.podFixed ?? {} }, new Set(), Path.of('overhead'), errors);
  if (scheduling === undefined) return;
  validateLabels(scheduling.nodeSelector, Path.of('scheduling', 'nodeSelector'), errors);
  const at = Path.of('scheduling', 'tolerations');
  const { tolerations = [] } = scheduling;
  validateTolerations(tolerations, at, errors);
  // For how long a taint is tolerated makes no other toleration.
  const seen = new Set<string>();
  for (const [index, toleration] of tolerations.entries()) {
    const { key = '', operator = '', value = '', effect = '' } = toleration;
    const meaning = JSON.stringify([key, operator, value, effect]);
    if (seen.has(meaning)) errors.push(duplicate(at.index(index), inGo(tolerationType, toleration)));
    seen.add(meaning);
  }
}

export function validateRuntimeClassUpdate({ handler }: RuntimeClass, old: RuntimeClass, errors: Errors): void {
  checkImmutableText(handler, old.handler, Path.of('handler'), errors);
}
