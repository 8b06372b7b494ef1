import type { Kind } from '../../runtime/api/kinds/kind.ts';
import type { KubeObject } from '../../runtime/api/object.ts';
import type { FieldError } from '../../runtime/api/validation/field-error.ts';
import type { StructuralSchema } from './structural.ts';

/** What the API server refuses in an object of a custom kind, which is changed on the way; undefined where the definition is not in order. */
export type JudgeCustom = (object: KubeObject) => readonly FieldError[] | undefined;

/** A kind that manifests may be of. */
export interface KnownKind {
  readonly apiVersion: string;
  readonly group: string;
  readonly kind: string;
  /** Its name in paths and in rules; undefined where nobody asks for it any more. */
  readonly plural?: string;
  readonly namespaced: boolean;
  readonly schema: StructuralSchema;
  /** Whether its objects have names; a review, which is answered and forgotten, has none. */
  readonly named: boolean;
  /** Its row among the built-in kinds; undefined for custom resources. */
  readonly builtIn?: Kind;
  /** What the API server asks of a custom resource besides its fields. */
  readonly judge?: JudgeCustom;
  /** Whether it is a tool's own file, which no API server sees. */
  readonly tool?: true;
}
