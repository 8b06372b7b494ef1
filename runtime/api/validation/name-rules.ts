import {
  canonicalIpProblems,
  configMapKeyProblems,
  dns1123LabelProblems,
  dns1123SubdomainProblems,
  longNameProblems,
  pathSegmentNameProblems,
  pathSegmentPrefixProblems,
} from '../names/index.ts';

/** Why a name does not do for a kind. A prefix is the beginning of a generated name, which may end in a dash. */
export type NameRule = (name: string, prefix: boolean) => readonly string[];

function maskTrailingDash(name: string): string {
  return name.length > 1 && name.endsWith('-') ? `${name.slice(0, -2)}a` : name;
}

function masked(rule: (name: string) => readonly string[]): NameRule {
  return (name, prefix) => rule(prefix ? maskTrailingDash(name) : name);
}

export const nameIsDnsSubdomain = masked(dns1123SubdomainProblems);
export const nameIsDnsLabel = masked(dns1123LabelProblems);
export const nameIsPathSegment: NameRule = (name, prefix) => (prefix ? pathSegmentPrefixProblems(name) : pathSegmentNameProblems(name));
/** A subdomain as declarative validation judges it; what names are made of is not looked at. Upstream: `validate.LongName`. */
export const nameIsLongName: NameRule = (name, prefix) => (prefix ? [] : longNameProblems(name));
/** Whatever is not empty. */
export const anyName: NameRule = () => [];
/** An address; such names are never generated. */
export const nameIsIp: NameRule = (name) => canonicalIpProblems(name);
/** A key of a ConfigMap; a dash at its end is welcome. */
export const nameIsConfigKey: NameRule = (name) => configMapKeyProblems(name);
