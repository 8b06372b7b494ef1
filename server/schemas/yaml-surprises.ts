import { t } from '@vscode/l10n';
import type { Scalar } from 'yaml';
import type { Problem } from '../documents/problem.ts';
import { quote } from '../documents/quoting.ts';
import type { StructuralSchema } from './structural.ts';

/** What is told of a value that is allowed, but may not be what its writer meant. */
export type Surprise = Pick<Problem, 'severity' | 'message' | 'fix'> & {
  readonly other?: { readonly title: string; readonly text: string };
};

/** Modes of files as they are mostly written, without the 0 that makes them octal. */
const bareModes = new Set(['400', '440', '444', '500']);

/** Whether a field holds the permissions of files, which are octal by habit. */
export function isMode(name: string | number | undefined): boolean {
  return name === 'mode' || name === 'defaultMode';
}

/** `YAML reads yes as true`: for values that are something else than they look like; undefined for all others. */
export function readAs({ source, value, type }: Pick<Scalar, 'source' | 'value' | 'type'>): string | undefined {
  if (type !== 'PLAIN' || source === undefined || source === String(value) || typeof value === 'string') return undefined;
  if (value === null) return source === '' ? undefined : t('YAML reads {0} as null, which is nothing', source);
  return t('YAML reads {0} as {1}', source, JSON.stringify(value));
}

/** What may surprise in a scalar that its schema allows; `name` is the field's. */
export function surpriseOf(scalar: Scalar, schema: StructuralSchema, name: string | number | undefined): Surprise | undefined {
  const { source, value, type } = scalar;
  if (type !== 'PLAIN' || source === undefined) return undefined;
  if (typeof value === 'number') return numberSurprise(source, value, readAs(scalar), name);
  if (typeof value === 'string' && schema.type === 'string' && schema.format === undefined) return otherTools(source);
  return undefined;
}

function numberSurprise(source: string, value: number, read: string | undefined, name: string | number | undefined): Surprise | undefined {
  if (isMode(name)) {
    if (!bareModes.has(source)) return undefined;
    const octal = `0${value.toString(8)}`;
    return {
      severity: 'warning',
      message: t('{0} is decimal, which is {1} as a mode: did you mean 0{0}?', source, octal),
      fix: `0${source}`,
    };
  }
  if (read === undefined) return undefined;
  if (/^[-+]?0[0-7_]+$/.test(source)) {
    const decimal = source.replace(/^([-+]?)0+/, '$1');
    const other = { title: t('Change to {0}', decimal), text: decimal };
    return { severity: 'warning', message: t('{0}: a leading 0 makes it octal', read), fix: String(value), other };
  }
  // What is only another way to write the same, `1.0` or `+1`, surprises nobody.
  return /[eExXbBoO_]/.test(source) ? { severity: 'hint', message: read, fix: String(value) } : undefined;
}

/** Text to Kubernetes, something else to other readers of YAML 1.1. */
function otherTools(source: string): Surprise | undefined {
  const what = /^[-+]?\d[\d_]*(:[0-5]?\d)+(\.\d*)?$/.test(source)
    ? t('a number of base 60')
    : /^\d{4}-\d\d?-\d\d?$/.test(source)
      ? t('a date')
      : undefined;
  if (what === undefined) return undefined;
  const fix = quote(source);
  return {
    severity: 'hint',
    message: t('Kubernetes reads {0} as text, other tools as {1}: put it in quotes, {2}', source, what, fix),
    fix,
  };
}

/** What may surprise where nothing, or the word for nothing, stands for a text. `inMap`: it is an entry that the writer named. */
export function nullSurprise(source: string, schema: StructuralSchema, inMap: boolean): Surprise | undefined {
  // Who writes `null` in full means it.
  if (schema.type !== 'string' || schema.format !== undefined || source === 'null') return undefined;
  if (source !== '') {
    const fix = quote(source);
    return {
      severity: 'information',
      message: t('YAML reads {0} as null, which is nothing: for the text put it in quotes, {1}', source, fix),
      fix,
    };
  }
  return inMap
    ? { severity: 'hint', message: t('Nothing stands here, which YAML reads as null and Kubernetes as an empty text: ""') }
    : undefined;
}

/** What may surprise in a name that its writer chose: `on:` becomes `true:`. */
export function keySurprise(key: Pick<Scalar, 'source' | 'value' | 'type'>): Surprise | undefined {
  const read = readAs(key);
  if (read === undefined || key.source === undefined) return undefined;
  const fix = quote(key.source);
  return {
    severity: 'warning',
    message: t('{0}, and so the name is {1}: put it in quotes, {2}', read, JSON.stringify(String(key.value)), fix),
    fix,
  };
}
