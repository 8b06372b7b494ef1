import type { PolicyRule } from '../generated/types/rbac/v1.ts';
import { urlMatches } from './policy-rule.ts';

/**
 * The parts of `wanted` that no rule of `held` covers, each down to one verb on one resource (and name) or path; none: all is covered.
 * A part must be covered by one rule alone. Upstream: `Covers` of component-helpers/auth/rbac/validation.
 */
export function missingRights(held: readonly PolicyRule[], wanted: readonly PolicyRule[]): PolicyRule[] {
  return wanted.flatMap(breakDown).filter((part) => !held.some((rule) => covers(rule, part)));
}

/** The rules that stand for one verb each, by group, resource, verb and name, then by path. Upstream: `BreakdownRule`. */
function breakDown(rule: PolicyRule): PolicyRule[] {
  const parts: PolicyRule[] = [];
  for (const group of rule.apiGroups ?? []) {
    for (const resource of rule.resources ?? []) {
      for (const verb of rule.verbs) {
        const part = { verbs: [verb], apiGroups: [group], resources: [resource] };
        const { resourceNames = [] } = rule;
        if (resourceNames.length === 0) parts.push(part);
        else parts.push(...resourceNames.map((name) => ({ ...part, resourceNames: [name] })));
      }
    }
  }
  for (const url of rule.nonResourceURLs ?? []) parts.push(...rule.verbs.map((verb) => ({ verbs: [verb], nonResourceURLs: [url] })));
  return parts;
}

function covers(rule: PolicyRule, part: PolicyRule): boolean {
  const { resourceNames = [] } = rule;
  return (
    all(rule.verbs, part.verbs) &&
    all(rule.apiGroups, part.apiGroups) &&
    (part.resources ?? []).every((resource) => coversResource(rule.resources ?? [], resource)) &&
    (part.nonResourceURLs ?? []).every((url) => (rule.nonResourceURLs ?? []).some((pattern) => urlMatches(pattern, url))) &&
    (resourceNames.length === 0 || ((part.resourceNames ?? []).length > 0 && all(resourceNames, part.resourceNames)))
  );
}

function all(held: readonly string[] | undefined, wanted: readonly string[] | undefined): boolean {
  return held?.includes('*') === true || (wanted ?? []).every((value) => held?.includes(value) === true);
}

function coversResource(held: readonly string[], wanted: string): boolean {
  if (held.includes('*') || held.includes(wanted)) return true;
  const slash = wanted.indexOf('/');
  return slash >= 0 && held.includes(`*/${wanted.slice(slash + 1)}`);
}

/**
 * Rules that differ in nothing but their verbs, put together, as upstream's `CompactRules` does; each in its short notation,
 * `{APIGroups:[""], Resources:["pods"], Verbs:["get" "list"]}`, sorted.
 */
export function describeRules(rules: readonly PolicyRule[]): string[] {
  const simple = new Map<string, PolicyRule>();
  const texts = new Set<string>();
  for (const rule of rules) {
    if (rule.nonResourceURLs !== undefined) {
      texts.add(describe(rule));
      continue;
    }
    const key = JSON.stringify([rule.apiGroups, rule.resources, rule.resourceNames]);
    const same = simple.get(key);
    if (same === undefined) simple.set(key, rule);
    else simple.set(key, { ...same, verbs: [...new Set([...same.verbs, ...rule.verbs])] });
  }
  for (const rule of simple.values()) texts.add(describe(rule));
  return [...texts].sort();
}

function describe(rule: PolicyRule): string {
  const parts = [
    ['APIGroups', rule.apiGroups],
    ['Resources', rule.resources],
    ['NonResourceURLs', rule.nonResourceURLs],
    ['ResourceNames', rule.resourceNames],
    ['Verbs', rule.verbs],
  ] as const;
  const texts = parts.flatMap(([name, values]) => (values === undefined || values.length === 0 ? [] : [`${name}:${quoted(values)}`]));
  return `{${texts.join(', ')}}`;
}

/** Strings as Go prints them with %q: `["a" "b"]`. */
export function quoted(values: readonly string[]): string {
  return `[${values.map((value) => JSON.stringify(value)).join(' ')}]`;
}
