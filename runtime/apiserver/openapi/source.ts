import type { Kind } from '../../api/kinds/kind.ts';
import type { Descriptions, ParameterTexts, Schema } from '../../api/kinds/schema.ts';
import type { Version2Part } from './read-version2.ts';

/** What other servers publish of their group versions. */
export interface RemoteDocuments {
  /** Changes when they do. */
  readonly revision: number;
  readonly published: readonly {
    /** Below `/openapi/v3/`. */
    readonly path: string;
    /** Where the document of version 3 is; requests for it are not answered here. */
    readonly address: string | undefined;
    readonly version2: { readonly part: Version2Part } | undefined;
  }[];
}

/** Where the OpenAPI documents get what they describe. */
export interface OpenApiSource {
  /** Kubernetes version the documents claim, `1.36`. */
  readonly version: string;
  /** The kinds that are served now. Asked anew whenever `revision` has changed. */
  kinds(): Iterable<Kind>;
  /** Whether a kind is made by a CustomResourceDefinition; such kinds take no strategic merge patches. */
  isCustom(kind: Kind): boolean;
  /** Whether the issuer of tokens tells others how to check them. */
  readonly isIssuerTold: boolean;
  /** Finds a definition by name. Those of custom kinds may carry their own descriptions. */
  schemaOf(definition: string): Schema | undefined;
  /** Loads the descriptions of the built-in definitions; called once, when the first document or the list of them is asked for. */
  descriptions(): Promise<Descriptions>;
  /** Loads the descriptions of parameters; called once, too. */
  parameterTexts(): Promise<ParameterTexts>;
  /** Whether the deletion of an object is answered with the object. */
  returnsDeleted(kind: Kind): boolean;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Any value that changes when kinds or schemas do. */
  revision(): string | number;
  /** What other servers publish, of group versions that they serve instead of this one. */
  remote(): RemoteDocuments;
}
