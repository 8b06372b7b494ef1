import { type Environment, Optional } from '@marcbachmann/cel-js';
import { formatCheck } from '../../custom-resources/formats.ts';
import {
  dns1035LabelProblems,
  dns1123LabelProblems,
  dns1123SubdomainProblems,
  labelValueProblems,
  qualifiedNameProblems,
} from '../../names/index.ts';

/** A format that texts can be held against. */
class CelFormat {
  readonly problems: (text: string) => readonly string[];
  constructor(problems: (text: string) => readonly string[]) {
    this.problems = problems;
  }
}

class Formats {}

const trimPrefix = (problems: (text: string) => readonly string[]) => (text: string) =>
  problems(text.endsWith('-') ? `${text.slice(0, -1)}a` : text);
const checked = (format: string, problem: string) => (text: string) => (formatCheck(format)?.(text) === true ? [] : [problem]);

const formats: ReadonlyMap<string, CelFormat> = new Map(
  Object.entries({
    dns1123Label: dns1123LabelProblems,
    dns1123Subdomain: dns1123SubdomainProblems,
    dns1035Label: dns1035LabelProblems,
    qualifiedName: qualifiedNameProblems,
    dns1123LabelPrefix: trimPrefix(dns1123LabelProblems),
    dns1123SubdomainPrefix: trimPrefix(dns1123SubdomainProblems),
    dns1035LabelPrefix: trimPrefix(dns1035LabelProblems),
    labelValue: labelValueProblems,
    uri: checked('uri', 'invalid URI for request'),
    uuid: checked('uuid', 'does not match the UUID format'),
    byte: checked('byte', 'invalid base64'),
    date: checked('date', 'invalid date'),
    datetime: checked('datetime', 'invalid datetime'),
  }).map(([name, problems]) => [name, new CelFormat(problems)]),
);

/** `k8s.io/apiserver/pkg/cel/library` format. */
export function registerFormats(environment: Environment): void {
  const sync = { async: false };
  environment
    .registerType('kubernetes.NamedFormat', CelFormat)
    .registerType('FormatNamespace', Formats)
    .registerConstant('format', 'FormatNamespace', new Formats())
    .registerFunction(
      'FormatNamespace.named(string): optional<kubernetes.NamedFormat>',
      (_formats: Formats, name: string) => Optional.of(formats.get(name)),
      sync,
    )
    .registerFunction(
      'kubernetes.NamedFormat.validate(string): optional<list<string>>',
      (format: CelFormat, text: string) => {
        const problems = format.problems(text);
        return problems.length === 0 ? Optional.none() : Optional.of([...problems]);
      },
      sync,
    );
  for (const [name, format] of formats)
    environment.registerFunction(`FormatNamespace.${name}(): kubernetes.NamedFormat`, () => format, sync);
}
