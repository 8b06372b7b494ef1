import type {
  FlowSchema,
  FlowSchemaCondition,
  FlowSchemaSpec,
  LimitedPriorityLevelConfiguration,
  LimitResponse,
  NonResourcePolicyRule,
  PolicyRulesWithSubjects,
  PriorityLevelConfiguration,
  PriorityLevelConfigurationSpec,
  QueuingConfiguration,
  ResourcePolicyRule,
  Subject,
} from '../generated/types/flowcontrol/v1.ts';
import { checkRequired, type Errors, reportInvalid } from './checks.ts';
import { semanticEqual } from './equality.ts';
import { duplicate, forbidden, invalid, notSupported, required } from './field-error.ts';
import { flowSchemaSpecType, inGo, priorityLevelSpecType } from './internal-types.ts';
import { mandatoryFlowSchemas, mandatoryPriorityLevels } from './mandatory-flow-control.ts';
import { nameIsDnsLabel, nameIsDnsSubdomain } from './name-rules.ts';
import { Path } from './path.ts';

/** `pkg/apis/flowcontrol/validation` */

const specPath = Path.of('spec');
const maxPrecedence = 10_000;
const maxQueues = 10_000_000;
const maxHashBits = 60;
const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'proxy', 'update', 'watch'];

export function validateFlowSchema({ metadata, spec, status }: FlowSchema, errors: Errors): void {
  const name = metadata?.name ?? '';
  validateFlowSchemaSpec(name, spec ?? ({} as FlowSchemaSpec), errors);
  const mandatory = mandatoryFlowSchemas[name];
  if (mandatory !== undefined && !semanticEqual(spec, mandatory)) {
    errors.push(invalid(specPath, inGo(flowSchemaSpecType, spec ?? {}), `spec of '${name}' must equal the fixed value`));
  }
  validateConditions(status?.conditions, errors);
}

function validateFlowSchemaSpec(name: string, spec: FlowSchemaSpec, errors: Errors): void {
  const { matchingPrecedence: precedence = 0, distinguisherMethod, priorityLevelConfiguration, rules } = spec;
  const at = specPath.child('matchingPrecedence');
  if (precedence <= 0) errors.push(invalid(at, precedence, 'must be a positive value'));
  if (precedence > maxPrecedence) errors.push(invalid(at, precedence, `must not be greater than ${maxPrecedence}`));
  if (precedence === 1 && name !== 'exempt') {
    errors.push(invalid(at, precedence, "only the schema named 'exempt' may have matchingPrecedence 1"));
  }
  if (distinguisherMethod !== undefined && !['ByNamespace', 'ByUser'].includes(distinguisherMethod.type ?? '')) {
    errors.push(notSupported(specPath.child('distinguisherMethod', 'type'), distinguisherMethod, ['ByNamespace', 'ByUser']));
  }
  const level = priorityLevelConfiguration?.name ?? '';
  const levelPath = specPath.child('priorityLevelConfiguration', 'name');
  if (level === '') errors.push(required(levelPath, 'must reference a priority level'));
  else reportInvalid(nameIsDnsSubdomain(level, false), level, levelPath, errors);
  for (const [index, rule] of (rules ?? []).entries()) validateRule(rule, specPath.child('rules').index(index), errors);
}

function validateRule(
  { subjects = [], resourceRules = [], nonResourceRules = [] }: PolicyRulesWithSubjects,
  path: Path,
  errors: Errors,
): void {
  if (subjects.length === 0) errors.push(required(path.child('subjects'), 'subjects must contain at least one value'));
  for (const [index, subject] of subjects.entries()) validateSubject(subject, path.child('subjects').index(index), errors);
  if (resourceRules.length === 0 && nonResourceRules.length === 0) {
    errors.push(required(path, 'at least one of resourceRules and nonResourceRules has to be non-empty'));
  }
  for (const [index, rule] of resourceRules.entries()) validateResourceRule(rule, path.child('resourceRules').index(index), errors);
  for (const [index, rule] of nonResourceRules.entries())
    validateNonResourceRule(rule, path.child('nonResourceRules').index(index), errors);
}

const subjectFields = { Group: 'group', ServiceAccount: 'serviceAccount', User: 'user' } as const;

function isSubjectKind(kind: string): kind is keyof typeof subjectFields {
  return Object.hasOwn(subjectFields, kind);
}

function validateSubject(subject: Subject, path: Path, errors: Errors): void {
  const { kind = '' } = subject;
  if (!isSubjectKind(kind)) {
    errors.push(notSupported(path.child('kind'), kind, Object.keys(subjectFields)));
    return;
  }
  const own = subjectFields[kind];
  const at = path.child(own);
  if (subject[own] === undefined) errors.push(required(at, `${own} is required when subject kind is '${kind}'`));
  else if (own !== 'serviceAccount') checkRequired(subject[own]?.name, at.child('name'), errors);
  else validateServiceAccount(subject.serviceAccount, at, errors);
  for (const other of ['ServiceAccount', 'User', 'Group'] as const) {
    const field = subjectFields[other];
    if (other === kind || subject[field] === undefined) continue;
    errors.push(forbidden(path.child(field), `${field} is forbidden when subject kind is not '${other}'`));
  }
}

