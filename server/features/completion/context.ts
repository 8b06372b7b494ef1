import type { Definitions, Descriptions } from '../../../runtime/api/kinds/schema.ts';
import { typeAt } from '../../documents/objects.ts';
import type { OutlineNode } from '../../documents/outline-node.ts';
import type { FieldPath } from '../../documents/path.ts';
import type { NameSource } from '../../index/names.ts';
import { defaultNamespace } from '../../index/symbol.ts';
import { step } from '../../schemas/describe.ts';
import type { Kinds, KnownKind } from '../../schemas/kinds.ts';
import { refName, type StructuralSchema } from '../../schemas/structural.ts';
import { shortName } from '../../schemas/templates.ts';

/** What is proposed for a place: a value, or the name of a field with or without its value. */
export interface Choice {
  readonly text: string;
  /** What it is, in a few words. */
  readonly detail?: string;
  /** Said at length. */
  readonly documentation?: string;
  /** For entries of a mapping: the value that goes with the name. */
  readonly value?: string;
  /** Whether it is the name of something that exists. */
  readonly real?: boolean;
  /** Lower comes first; 5 when left out. */
  readonly rank?: number;
}

/** Everything that proposals are made from. */
export interface Context {
  readonly root: OutlineNode;
  /** The object around the cursor. */
  readonly object: OutlineNode;
  readonly known: KnownKind;
  /** The field or list whose value or items are wanted. */
  readonly node: OutlineNode;
  /** The field of a type that the place belongs to, `core.v1.Container.image`, and the steps from there on. */
  readonly owner: string;
  readonly rest: FieldPath;
  readonly namespace: string;
  readonly names: NameSource;
  readonly kinds: Kinds;
  readonly definitions: Definitions;
  readonly descriptions: Descriptions;
}

/** Proposals for the values, items or entries of one field. */
export type Source = (context: Context) => Iterable<Choice>;

/** Proposals by the field that they are for. */
export type Sources = Readonly<Record<string, Source>>;

/** The innermost field of a named type on the way to a path. */
export function ownerOf(schema: StructuralSchema, path: FieldPath, definitions: Definitions): { owner: string; rest: FieldPath } {
  let at: StructuralSchema | undefined = schema;
  let found = { owner: '', rest: path };
  for (const [index, name] of path.entries()) {
    const definition: string | undefined = at && refName(at);
    const field: ReturnType<typeof step> = at && step(at, name, definitions);
    if (field?.owner && definition !== undefined) found = { owner: `${shortName(definition)}.${name}`, rest: path.slice(index + 1) };
    at = field?.schema;
  }
  return found;
}

export function namespaceAt(object: OutlineNode): string {
  return object.textAt('metadata', 'namespace') ?? defaultNamespace;
}

/** The mapping that the field, or the list's item, stands in. */
export function siblingsOf(node: OutlineNode): OutlineNode | undefined {
  let at: OutlineNode | undefined = node;
  while (at && !at.isField) at = at.parent;
  return at?.parent;
}

/** The nearest node above, itself included, that fulfils a condition. */
export function around(node: OutlineNode, fits: (node: OutlineNode) => boolean): OutlineNode | undefined {
  let at: OutlineNode | undefined = node;
  while (at && !fits(at)) at = at.parent;
  return at;
}

const containerLists = ['initContainers', 'containers', 'ephemeralContainers'];

/** The container that a node is part of. */
export function containerAround(node: OutlineNode): OutlineNode | undefined {
  return around(node, (candidate) => !candidate.isField && containerLists.includes(String(candidate.parent?.name)));
}

/** The spec of the pod that a node is part of. */
export function podAround(node: OutlineNode): OutlineNode | undefined {
  return around(node, (candidate) => containerLists.some((list) => candidate.child(list)) || isPodSpec(candidate));
}

function isPodSpec({ name, parent }: OutlineNode): boolean {
  return name === 'spec' && parent !== undefined && (parent.name === 'template' || typeAt(parent).kind === 'Pod');
}

export function containersOf(pod: OutlineNode | undefined): OutlineNode[] {
  return containerLists.flatMap((list) => pod?.items(list) ?? []);
}

/** Where the object keeps the pods it makes; undefined when it makes none. */
export function templateOf(object: OutlineNode): OutlineNode | undefined {
  if (typeAt(object).kind === 'Pod') return object;
  return object.get('spec', 'template') ?? object.get('spec', 'jobTemplate', 'spec', 'template') ?? object.get('template');
}

export const choices = (texts: string, detail?: string): Choice[] =>
  texts.split(' ').map((text, rank) => ({ text, rank, ...(detail !== undefined && { detail }) }));
