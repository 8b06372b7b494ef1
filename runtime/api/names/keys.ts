import { dns1123SubdomainMaxLength } from './dns.ts';
import { byteLength, emptyMessage, maxLengthMessage, regexMessage } from './format.ts';

/** Names of ports, variables, keys and everything else that is neither DNS nor label. */

const none: readonly string[] = [];

const portCharacters = /^[-a-z0-9]+$/;
const letter = /[a-z]/;

/** The name of a port after IANA's rules: at most 15 lower-case letters, digits and single dashes, with a letter among them. */
export function portNameProblems(text: string): readonly string[] {
  const problems: string[] = [];
  if (byteLength(text) > 15) problems.push(maxLengthMessage(15));
  if (!portCharacters.test(text)) problems.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!letter.test(text)) problems.push('must contain at least one letter (a-z)');
  if (text.includes('--')) problems.push('must not contain consecutive hyphens');
  if (text.startsWith('-') || text.endsWith('-')) problems.push('must not begin or end with a hyphen');
  return problems;
}

/** A port number, 1 to 65535. */
export function portNumberProblems(port: number): readonly string[] {
  return port >= 1 && port <= 65535 ? none : ['must be between 1 and 65535, inclusive'];
}

const environmentName = /^[\x20-\x3c\x3e-\x7e]+$/;

/** The name of an environment variable: printable ASCII without `=`. */
export function environmentVariableNameProblems(text: string): readonly string[] {
  if (text === '') return ['environment variable name must be non-empty'];
  return environmentName.test(text)
    ? none
    : ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
}

const identifierFormat = '[A-Za-z_][A-Za-z0-9_]*';
const identifier = new RegExp(`^${identifierFormat}$`);

/** An identifier as C has them. */
export function identifierProblems(text: string): readonly string[] {
  if (identifier.test(text)) return none;
  return [
    regexMessage(
      "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'",
      identifierFormat,
      'my_name',
      'MY_NAME',
      'MyName',
    ),
  ];
}

const configKeyFormat = '[-._a-zA-Z0-9]+';
const configKey = new RegExp(`^${configKeyFormat}$`);
const configKeyMessage = regexMessage(
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
  configKeyFormat,
  'key.name',
  'KEY_NAME',
  'key-name',
);

/** A key of a ConfigMap or Secret; it becomes a file name, so it must not be a way to another directory. */
export function configMapKeyProblems(text: string): readonly string[] {
  const problems: string[] = [];
  if (byteLength(text) > dns1123SubdomainMaxLength) problems.push(maxLengthMessage(dns1123SubdomainMaxLength));
  if (!configKey.test(text)) problems.push(configKeyMessage);
  if (text === '.' || text === '..') problems.push(`must not be '${text}'`);
  else if (text.startsWith('..')) problems.push("must not start with '..'");
  return problems;
}

const httpHeaderFormat = '[-A-Za-z0-9]+';
const httpHeader = new RegExp(`^${httpHeaderFormat}$`);

/** The name of an HTTP header. */
export function httpHeaderNameProblems(text: string): readonly string[] {
  if (httpHeader.test(text)) return none;
  return [regexMessage("a valid HTTP header must consist of alphanumeric characters or '-'", httpHeaderFormat, 'X-Header-Name')];
}

/** A name that may stand as one segment of a URL's path. */
export function pathSegmentNameProblems(text: string): readonly string[] {
  if (text === '.' || text === '..') return [`may not be '${text}'`];
  return pathSegmentPrefixProblems(text);
}

/** The beginning of such a name. */
export function pathSegmentPrefixProblems(text: string): readonly string[] {
  const problems: string[] = [];
  if (text.includes('/')) problems.push("may not contain '/'");
  if (text.includes('%')) problems.push("may not contain '%'");
  return problems;
}

const percentFormat = '[0-9]+%';
const percent = new RegExp(`^${percentFormat}$`);

/** A percentage such as `25%`. */
export function percentProblems(text: string): readonly string[] {
  if (percent.test(text)) return none;
  return [regexMessage("a valid percent string must be a numeric string followed by an ending '%'", percentFormat, '1%', '93%')];
}

/** A resource's or a user's name that only must not be empty. */
export function nonEmptyProblems(text: string): readonly string[] {
  return text === '' ? [emptyMessage] : none;
}
