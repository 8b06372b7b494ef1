/**
 * A schema as it stands in the OpenAPI v3 documents of Kubernetes, without descriptions (those are in
 * `generated/descriptions.json`, loaded only where a person reads them).
 */
export interface Schema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  /** `int32`, `int64`, `double`, `byte`, `date-time`, `int-or-string`, `quantity` … */
  readonly format?: string;
  /** `#/definitions/io.k8s.api.core.v1.PodSpec` */
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly 'x-kubernetes-int-or-string'?: true;
  readonly 'x-kubernetes-preserve-unknown-fields'?: true;
  readonly 'x-kubernetes-patch-strategy'?: string;
  readonly 'x-kubernetes-patch-merge-key'?: string;
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: 'atomic' | 'granular';
  readonly 'x-kubernetes-unions'?: readonly object[];
  readonly 'x-kubernetes-group-version-kind'?: readonly { readonly group: string; readonly version: string; readonly kind: string }[];
}

/** Definitions by their OpenAPI name. */
export type Definitions = Readonly<Record<string, Schema>>;

/** Descriptions of the parameters of requests by what takes them (`patch`, `log`, `PodExecOptions`) and by name; what every request takes stands under the empty key. */
export type ParameterTexts = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Descriptions by definition; the definition's own stands under the empty key. */
export type Descriptions = Readonly<Record<string, Readonly<Record<string, string>>>>;
