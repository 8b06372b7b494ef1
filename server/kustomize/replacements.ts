import type { Json } from '../../runtime/api/object.ts';
import { getKey, isMap, type JsonMap } from '../../runtime/api/patches/json-tree.ts';
import { listAt, mapAt, type Resource, remade, unknown } from './resource.ts';
import { selectsObject, type Target, targetFields } from './target.ts';

/** A value that is copied. */
interface Source {
  /** Undefined where nobody can tell what it is. */
  readonly value: Json | undefined;
  /** Whether it is certainly no mapping and no list. */
  readonly scalar: boolean;
}

/** What one replacement makes of objects. Upstream: api/filters/replacement. */
export function replaced(resources: readonly Resource[], replacement: JsonMap): readonly Resource[] {
  const source = sourceOf(resources, replacement);
  return listAt(replacement, 'targets').reduce<readonly Resource[]>((now, target) => {
    if (!isMap(target)) return now;
    const select = targetOf(mapAt(target, 'select'));
    const rejects = listAt(target, 'reject').flatMap((reject) => (isMap(reject) ? [targetOf(reject)] : []));
    const paths = listAt(target, 'fieldPaths').map(String);
    return now.map((resource) => {
      const isMeant = selectsObject(select, resource);
      const isRejected = rejects.map((reject) => selectsObject(reject, resource));
      if (isMeant === false || isRejected.includes(true)) return resource;
      const isCertain = isMeant === true && !isRejected.includes(undefined);
      const all = paths.length > 0 ? paths : ['metadata.name'];
      return copied(resource, all, isCertain ? source : { ...source, value: undefined }, mapAt(target, 'options'));
    });
  }, resources);
}

function targetOf(selector: JsonMap): Target {
  return Object.fromEntries(targetFields.flatMap((name) => (typeof selector[name] === 'string' ? [[name, selector[name]]] : [])));
}

function sourceOf(resources: readonly Resource[], replacement: JsonMap): Source {
  const given = getKey(replacement, 'sourceValue');
  if (given !== undefined) return { value: typeof given === 'string' ? given : undefined, scalar: true };
  const source = mapAt(replacement, 'source');
  // A source is named as it is, not by a pattern.
  const found = resources.filter((resource) => selectsObject(quoted(targetOf(source)), resource) !== false);
  const [only] = found;
  const { delimiter } = mapAt(source, 'options');
  const isPart = delimiter !== undefined;
  if (!only?.object || only.revalued || found.length > 1 || isPart) return { value: undefined, scalar: isPart };
  const path = getKey(source, 'fieldPath');
  let value: Json | undefined;
  written(only.object, stepsOf(typeof path === 'string' && path !== '' ? path : 'metadata.name'), (at) => {
    value = at;
    return at;
  });
  return { value, scalar: value !== undefined && (typeof value !== 'object' || value === null) };
}

function quoted(target: Target): Target {
  return Object.fromEntries(Object.entries(target).map(([name, text]) => [name, text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')]));
}

/** An object with a value in some of its fields; where the value is not known, or a field is made for it, not all is known of the object afterwards. */
function copied(resource: Resource, paths: readonly string[], { value, scalar }: Source, options: JsonMap): Resource {
  const touches = (...fields: readonly string[]) =>
    paths.some((path) => fields.some((field) => path === field || path.startsWith(`${field}.`)));
  const changes = {
    relabelled: touches('metadata.labels', 'metadata.annotations'),
    reidentified: touches('apiVersion', 'kind', 'metadata.name', 'metadata.namespace'),
  };
  const { object } = resource;
  if (!object || value === undefined || options.delimiter !== undefined || options.create === true) {
    // A value in the place of another leaves all fields where they are.
    if (!object || options.create === true || !(scalar || options.delimiter !== undefined)) return unknown(resource, changes);
    return { ...unknown(resource, changes), object, revalued: true };
  }
  let after: Json = object;
  for (const path of paths) after = written(after, stepsOf(path), (before) => asBefore(before, value));
  return isMap(after) ? remade(resource, after) : unknown(resource, changes);
}

/** A scalar keeps its type where the text of another one fits it. */
function asBefore(before: Json, value: Json): Json {
  return typeof before === 'string' && (typeof value === 'number' || typeof value === 'boolean') ? String(value) : value;
}

/** `spec.containers.[name=web].image` in steps; points in brackets and behind a backslash part nothing. */
function stepsOf(path: string): string[] {
  return [...path.matchAll(/(\[[^\]]*\]|(?:\\.|[^.[\\])+)/g)].map(([step]) => step.replace(/\\(.)/g, '$1'));
}

/** A value with what `write` makes of all that some steps lead to. */
function written(value: Json, [step, ...rest]: readonly string[], write: (value: Json) => Json): Json {
  if (step === undefined) return write(value);
  if (Array.isArray(value)) {
    const [, key, wanted] = /^\[([^=]*)=(.*)\]$/.exec(step) ?? [];
    const isMeant = (item: Json, index: number) => {
      if (step === '*' || step === String(index)) return true;
      if (key === undefined) return false;
      const found = key === '' ? item : isMap(item) ? getKey(item, key) : undefined;
      return String(found) === wanted;
    };
    return value.map((item, index) => (isMeant(item, index) ? written(item, rest, write) : item));
  }
  if (!isMap(value)) return value;
  const names = step === '*' ? Object.keys(value) : Object.hasOwn(value, step) ? [step] : [];
  return names.length === 0
    ? value
    : { ...value, ...Object.fromEntries(names.map((name) => [name, written(value[name] ?? null, rest, write)])) };
}