function validateServiceAccount(account: Subject['serviceAccount'], path: Path, errors: Errors): void {
  const { name = '', namespace = '' } = account ?? {};
  if (name === '') errors.push(required(path.child('name')));
  else if (name !== '*') reportInvalid(nameIsDnsSubdomain(name, false), name, path.child('name'), errors);
  if (namespace === '') errors.push(required(path.child('namespace'), 'must specify namespace for service account'));
  else reportInvalid(nameIsDnsLabel(namespace, false), namespace, path.child('namespace'), errors);
}

function validateVerbs(given: readonly string[], path: Path, errors: Errors): void {
  if (given.length === 0) errors.push(required(path, 'verbs must contain at least one value'));
  else if (given.includes('*')) checkAlone(given, 'verbs', path, errors);
  else if (given.some((verb) => !verbs.includes(verb))) errors.push(notSupported(path, given, verbs));
}

/** A star stands for everything, and so by itself. */
function checkAlone(list: readonly string[], what: string, path: Path, errors: Errors): void {
  if (list.length > 1 && list.includes('*')) errors.push(invalid(path, list, `if '*' is present, must not specify other ${what}`));
}

function validateResourceRule(rule: ResourcePolicyRule, path: Path, errors: Errors): void {
  const { apiGroups = [], resources = [], namespaces = [], clusterScope = false } = rule;
  validateVerbs(rule.verbs ?? [], path.child('verbs'), errors);
  if (apiGroups.length === 0) errors.push(required(path.child('apiGroups'), 'resource rules must supply at least one api group'));
  checkAlone(apiGroups, 'api groups', path.child('apiGroups'), errors);
  if (resources.length === 0) errors.push(required(path.child('resources'), 'resource rules must supply at least one resource'));
  checkAlone(resources, 'resources', path.child('resources'), errors);
  const at = path.child('namespaces');
  if (namespaces.length === 0 && !clusterScope) {
    errors.push(required(at, 'resource rules that are not cluster scoped must supply at least one namespace'));
  } else if (namespaces.includes('*')) checkAlone(namespaces, 'namespaces', at, errors);
  else {
    for (const [index, namespace] of namespaces.entries()) {
      const problems = nameIsDnsLabel(namespace, false).map(
        (problem) => `each member of this list must be '*' or a DNS-1123 label; ${problem}`,
      );
      reportInvalid(problems, namespace, at.index(index), errors);
    }
  }
}

function validateNonResourceRule(rule: NonResourcePolicyRule, path: Path, errors: Errors): void {
  validateVerbs(rule.verbs ?? [], path.child('verbs'), errors);
  const urls = rule.nonResourceURLs ?? [];
  const at = path.child('nonResourceURLs');
  if (urls.length === 0) errors.push(required(at, 'nonResourceURLs must contain at least one value'));
  else if (urls.includes('*')) checkAlone(urls, 'non-resource URLs', at, errors);
  else for (const [index, url] of urls.entries()) reportInvalid(urlProblems(url), url, at.index(index), errors);
}

function urlProblems(url: string): string[] {
  if (url === '') return ['must not be empty'];
  if (url === '/') return [];
  if (!url.startsWith('/')) return ['must start with slash'];
  if (url.includes(' ')) return ['must not contain white-space'];
  if (url.includes('//')) return ['must not contain double slash'];
  const stars = url.split('*').length - 1;
  return stars > 1 || (stars === 1 && !url.endsWith('/*')) ? ['wildcard can only do suffix matching'] : [];
}

function validateConditions(conditions: readonly Partial<FlowSchemaCondition>[] | undefined, errors: Errors): void {
  const seen = new Set<string>();
  for (const [index, { type = '' }] of (conditions ?? []).entries()) {
    const at = Path.of('status', 'conditions').index(index).child('type');
    if (seen.has(type)) errors.push(duplicate(at, type));
    seen.add(type);
    if (type === '') errors.push(required(at, 'must not be empty'));
  }
}

export function validateFlowControlStatus({ status }: FlowSchema | PriorityLevelConfiguration, _old: unknown, errors: Errors): void {
  validateConditions(status?.conditions, errors);
}

/** Kept what earlier versions could not say; no object of this one has it. */
const keptZero = 'flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares';

