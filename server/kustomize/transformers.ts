import { getKey, isMap, type JsonMap } from '../../runtime/api/patches/json-tree.ts';
import { type FieldSpec, fieldSpecs, written } from './field-specs.ts';
import { listAt, mapAt, type Resource, remade } from './resource.ts';
import { textsIn } from './target.ts';

/** What `labels`, `commonLabels` and `commonAnnotations` make of an object. */
export function labelled(resource: Resource, root: JsonMap): Resource {
  let now = resource;
  for (const entry of listAt(root, 'labels')) {
    if (isMap(entry)) now = withEntries(now, 'labels', mapAt(entry, 'pairs'), specsOf(entry));
  }
  now = withEntries(now, 'labels', mapAt(root, 'commonLabels'), fieldSpecs.commonLabels);
  return withEntries(now, 'annotations', mapAt(root, 'commonAnnotations'), fieldSpecs.commonAnnotations);
}

function specsOf(entry: JsonMap): readonly FieldSpec[] {
  const is = (name: string) => getKey(entry, name) === true;
  const own = listAt(entry, 'fields').flatMap((field): FieldSpec[] => {
    const { path } = isMap(field) ? field : {};
    return typeof path === 'string' && isMap(field) ? [{ ...textsIn(field), path, create: field.create === true }] : [];
  });
  if (is('includeSelectors')) return [...own, ...fieldSpecs.commonLabels];
  const base = is('includeTemplates') ? fieldSpecs.templateLabels : fieldSpecs.labels;
  return [...own, ...base, ...(is('includeVolumeClaimTemplates') ? fieldSpecs.claimLabels : [])];
}

function withEntries(resource: Resource, name: 'labels' | 'annotations', pairs: JsonMap, specs: readonly FieldSpec[]): Resource {
  if (Object.keys(pairs).length === 0) return resource;
  const { object } = resource;
  // Of an object that is not known, its labels are.
  if (!object) return { ...resource, [name]: { ...resource[name], ...textsIn(pairs) } };
  return remade(
    resource,
    written(object, specs, (value) => (isMap(value) ? { ...value, ...pairs } : pairs)),
  );
}

/** What `replicas` makes of an object. */
export function scaled(resource: Resource, root: JsonMap): Resource {
  const { object } = resource;
  if (!object) return resource;
  const counts = listAt(root, 'replicas').flatMap((entry) => {
    const { name, count } = isMap(entry) ? entry : {};
    return typeof name === 'string' && typeof count === 'number' && resource.names.includes(name) ? [count] : [];
  });
  return counts.reduce(
    (now, count) =>
      now.object
        ? remade(
            now,
            written(now.object, fieldSpecs.replicas, () => count),
          )
        : now,
    resource,
  );
}
