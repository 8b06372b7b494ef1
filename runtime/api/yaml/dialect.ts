import { type DocumentOptions, isScalar, type ParseOptions, Scalar, type ScalarTag, Schema, type SchemaOptions, type Tags } from 'yaml';
import { readInteger } from '../go-number.ts';

/** To go-yaml dates and numbers of base 60 are text, and sets and ordered maps are plain collections; its numbers and bytes are below. */
function isKept(tag: Tags[number]): boolean {
  if (typeof tag === 'string') return true;
  if (!/:(int|float|timestamp|omap|pairs|set|binary)$/.test(tag.tag)) return true;
  return tag.tag.endsWith(':float') && 'test' in tag && tag.test?.test('.nan') === true;
}

const styleFloat = /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/;

/** The number that plain text stands for to go-yaml; undefined when it stays text. Infinities and NaN, which JSON has not, are left out. */
export function plainNumber(source: string): number | undefined {
  // Behind a leading point go-yaml takes underscores only between digits.
  if (source.startsWith('.')) return /_(?!\d)|\D_/.test(source) ? undefined : floatOf(source.replaceAll('_', ''));
  if (!/^[-+\d]/.test(source)) return undefined;
  const plain = source.replaceAll('_', '');
  const integer = integerOf(plain);
  return integer === undefined ? floatOf(plain) : readInteger(String(integer));
}

/** The integer of 64 bits, with a sign or without, that plain text stands for to go-yaml. */
export function plainInteger(source: string): bigint | undefined {
  return /^[-+\d]/.test(source) ? integerOf(source.replaceAll('_', '')) : undefined;
}

/** Digits of 64 bits in base two and what says so; longer ones are no integer. */
const mostDigits = 66;

function integerOf(plain: string): bigint | undefined {
  const digits = plain.replace(/^[-+]/, '');
  if (digits.length > mostDigits) return undefined;
  const octal = /^0[oO]?([0-7]+)$/.exec(digits)?.[1];
  const literal = octal === undefined ? digits : `0o${octal}`;
  if (!/^(?:0|[1-9]\d*|0o[0-7]+|0[xX][\da-fA-F]+|0[bB][01]+)$/.test(literal)) return undefined;
  const value = plain.startsWith('-') ? -BigInt(literal) : BigInt(literal);
  return value >= -(2n ** 63n) && value < 2n ** 64n ? value : undefined;
}

function floatOf(plain: string): number | undefined {
  const value = styleFloat.test(plain) ? Number(plain) : undefined;
  return Number.isFinite(value) ? value : undefined;
}

/** What a tag's test lets through too eagerly stays text. */
const resolve = (source: string): number | string => plainNumber(source) ?? source;

const integer: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  identify: Number.isInteger,
  test: /^[-+]?_*\d[\da-fA-FxXoO_]*$/,
  resolve,
};

const float: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  identify: (value) => typeof value === 'number',
  test: /^(?=[-+.\d])[-+]?[\d_]*(?:\.[\d_]*)?(?:[eE](?:_*[-+])?[\d_]+)?$/,
  resolve,
};

/** Bytes become text, as they do in Go. */
const binary: ScalarTag = {
  tag: 'tag:yaml.org,2002:binary',
  resolve(source, onError) {
    try {
      return new TextDecoder().decode(Uint8Array.from(atob(source), (character) => character.charCodeAt(0)));
    } catch {
      onError('!!binary value contains invalid base64 data');
      return source;
    }
  },
};

/** One for all documents: to put it together takes a tenth of the time that reading a short one takes. */
export const kubernetesSchema = new Schema({
  schema: 'yaml-1.1',
  resolveKnownTags: false,
  customTags: (tags) => [...tags.filter(isKept), integer, float, binary],
});

/** The tags that plain text may be of without saying so. */
const defaultTags = kubernetesSchema.tags.filter((tag): tag is ScalarTag => tag.default === true && tag.collection === undefined);

/** Text of which no tag needs to be asked: no number begins like it, and no word that stands for something else. */
function isCertainlyText(source: string): boolean {
  return source.charCodeAt(0) > nine && (source.length > longestWord || !wordStarts.includes(source.charAt(0)));
}

const nine = 57;
/** `yes`, `true`, `on`, `no`, `null`, `false`, `off` and `~`. */
const wordStarts = 'ytonf~YTONF';
const longestWord = 5;

/** The scalar that plain text stands for, with nothing but its value. */
export function plainScalar(source: string): Scalar {
  const tag = isCertainlyText(source) ? undefined : defaultTags.find(({ test }) => test?.test(source));
  const value = tag?.resolve(source, () => undefined, {}) ?? source;
  return isScalar(value) ? value : new Scalar(value);
}

/**
 * YAML as Kubernetes reads it: sigs.k8s.io/yaml with go-yaml v2, which follows YAML 1.1 but for a few values. Whoever reads manifests (the API
 * server, the editor, the command line) reads them with these options, so that all agree on what `yes`, `0777`, `0o777` or `22:22` is.
 */
export const kubernetesYaml: ParseOptions & DocumentOptions & SchemaOptions = { version: '1.1', schema: kubernetesSchema };
