import type { DeleteOptions } from '../../api/generated/types/meta/v1.ts';
import type { Kind } from '../../api/kinds/kind.ts';
import type { Printer } from '../../api/tables/printer.ts';
import type { FieldError } from '../../api/validation/field-error.ts';
import type { Change } from '../../store/store.ts';
import type { User } from '../authentication/user.ts';
import type { ApiObject } from './api-object.ts';

/** The fields by which objects of a kind can be selected, next to `metadata.name` and `metadata.namespace`. */
export interface SelectableFields {
  readonly names: readonly string[];
  /** What clients call a field that {@link values} knows by another name. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** Whether `metadata.namespace` is not known, as for many kinds that have none. */
  readonly withoutNamespace?: boolean;
  /** The values, as texts; a field that is left out counts as empty. */
  values(object: ApiObject): Record<string, string>;
  /** What upstream answers to a name it does not know. */
  unknown(name: string, kind: Kind): string;
}

/** What a write has taken from a pool that all objects share (addresses, ports) and gives back when the write fails. */
export interface Reservation {
  /** What else is written in the commit of the object, which has its last name by now. */
  readonly changes?: (object: ApiObject) => readonly Change[];
  /** The write is durable: what the old object held and the new one does not is free now. */
  keep(): void;
  /** The write failed or was a dry run: nothing was taken. */
  undo(): void;
}

/** What is particular to one kind, beside the rules that all kinds share. Every part may be left out. */
export interface Strategy {
  readonly selectable?: SelectableFields;
  /** Fields whose change raises `metadata.generation`; a kind without this has no generation. */
  readonly generationFields?: readonly string[];
  /** Whether a new object may bring its status along, as nodes do. */
  readonly keepsStatusOnCreate?: boolean;
  /** Whether `metadata.generateName` is the name itself, as nothing may be appended to names of the kind. */
  readonly namesAreGiven?: boolean;
  /** Sets what a client may not choose when an object is made. Its uid is there already. What `warn` is told the client is warned of. */
  prepareForCreate?(object: ApiObject, user: User, warn: (text: string) => void): void;
  /** Takes back what a client may not change on the object itself. `now` is RFC 3339. */
  prepareForUpdate?(object: ApiObject, old: ApiObject, now: string): void;
  /** What of the metadata a write of the status leaves as it is; nothing when left out. */
  readonly statusKeeps?: 'labels' | 'metadata';
  /** Takes back what a client may not change through the status subresource, beyond spec, generation and {@link statusKeeps}. `now` is RFC 3339. */
  prepareForStatusUpdate?(object: ApiObject, old: ApiObject, now: string): void;
  /** Whether PUT makes an object that does not exist. */
  readonly createsOnUpdate?: boolean;
  /** Whether a PUT must name the resourceVersion it is based on. */
  readonly needsResourceVersion?: boolean;
  /** What becomes of dependents when neither the deletion nor the object says it: they go, too, unless this says otherwise. `unsupported`: whatever is said. */
  readonly propagation?: 'Orphan' | 'unsupported';
  /** Whether preconditions of a deletion that do not hold are told as the storage tells them, and under the plural. */
  readonly plainPreconditions?: boolean;
  /** Whether a completed deletion answers with the object in place of a `Status`. */
  readonly returnsDeleted?: boolean;
  /** Seconds of grace a deletion gives; a kind without this is deleted without grace. `requested` is what the client asked for. */
  graceSeconds?(object: ApiObject, requested: number | undefined): number;
  /** Keeps the object for another reason than metadata.finalizers, as a namespace's `spec.finalizers` do. */
  isHeld?(object: ApiObject): boolean;
  /** Marks the object at its first deletion, which then does nothing else, in place of the common rules. Its `deletionTimestamp` is set. */
  beginDeletion?(object: ApiObject, request: DeleteOptions): void;
  /** Takes shared goods for the object, or looks for some for a dry run, and sets them in it. Throws a `StatusError` when they cannot be had. */
  reserve?(object: ApiObject, old: ApiObject | undefined, dryRun: boolean): Reservation | undefined;
  /** Why no object can be made, which is told to who tries; discovery need not name the verb. */
  readonly uncreatable?: string | undefined;
  /** Why an object of this name may not be deleted; a collection's deletion does not ask. */
  undeletable?(name: string): string | undefined;
  /** What else is written in the commit that removes the object. */
  removedWith?(object: ApiObject): readonly Change[];
  /** The object is gone. */
  released?(object: ApiObject): void;
  /** What is told to everybody who asks for the kind, as it should not be used any more. */
  readonly deprecation?: string | undefined;
  /** Headers of kind `Warning` for a write that is allowed, unless it is one of the status. */
  warnings?(object: ApiObject, old: ApiObject | undefined): readonly string[];
  /**
   * What is wrong with an object, in place of the rules for built-in kinds. `subresource` is empty for the object itself; without `old` it is new. What
   * `warn` is told the client is warned of.
   */
  validate?(object: ApiObject, old: ApiObject | undefined, subresource: string, warn: (text: string) => void): readonly FieldError[];
  /** How tables of objects look, in place of the columns of built-in kinds. */
  readonly printer?: Printer;
  /** Where the subresource `scale` finds its numbers, in place of `spec.replicas` and the like. */
  readonly scale?: ScalePaths;
}

/** Paths of field names. */
export interface ScalePaths {
  readonly specReplicas: readonly string[];
  readonly statusReplicas: readonly string[];
  /** Of a selector that is written as text. */
  readonly labelSelector?: readonly string[];
}