export function validatePriorityLevel({ metadata, spec, status }: PriorityLevelConfiguration, errors: Errors): void {
  const name = metadata?.name ?? '';
  if (metadata?.annotations?.[keptZero] !== undefined) {
    errors.push(forbidden(Path.of('metadata', 'annotations'), `annotation '${keptZero}' is forbidden`));
  }
  validatePriorityLevelSpec(name, spec ?? ({} as PriorityLevelConfigurationSpec), errors);
  const mandatory = mandatoryPriorityLevels[name];
  if (name === 'exempt') {
    // Of the exempt level the shares may be changed, and nothing else.
    if (!semanticEqual({ ...spec, exempt: undefined }, { ...mandatory, exempt: undefined })) {
      errors.push(
        invalid(
          specPath,
          inGo(priorityLevelSpecType, spec ?? {}),
          `spec of '${name}' except the 'spec.exempt' field must equal the fixed value`,
        ),
      );
    }
  } else if (mandatory !== undefined && !semanticEqual(spec, mandatory)) {
    errors.push(invalid(specPath, inGo(priorityLevelSpecType, spec ?? {}), `spec of '${name}' must equal the fixed value`));
  }
  validateConditions(status?.conditions, errors);
}

function validatePriorityLevelSpec(name: string, spec: PriorityLevelConfigurationSpec, errors: Errors): void {
  const { type = '', limited, exempt } = spec;
  if ((name === 'exempt') !== (type === 'Exempt')) {
    errors.push(invalid(specPath.child('type'), type, "must be 'Exempt' if and only if `name` is 'exempt'"));
  }
  switch (type) {
    case 'Exempt':
      if (limited !== undefined) errors.push(forbidden(specPath.child('limited'), 'must be nil if the type is not Limited'));
      if (exempt !== undefined) validateShares(exempt, specPath.child('exempt'), errors);
      break;
    case 'Limited':
      if (exempt !== undefined) errors.push(forbidden(specPath.child('exempt'), 'must be nil if the type is Limited'));
      if (limited === undefined) errors.push(required(specPath.child('limited'), 'must not be empty when type is Limited'));
      else validateLimited(limited, specPath.child('limited'), errors);
      break;
    default:
      errors.push(notSupported(specPath.child('type'), type, ['Exempt', 'Limited']));
  }
}

interface Shares {
  readonly nominalConcurrencyShares?: number;
  readonly lendablePercent?: number;
}

function validateShares({ nominalConcurrencyShares: shares, lendablePercent }: Shares, path: Path, errors: Errors): void {
  if (shares !== undefined && shares < 0) {
    errors.push(invalid(path.child('nominalConcurrencyShares'), shares, 'must be a non-negative integer'));
  }
  validateLendable(lendablePercent, path, errors);
}

function validateLendable(percent: number | undefined, path: Path, errors: Errors): void {
  if (percent === undefined || (percent >= 0 && percent <= 100)) return;
  errors.push(invalid(path.child('lendablePercent'), percent, 'must be between 0 and 100, inclusive'));
}

function validateLimited(limited: LimitedPriorityLevelConfiguration, path: Path, errors: Errors): void {
  const { nominalConcurrencyShares, limitResponse, borrowingLimitPercent: borrowing } = limited;
  validateShares({ ...(nominalConcurrencyShares !== undefined && { nominalConcurrencyShares }) }, path, errors);
  validateLimitResponse(limitResponse ?? ({} as LimitResponse), path.child('limitResponse'), errors);
  validateLendable(limited.lendablePercent, path, errors);
  if (borrowing !== undefined && borrowing < 0) {
    errors.push(invalid(path.child('borrowingLimitPercent'), borrowing, 'if specified, must be a non-negative integer'));
  }
}

function validateLimitResponse({ type = '', queuing }: LimitResponse, path: Path, errors: Errors): void {
  const at = path.child('queuing');
  if (type === 'Reject') {
    if (queuing !== undefined) errors.push(forbidden(at, 'must be nil if limited.limitResponse.type is not Limited'));
  } else if (type === 'Queue') {
    if (queuing === undefined) errors.push(required(at, 'must not be empty if limited.limitResponse.type is Limited'));
    else validateQueuing(queuing, at, errors);
  } else errors.push(notSupported(path.child('type'), type, ['Queue', 'Reject']));
}

function validateQueuing(queuing: QueuingConfiguration, path: Path, errors: Errors): void {
  const { queueLengthLimit = 0, queues = 0, handSize = 0 } = queuing;
  if (queueLengthLimit <= 0) errors.push(invalid(path.child('queueLengthLimit'), queueLengthLimit, 'must be positive'));
  if (queues <= 0) errors.push(invalid(path.child('queues'), queues, 'must be positive'));
  else if (queues > maxQueues) errors.push(invalid(path.child('queues'), queues, `must not be greater than ${maxQueues}`));
  const at = path.child('handSize');
  if (handSize <= 0) errors.push(invalid(at, handSize, 'must be positive'));
  else if (handSize > queues) errors.push(invalid(at, handSize, `should not be greater than queues (${queues})`));
  else if (entropyBits(queues, handSize) > maxHashBits) {
    const detail = `required entropy bits of deckSize ${queues} and handSize ${handSize} should not be greater than ${maxHashBits}`;
    errors.push(invalid(at, handSize, detail));
  }
}

/** Bits that choosing a hand from a deck by shuffle sharding takes. */
function entropyBits(deck: number, hand: number): number {
  return Math.ceil(Math.log2(deck) * hand);
}
