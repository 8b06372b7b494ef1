import { compileExpression, matchesExpression } from '../../runtime/api/custom-resources/regular-expressions.ts';
import type { Json } from '../../runtime/api/object.ts';
import { getKey, isMap, type JsonMap } from '../../runtime/api/patches/json-tree.ts';
import { parseLabelSelector } from '../../runtime/api/selectors/labels.ts';

/** Which objects a patch of a kustomization is for. All but the two selectors are regular expressions; what is left out fits everything. */
export interface Target {
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly annotationSelector?: string;
}

/** What a target is compared with. */
export interface Selectable {
  readonly apiVersion: string;
  readonly kind: string;
  /** The name as it was written first, and as it is now; any of them may be meant. */
  readonly names: readonly string[];
  readonly namespaces: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Whether its labels and annotations may be others by now. */
  readonly relabelled: boolean;
  /** Whether its kind and name may be others by now. */
  readonly reidentified: boolean;
}

/** The fields of a target. */
export const targetFields = ['group', 'version', 'kind', 'name', 'namespace', 'labelSelector', 'annotationSelector'] as const;

/** The target of an entry of `patches`; undefined when it has none. */
export function targetIn(entry: JsonMap): Target | undefined {
  const target = getKey(entry, 'target');
  if (!isMap(target)) return undefined;
  return Object.fromEntries(targetFields.flatMap((name) => (typeof target[name] === 'string' ? [[name, target[name]]] : [])));
}

/** Whether a target means the objects of a kind. */
export function fitsKind(target: Target, apiVersion: string, kind: string): boolean {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  return fits(target.group, group) && fits(target.version, version) && fits(target.kind, kind);
}

/** Whether a target means an object; undefined when that is not known. One that kustomize would refuse means nothing. */
export function selectsObject(target: Target, object: Selectable): boolean | undefined {
  const isNamed =
    fitsKind(target, object.apiVersion, object.kind) &&
    object.names.some((name) => fits(target.name, name)) &&
    object.namespaces.some((namespace) => fits(target.namespace, namespace));
  if (!isNamed && !object.reidentified) return false;
  const isLabelled = carries(target.labelSelector, object.labels) && carries(target.annotationSelector, object.annotations);
  if (!isLabelled && !object.relabelled) return false;
  return isNamed && isLabelled ? true : undefined;
}

function fits(pattern: string | undefined, text = ''): boolean {
  if (!pattern || pattern === text) return true;
  try {
    return matchesExpression(anchored(pattern), text);
  } catch {
    return false;
  }
}

function anchored(pattern: string): string {
  return `^(?:${pattern})$`;
}

function carries(selector: string | undefined, labels: Selectable['labels']): boolean {
  if (!selector) return true;
  try {
    return parseLabelSelector(selector).matches(labels);
  } catch {
    return false;
  }
}

/** Why a field of a target cannot be read, as kustomize says it; undefined when it can. */
export function unreadable(field: keyof Target, text: string): string | undefined {
  try {
    if (field === 'labelSelector' || field === 'annotationSelector') parseLabelSelector(text);
    else compileExpression(anchored(text));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The entries of a mapping that are text, labels for example. */
export function textsIn(value: Json | undefined): Readonly<Record<string, string>> {
  if (!isMap(value)) return {};
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
