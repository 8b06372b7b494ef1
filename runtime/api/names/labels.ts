import { longNameProblems } from './dns.ts';
import { byteLength, emptyMessage, maxBytesMessage, regexMessage } from './format.ts';

/** Names and values of labels and annotations; the functions give the reasons why a text is no such thing. */

const none: readonly string[] = [];
const maxLength = 63;

const qualifiedNameFormat = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const qualifiedName = new RegExp(`^${qualifiedNameFormat}$`);
const qualifiedNameRule = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const qualifiedNameMessage = regexMessage(qualifiedNameRule, qualifiedNameFormat, 'MyName', 'my.name', '123-abc');

const labelValueFormat = `(${qualifiedNameFormat})?`;
const labelValue = new RegExp(`^${labelValueFormat}$`);
const labelValueMessage = regexMessage(
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  labelValueFormat,
  'MyValue',
  'my_value',
  '12345',
);

/** Keys are asked for again and again; the few that a cluster uses stay known as good. */
const knownGood = new Set<string>();
const knownGoodLimit = 4096;

/** An optional subdomain and a slash, then a name of at most 63 bytes: `example.com/my-name`. */
export function qualifiedNameProblems(text: string): readonly string[] {
  if (knownGood.has(text)) return none;
  const problems = findQualifiedNameProblems(text);
  if (problems.length === 0) {
    if (knownGood.size >= knownGoodLimit) knownGood.clear();
    knownGood.add(text);
  }
  return problems;
}

function findQualifiedNameProblems(text: string): readonly string[] {
  const parts = text.split('/');
  const problems: string[] = [];
  const [first = '', second] = parts;
  let name = first;
  if (parts.length > 2) {
    return [`a valid label key ${qualifiedNameMessage} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  if (second !== undefined) {
    name = second;
    if (first === '') problems.push(`prefix part ${emptyMessage}`);
    else problems.push(...longNameProblems(first).map((problem) => `prefix part ${problem}`));
  }
  if (name === '') problems.push(`name part ${emptyMessage}`);
  else if (byteLength(name) > maxLength) problems.push(`name part ${maxBytesMessage(maxLength)}`);
  if (!qualifiedName.test(name)) problems.push(`name part ${qualifiedNameMessage}`);
  return problems;
}

/** At most 63 bytes, empty or of the form of a name. */
export function labelValueProblems(text: string): readonly string[] {
  const problems: string[] = [];
  if (byteLength(text) > maxLength) problems.push(maxBytesMessage(maxLength));
  if (!labelValue.test(text)) problems.push(labelValueMessage);
  return problems;
}
