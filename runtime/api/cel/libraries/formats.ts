import { formatCheck } from '../../custom-resources/formats.ts';
import {
  dns1035LabelProblems,
  dns1123LabelProblems,
  dns1123SubdomainProblems,
  labelValueProblems,
  qualifiedNameProblems,
} from '../../names/index.ts';
import { type CelType, structType } from '../check/types.ts';
import { costSize, none, Opaque, Optional, type Value, ValueList } from '../evaluate/values.ts';
import { patternCost } from './costs.ts';
import { type FunctionForm, fn, list, method, opaque, optional, string } from './form.ts';

type Problems = (text: string) => readonly string[];

const formatType = structType('kubernetes.NamedFormat');

/** A format that texts can be held against. */
class CelFormat extends Opaque {
  readonly type: CelType = formatType;
  readonly problems: Problems;
  /** How long a pattern for it would be, by which it is paid for. */
  readonly patternLength: number;

  constructor(problems: Problems, patternLength: number) {
    super();
    this.problems = problems;
    this.patternLength = patternLength;
  }

  equals(other: Opaque): boolean {
    return this === other;
  }
}

const trimPrefix =
  (problems: Problems): Problems =>
  (text) =>
    problems(text.endsWith('-') ? `${text.slice(0, -1)}a` : text);
const checked =
  (format: string, problem: string): Problems =>
  (text) =>
    formatCheck(format)?.(text) === true ? [] : [problem];

const named: ReadonlyMap<string, CelFormat> = new Map(
  Object.entries({
    dns1123Label: new CelFormat(dns1123LabelProblems, 30),
    dns1123Subdomain: new CelFormat(dns1123SubdomainProblems, 60),
    dns1035Label: new CelFormat(dns1035LabelProblems, 30),
    qualifiedName: new CelFormat(qualifiedNameProblems, 60),
    dns1123LabelPrefix: new CelFormat(trimPrefix(dns1123LabelProblems), 30),
    dns1123SubdomainPrefix: new CelFormat(trimPrefix(dns1123SubdomainProblems), 60),
    dns1035LabelPrefix: new CelFormat(trimPrefix(dns1035LabelProblems), 30),
    labelValue: new CelFormat(labelValueProblems, 40),
    uri: new CelFormat(checked('uri', 'invalid URI for request'), 1103),
    uuid: new CelFormat(checked('uuid', 'does not match the UUID format'), 70),
    byte: new CelFormat(checked('byte', 'invalid base64'), 84),
    date: new CelFormat(checked('date', 'invalid date'), 71),
    datetime: new CelFormat(checked('datetime', 'invalid datetime'), 71),
  }),
);

function validate({ problems }: CelFormat, text: string): Value {
  const found = problems(text);
  return found.length === 0 ? none : new Optional(new ValueList(found));
}

const format = opaque(formatType, CelFormat);

/** `k8s.io/apiserver/pkg/cel/library` format. */
export const formats: readonly FunctionForm[] = [
  fn('format.named', [string], optional(format), (name) => new Optional(named.get(name)), { cost: () => 1 }),
  method('validate', [format, string], optional(list(string)), validate, {
    cost: (each, text) => patternCost(costSize(text), each instanceof CelFormat ? each.patternLength : 1),
  }),
  ...[...named].map(([name, each]) => fn(`format.${name}`, [], format, () => each)),
];
