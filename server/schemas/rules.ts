import type { YAMLMap } from 'yaml';
import { applyDefaults } from '../../runtime/api/defaults/index.ts';
import type { Definitions } from '../../runtime/api/kinds/schema.ts';
import type { KubeObject } from '../../runtime/api/object.ts';
import { checkStructure } from '../../runtime/api/structure/index.ts';
import { type FieldError, formatFieldError, required } from '../../runtime/api/validation/field-error.ts';
import { type KindName, validateCreate } from '../../runtime/api/validation/index.ts';
import { Path } from '../../runtime/api/validation/path.ts';
import { validateReview } from '../../runtime/api/validation/reviews.ts';
import { type FieldPath, formatPath, locate, parsePath } from '../documents/path.ts';
import type { Problem } from '../documents/problem.ts';
import type { Tree } from '../documents/tree.ts';
import { allowedValues, type Field, walk } from './describe.ts';
import { nearest } from './distance.ts';
import { placeOf, withoutCopies } from './error-place.ts';
import { fillIn } from './fill-in.ts';
import type { KnownKind } from './known-kind.ts';
import { isMode } from './yaml-surprises.ts';

/** What the API server would refuse in an object that its schema allows, each at the field it names. */
export function ruleProblems(tree: Tree, map: YAMLMap, known: KnownKind, path: FieldPath, definitions: Definitions): Problem[] {
  const object: KubeObject = map.toJS(tree.document, { maxAliasCount: -1 });
  const refusal = refusalOf(object, known);
  if (refusal) {
    const found = locate(tree, [...path, ...parsePath(refusal.field)]);
    const { field, message } = refusal;
    return found ? [{ start: found.start, end: found.end, severity: 'error', code: 'rule', path: field, message }] : [];
  }
  const errors = withoutCopies(errorsOf(object, known), (field) => locate(tree, [...path, ...field])?.exact === true);
  const counts = new Map<string, number>();
  return errors.flatMap((error) => {
    const own = writtenPath(known, parsePath(fieldOf(error)));
    const said = formatFieldError(error);
    const before = counts.get(said) ?? 0;
    counts.set(said, before + 1);
    const found = placeOf(tree, [...path, ...own], error, before);
    if (!found) return [];
    const prefix = path.length === 0 ? '' : `${formatPath(path)}: `;
    const field = path.length === 0 ? error.field : `${formatPath(path)}.${error.field}`;
    const message = prefix + said;
    const source = tree.textOf(found);
    const fix = found.exact
      ? (volumeFix(object, own, source) ??
        octalFix(source, own.at(-1)) ??
        valueFix(source, walk(known.schema, own, definitions)) ??
        listedFix(source, message))
      : undefined;
    const problem = { start: found.start, end: found.end, severity: 'error' as const, code: 'rule', path: field, message };
    return [fix === undefined ? problem : { ...problem, fix }];
  });
}

/** The field that an error is about; of alternatives in a schema upstream names it in the text alone. */
function fieldOf({ field, detail }: FieldError): string {
  return field === '<nil>' ? (/^"([^"]+)" must /.exec(detail)?.[1] ?? '') : field;
}

/** What all versions of a definition have in common stands beside them to the API server; in a manifest it stands in each, the first among them. */
const sharedByVersions = new Set<string | number>(['subresources', 'additionalPrinterColumns', 'selectableFields']);

/** The path by which a manifest says what an error is about. */
function writtenPath({ kind }: KnownKind, path: FieldPath): FieldPath {
  const [root = '', part = '', ...rest] = path;
  if (kind !== 'CustomResourceDefinition' || root !== 'spec') return path;
  if (part === 'validation') return ['spec', 'versions', 0, 'schema', ...rest];
  return sharedByVersions.has(part) ? ['spec', 'versions', 0, part, ...rest] : path;
}

/** The volume that was meant by a mount of one that is not there. */
function volumeFix(object: KubeObject, path: FieldPath, source: string): string | undefined {
  const list = path.findLastIndex((step) => step === 'containers' || step === 'initContainers');
  if (list < 0 || path.at(-1) !== 'name' || path.at(-3) !== 'volumeMounts') return undefined;
  const spec = path
    .slice(0, list)
    .reduce<unknown>((value, step) => (value as Readonly<Record<string, unknown>> | undefined)?.[step], object);
  const { volumes } = (spec ?? {}) as { readonly volumes?: readonly { readonly name?: string }[] };
  const { spec: { volumeClaimTemplates: claims = [] } = {} } = object as KubeObject & {
    readonly spec?: { readonly volumeClaimTemplates?: readonly KubeObject[] };
  };
  const names = [...(volumes ?? []), ...claims.map(({ metadata }) => metadata ?? {})];
  return nearest(source, new Set(names.flatMap(({ name }) => name ?? [])));
}

/** `644` as a mode of files was meant to be octal. */
function octalFix(source: string, name: string | number | undefined): string | undefined {
  return isMode(name) && /^[0-7]{3}$/.test(source) ? `0${source}` : undefined;
}

/** The value that was meant, of those that a field may hold though its schema does not say so. */
function valueFix(source: string, field: Field | undefined): string | undefined {
  const values = field && allowedValues(field);
  return values && !values.includes(source) ? nearest(source, values) : undefined;
}

/** The value that was meant, of those that an error lists; the only one, where there is but one. */
function listedFix(source: string, message: string): string | undefined {
  const [, list = ''] = /supported values: (.*)$/.exec(message) ?? [];
  const values = [...list.matchAll(/"([^"]*)"/g)].map(([, value = '']) => value);
  if (values.includes(source) || !message.includes(`"${source}"`)) return undefined;
  return nearest(source, values) ?? (values.length === 1 ? values[0] : undefined);
}

/** What the API server would refuse in an object, which is changed on the way. */
export function errorsOf(object: KubeObject, known: KnownKind): readonly FieldError[] {
  const { builtIn, named } = known;
  const nameless = named && !object.metadata?.name && !object.metadata?.generateName;
  const missing = nameless ? [required(Path.of('metadata', 'name'), 'name or generateName is required')] : [];
  if (builtIn && checkStructure(builtIn.definition, object).error !== undefined) return missing;
  if (builtIn && !named) return validateReview(known.kind, asSent(object, known)).errors;
  const name = asCreated(object, known);
  const errors = [...missing, ...(known.judge?.(object) ?? validateCreate(name, object))];
  // Status is the server's own affair: what is wrong with it follows from something that was written, which is told.
  const written = errors.filter(({ field }) => !field.startsWith('status.'));
  return written.length > 0 ? written : errors;
}

/** Why a review is refused as a whole. Decoding comes first, which takes out what is null. */
function refusalOf(object: KubeObject, { builtIn, named, kind }: KnownKind) {
  if (!builtIn || named || checkStructure(builtIn.definition, object).error !== undefined) return undefined;
  return validateReview(kind, object).refusal;
}

/** A review as the API server decodes it. What it is for is in its fields, and its status is never looked at. */
function asSent(object: KubeObject, { namespaced }: KnownKind): KubeObject {
  return namespaced ? { ...object, metadata: { ...object.metadata, namespace: object.metadata?.namespace || 'default' } } : object;
}

/** Makes of an object what the API server judges when it is created, in place. The name of its kind is given back. */
export function asCreated(object: KubeObject, { builtIn, group, apiVersion, kind, namespaced }: KnownKind): KindName {
  const name = builtIn ?? { group, version: apiVersion.slice(apiVersion.indexOf('/') + 1), kind };
  fillIn(object, name, namespaced);
  applyDefaults(name, object);
  return name;
}
