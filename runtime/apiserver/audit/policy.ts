import { parse } from 'yaml';
import type { AccessAttributes } from '../authorization/authorizer.ts';

export type AuditLevel = 'None' | 'Metadata' | 'Request' | 'RequestResponse';
export type AuditStage = 'RequestReceived' | 'ResponseStarted' | 'ResponseComplete' | 'Panic';

const levels: readonly string[] = ['None', 'Metadata', 'Request', 'RequestResponse'] satisfies AuditLevel[];
const stages: readonly string[] = ['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'] satisfies AuditStage[];

/** What is written of a request. */
export interface AuditRule {
  readonly level: AuditLevel;
  readonly omitStages: ReadonlySet<string>;
  readonly omitManagedFields: boolean;
}

/** `audit.k8s.io/v1` Policy, ready to be asked. */
export interface AuditPolicy {
  /** The first rule that matches decides; without one nothing is written. */
  ruleFor(attributes: AccessAttributes): AuditRule;
}

interface GroupResources {
  readonly group?: string;
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
}

interface PolicyRule {
  readonly level: AuditLevel;
  readonly users?: readonly string[];
  readonly userGroups?: readonly string[];
  readonly verbs?: readonly string[];
  readonly resources?: readonly GroupResources[];
  readonly namespaces?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly omitStages?: readonly string[];
  readonly omitManagedFields?: boolean;
}

interface Policy {
  readonly apiVersion?: unknown;
  readonly kind?: unknown;
  readonly rules?: readonly PolicyRule[];
  readonly omitStages?: readonly string[];
  readonly omitManagedFields?: boolean;
}

const nothing: AuditRule = { level: 'None', omitStages: new Set(), omitManagedFields: false };

/** Reads a policy file. @throws Error that says what is wrong with it */
export function parseAuditPolicy(text: string): AuditPolicy {
  const policy = parse(text, { version: '1.1' }) as Policy | null;
  if (policy?.kind !== 'Policy' || policy.apiVersion !== 'audit.k8s.io/v1') throw new Error('not a Policy of audit.k8s.io/v1');
  const rules = policy.rules;
  if (!Array.isArray(rules) || rules.length === 0) throw new Error('the policy has no rules');
  checkStages(policy.omitStages, 'omitStages');
  const ready = rules.map((rule: PolicyRule, index) => {
    check(rule, `rules[${index}]`);
    const omitStages = new Set([...(policy.omitStages ?? []), ...(rule.omitStages ?? [])]);
    const omitManagedFields = rule.omitManagedFields ?? policy.omitManagedFields ?? false;
    return { rule, what: { level: rule.level, omitStages, omitManagedFields } };
  });
  return { ruleFor: (attributes) => ready.find(({ rule }) => matches(rule, attributes))?.what ?? nothing };
}

function check(rule: PolicyRule, path: string): void {
  if (!levels.includes(rule.level)) throw new Error(`${path}.level: ${JSON.stringify(rule.level)} is none of ${levels.join(', ')}`);
  if (rule.nonResourceURLs !== undefined && (rule.resources !== undefined || rule.namespaces !== undefined))
    throw new Error(`${path}.nonResourceURLs: rules cannot apply to both regular resources and non-resource URLs`);
  for (const url of rule.nonResourceURLs ?? []) {
    if (url !== '*' && !url.startsWith('/')) throw new Error(`${path}.nonResourceURLs: ${url} must begin with '/' or be '*'`);
    if (url.slice(0, -1).includes('*')) throw new Error(`${path}.nonResourceURLs: ${url} may have '*' at its end only`);
  }
  checkStages(rule.omitStages, `${path}.omitStages`);
}

function checkStages(given: readonly string[] | undefined, path: string): void {
  const wrong = given?.find((stage) => !stages.includes(stage));
  if (wrong !== undefined) throw new Error(`${path}: ${JSON.stringify(wrong)} is none of ${stages.join(', ')}`);
}

const isAny = (list: readonly unknown[] | undefined): list is undefined | readonly [] => list === undefined || list.length === 0;

function matches(rule: PolicyRule, attributes: AccessAttributes): boolean {
  const { user } = attributes;
  if (!isAny(rule.users) && !rule.users.includes(user.name)) return false;
  if (!isAny(rule.userGroups) && !rule.userGroups.some((group) => user.groups.includes(group))) return false;
  if (!isAny(rule.verbs) && !rule.verbs.includes(attributes.verb)) return false;
  if (!isAny(rule.namespaces) || !isAny(rule.resources)) return attributes.isResource && matchesResource(rule, attributes);
  if (!isAny(rule.nonResourceURLs)) return !attributes.isResource && rule.nonResourceURLs.some((url) => matchesPath(url, attributes.path));
  return true;
}

function matchesPath(url: string, path: string): boolean {
  return url === '*' || url === path || (url.endsWith('*') && path.startsWith(url.slice(0, -1)));
}

function matchesResource({ namespaces, resources }: PolicyRule, attributes: AccessAttributes): boolean {
  if (!isAny(namespaces) && !namespaces.includes(attributes.namespace)) return false;
  if (isAny(resources)) return true;
  const { group, resource, subresource, name } = attributes;
  const full = subresource === '' ? resource : `${resource}/${subresource}`;
  return resources.some((each) => {
    const own = each.group ?? '';
    if (own !== group && own !== '*') return false;
    if (isAny(each.resources)) return true;
    if (!isAny(each.resourceNames) && !each.resourceNames.includes(name)) return false;
    return each.resources.some(
      (wanted) => wanted === '*' || wanted === full || wanted === `${resource}/*` || (subresource !== '' && wanted === `*/${subresource}`),
    );
  });
}
