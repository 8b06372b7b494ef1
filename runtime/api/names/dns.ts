import { byteLength, maxBytesMessage, maxLengthMessage, regexMessage } from './format.ts';

/**
 * Rules for names after the DNS standards. Each function gives the reasons why a text breaks the rule; none means it is valid.
 * They follow `k8s.io/apimachinery/pkg/util/validation`.
 */

export const dns1123LabelMaxLength = 63;
export const dns1123SubdomainMaxLength = 253;
export const dns1035LabelMaxLength = 63;

const none: readonly string[] = [];

const dns1123LabelFormat = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const dns1123Label = new RegExp(`^${dns1123LabelFormat}$`);
const dns1123SubdomainFormat = `${dns1123LabelFormat}(\\.${dns1123LabelFormat})*`;
const dns1123Subdomain = new RegExp(`^${dns1123SubdomainFormat}$`);
const wildcardSubdomainFormat = `\\*\\.${dns1123SubdomainFormat}`;
const wildcardSubdomain = new RegExp(`^${wildcardSubdomainFormat}$`);
const dns1035LabelFormat = '[a-z]([-a-z0-9]*[a-z0-9])?';
const dns1035Label = new RegExp(`^${dns1035LabelFormat}$`);
const caselessSubdomainFormat = '[a-z0-9A-Z]([-a-z0-9A-Z]*[a-z0-9A-Z])?(\\.[a-z0-9A-Z]([-a-z0-9A-Z]*[a-z0-9A-Z])?)*';
const underscoreLabelFormat = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const underscoreSubdomainFormat = `${underscoreLabelFormat}(\\.${underscoreLabelFormat})*`;
const underscoreSubdomain = new RegExp(`^${underscoreSubdomainFormat}$`);
const caselessSubdomain = new RegExp(`^${caselessSubdomainFormat}$`);

const labelRule =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
const subdomainRule =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
const labelMessage = regexMessage(labelRule, dns1123LabelFormat, 'my-name', '123-abc');
const subdomainMessage = regexMessage(subdomainRule, dns1123SubdomainFormat, 'example.com');
const wildcardMessage = regexMessage(
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
  wildcardSubdomainFormat,
  '*.example.com',
);
const dns1035Message = regexMessage(
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  dns1035LabelFormat,
  'my-name',
  'abc-123',
);
const caselessMessage = regexMessage(
  "an RFC 1123 subdomain must consist of alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  caselessSubdomainFormat,
  'example.com',
);
const underscoreMessage = regexMessage(
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character",
  underscoreSubdomainFormat,
  'example.com',
);

function check(text: string, limit: number, expression: RegExp, message: string, tooLong = maxLengthMessage): readonly string[] {
  const long = text.length > limit || byteLength(text) > limit;
  const wrong = !expression.test(text);
  if (!long && !wrong) return none;
  return [...(long ? [tooLong(limit)] : []), ...(wrong ? [message] : [])];
}

/** A label of a host name: at most 63 lower-case letters, digits and inner dashes. */
export function dns1123LabelProblems(text: string): readonly string[] {
  // What would be fine but for its dots is told just that.
  const message = text.includes('.') && dns1123Subdomain.test(text) ? 'must not contain dots' : labelMessage;
  return check(text, dns1123LabelMaxLength, dns1123Label, message);
}

/** Labels joined by dots, at most 253 bytes. */
export function dns1123SubdomainProblems(text: string): readonly string[] {
  return check(text, dns1123SubdomainMaxLength, dns1123Subdomain, subdomainMessage);
}

/** A subdomain in the words of `k8s.io/apimachinery/pkg/api/validate/content`: in front of keys of labels, and where upstream's `LongName` judges. */
export function longNameProblems(text: string): readonly string[] {
  return check(text, dns1123SubdomainMaxLength, dns1123Subdomain, subdomainMessage, maxBytesMessage);
}

/** As a subdomain, but upper-case letters are welcome. */
export function dns1123SubdomainCaselessProblems(text: string): readonly string[] {
  return check(text, dns1123SubdomainMaxLength, caselessSubdomain, caselessMessage);
}

/** As a subdomain, but underscores are welcome (search domains of a pod). */
export function dns1123SubdomainWithUnderscoreProblems(text: string): readonly string[] {
  return check(text, dns1123SubdomainMaxLength, underscoreSubdomain, underscoreMessage);
}

/** `*.` before a subdomain. */
export function wildcardDns1123SubdomainProblems(text: string): readonly string[] {
  return check(text, dns1123SubdomainMaxLength, wildcardSubdomain, wildcardMessage);
}

/** As a label, but it begins with a letter. */
export function dns1035LabelProblems(text: string): readonly string[] {
  return check(text, dns1035LabelMaxLength, dns1035Label, dns1035Message);
}

/** A subdomain of at least two labels, which may end in a dot. The text that is wrong comes first, then all that is wrong with it. */
export function fullyQualifiedDomainProblem(text: string): readonly [wrong: string, problem: string] | undefined {
  const name = text.endsWith('.') ? text.slice(0, -1) : text;
  const problems = dns1123SubdomainProblems(name);
  if (problems.length > 0) return [name, problems.join(',')];
  const labels = name.split('.');
  if (labels.length < 2) return [name, 'should be a domain with at least two segments separated by dots'];
  const label = labels.find((each) => each.length > dns1123LabelMaxLength);
  return label === undefined ? undefined : [label, dns1123LabelProblems(label).join(',')];
}
