import type { CelType, Syntax } from '../check/index.ts';
import { listCreation, regularExpression, structCreation, traversal } from '../evaluate/meter.ts';
import type { FunctionForm } from '../libraries/index.ts';
import { bounded, fixed, type Size, unbounded, unknownSize } from './sizes.ts';

/** A part of an expression, with how large its value can be. */
export interface Part {
  readonly syntax: Syntax;
  readonly type: CelType;
  readonly size: Size;
  /** Of what is in it, when it is a list. */
  readonly itemSize: Size | undefined;
}

/** The most that a call may cost beside its arguments, and how large what comes of it can be. */
export interface CallEstimate {
  readonly cost: number;
  readonly size?: Size;
}

type Estimator = (parts: readonly Part[], form: FunctionForm) => CallEstimate;

function largest(part: Part | undefined): number {
  return part?.size.max ?? unbounded;
}

function scan(characters: number): number {
  return Math.ceil(characters * traversal);
}

function literalInt({ syntax }: Part, fallback: number): number {
  return syntax.kind === 'literal' && syntax.type === 'int' ? Math.max(0, Number(syntax.value)) : fallback;
}

const nominal: Estimator = () => ({ cost: 1 });

/** Looks at one of the arguments. */
function scanning(index: number, factor = 1): Estimator {
  return (parts) => ({ cost: scan(largest(parts[index]) * factor) });
}

/** Looks at the first argument, and what comes of it is no larger. */
const rewriting: Estimator = ([text]) => ({ cost: scan(largest(text)), size: text?.size ?? unknownSize });

const matching: Estimator = ([text, pattern]) => ({
  cost: scan(largest(text) + 1) * Math.ceil(largest(pattern) * regularExpression),
  size: { min: 0, max: largest(text) },
});

const comparing: Estimator = ([a, b]) => ({ cost: scan(Math.min(largest(a), largest(b))) });

const adding: Estimator = ([a, b]) => {
  const [first, second] = [a?.size ?? unknownSize, b?.size ?? unknownSize];
  const size = { min: bounded(first.min + second.min), max: bounded(first.max + second.max) };
  return { cost: scan(size.max), size };
};

function isText(type: CelType | undefined): boolean {
  return type?.name === 'string' || type?.name === 'bytes';
}

/** Only the form for texts costs more than others. */
function onTexts(estimator: Estimator): Estimator {
  return (parts, form) => (isText(form.parameters[0]) ? estimator(parts, form) : { cost: 1 });
}

/** Looks at each item of a list, and at the texts among them. */
const walking: Estimator = ([container]) => {
  if (container?.type.kind !== 'list') return { cost: scan(largest(container)) };
  const item = holdsTexts(container.type) ? scan(container.itemSize?.max ?? unbounded) : 0;
  return { cost: bounded(largest(container) * (1 + item)) };
};

function holdsTexts({ parameters: [item] }: CelType): boolean {
  return isText(item);
}

function listOf(size: number, factor = 1): CallEstimate {
  return { cost: bounded(Math.ceil(bounded(size) * factor) + 1 + listCreation), size: fixed(bounded(size)) };
}

function sorting(index: number): Estimator {
  return (parts) => {
    const keys = parts[index];
    const factor = keys !== undefined && holdsTexts(keys.type) ? 2 + traversal : 2;
    return listOf(largest(keys) ** 2, factor);
  };
}

function comparingAll(factor: number): Estimator {
  return ([a, b]) => ({ cost: bounded(largest(a) * largest(b) * factor + 1) });
}

/** A requirement of a selector takes two characters at least. */
const selecting: Estimator = ([, selector]) => {
  const length = largest(selector);
  return { cost: bounded(listCreation + scan(length) + Math.ceil(length / 2) * (listCreation + structCreation)) };
};

const replacing: Estimator = ([text, from, to]) => {
  const [size, replaced, by] = [text?.size ?? unknownSize, from?.size ?? unknownSize, to?.size ?? unknownSize];
  const cost = scan(size.max * 2);
  // An empty text is found between all characters.
  if (replaced.min === 0) return { cost, size: { min: 0, max: bounded((size.max + 1) * by.max + size.max) } };
  if (by.max <= replaced.min) return { cost, size: { min: 0, max: size.max } };
  return { cost, size: { min: 0, max: bounded(Math.ceil(size.max / replaced.min) * by.max) } };
};

const splitting: Estimator = ([text, , most]) => ({
  cost: scan(largest(text) * 2),
  size: { min: 0, max: most === undefined ? largest(text) : literalInt(most, largest(text)) },
});

const joining: Estimator = ([list, separator]) => {
  const items = largest(list);
  const separators = separator === undefined ? 0 : Math.max(0, items - 1) * largest(separator);
  const size = { min: 0, max: bounded(items * (list?.itemSize?.max ?? unbounded) + separators) };
  return { cost: scan(size.max), size };
};

/** The bytes of two addresses, of which each may be one of IPv6. */
const addresses = scan(32);
const networkPair = addresses + scan(16) + 1;

function readingAlso(cost: number): Estimator {
  return ([, inner]) => ({ cost: inner?.type.name === 'string' ? bounded(cost + scan(largest(inner))) : cost });
}

/** How long the name of a format may be. */
const longestFormat = 64;

/** What the pattern of a format may cost for each character. */
const longestPattern = 128 * regularExpression;

/** Values that are compared in one step. */
const nominalTypes: ReadonlySet<string> = new Set([
  'net.IP',
  'net.CIDR',
  'kubernetes.Quantity',
  'kubernetes.Semver',
  ...['Authorizer', 'PathCheck', 'GroupCheck', 'ResourceCheck', 'Decision'].map((name) => `kubernetes.authorization.${name}`),
]);

const estimators: Readonly<Record<string, Estimator>> = {
  ...Object.fromEntries(
    'serviceAccount path group resource subresource namespace name allowed reason error errored masked prefixLength family isUnspecified isLoopback isLinkLocalMulticast isLinkLocalUnicast isGlobalUnicast format.named sign asInteger isInteger asApproximateFloat isGreaterThan isLessThan compareTo add sub major minor patch getScheme getHostname getHost getPort getEscapedPath getQuery'
      .split(' ')
      .map((name) => [name, nominal]),
  ),
  ...Object.fromEntries('isSorted sum max min indexOf lastIndexOf'.split(' ').map((name) => [name, walking])),
  ...Object.fromEntries('url jsonpatch.escapeKey lowerAscii upperAscii substring trim'.split(' ').map((name) => [name, rewriting])),
  ...Object.fromEntries('cidr isIP isCIDR quantity isQuantity semver isSemver format'.split(' ').map((name) => [name, scanning(0)])),
  ...Object.fromEntries('_<_ _<=_ _>_ _>=_'.split(' ').map((name) => [name, onTexts(comparing)])),
  check: () => ({ cost: 350_000 }),
  fieldSelector: selecting,
  labelSelector: selecting,
  replace: replacing,
  split: splitting,
  join: joining,
  find: matching,
  findAll: matching,
  ip: ([value]) => ({ cost: value?.type.name === 'net.CIDR' ? 1 : scan(largest(value)) }),
  'ip.isCanonical': scanning(0, 2),
  containsIP: readingAlso(addresses),
  containsCIDR: readingAlso(networkPair),
  validate: ([, text]) => ({ cost: bounded(Math.ceil(scan(largest(text)) * longestPattern)) }),
  '_==_': (parts, form) => {
    const { name = '' } = parts[0]?.type ?? {};
    if (nominalTypes.has(name)) return { cost: 1 };
    if (name === 'kubernetes.NamedFormat') return { cost: scan(longestFormat) };
    const size = largest(parts[1]);
    return name === 'kubernetes.URL' ? { cost: scan(size === unbounded ? 1 : size) } : comparing(parts, form);
  },
  '_!=_': comparing,
  '_+_': (parts, form) => {
    const [first] = form.parameters;
    if (isText(first)) return adding(parts, form);
    // Lists are put together without a look at what is in them.
    return first?.kind === 'list' ? { ...adding(parts, form), cost: 1 } : { cost: 1 };
  },
  startsWith: scanning(1),
  endsWith: scanning(1),
  contains: ([text, part]) => ({ cost: bounded(scan(largest(text)) * scan(largest(part))) }),
  matches: (parts, form) => (form.member ? { cost: matching(parts, form).cost } : { cost: 1 }),
  bytes: onTexts(([text]) => ({ cost: scan(largest(text)), size: { min: text?.size.min ?? 0, max: bounded(largest(text) * 4) } })),
  string: ([value], form) =>
    form.parameters[0]?.name === 'bytes' ? { cost: scan(largest(value)), size: { min: 0, max: largest(value) } } : { cost: 1 },
  'strings.quote': ([text]) => ({ cost: scan(largest(text)), size: { min: 2, max: bounded(largest(text) * 2 + 2) } }),
  '@in': ([, container], form) => ({ cost: form.parameters[1]?.kind === 'list' ? largest(container) : 1 }),
  'lists.range': ([length]) => listOf(length === undefined ? unbounded : literalInt(length, unbounded)),
  slice: ([list, start, end]) =>
    listOf(Math.max(0, (end === undefined ? 0 : literalInt(end, largest(list))) - (start === undefined ? 0 : literalInt(start, 0)))),
  flatten: ([list, depth]) => listOf(largest(list), depth === undefined ? 1 : literalInt(depth, unbounded)),
  reverse: ([list]) => listOf(largest(list)),
  distinct: ([list]) => listOf(largest(list) ** 2, 2),
  sort: sorting(0),
  '@sortByAssociatedKeys': sorting(1),
  'sets.contains': comparingAll(1),
  'sets.intersects': comparingAll(1),
  'sets.equivalent': comparingAll(2),
};

/** The most that a call of a form of a function may cost beside its arguments. */
export function estimateForm(form: FunctionForm, parts: readonly Part[]): CallEstimate {
  const estimator = Object.hasOwn(estimators, form.name) ? estimators[form.name] : undefined;
  const { cost, size } = estimator?.(parts, form) ?? { cost: 1 };
  return size === undefined ? { cost: bounded(cost) } : { cost: bounded(cost), size };
}
