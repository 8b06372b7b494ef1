import type { Kind } from '../../api/kinds/kind.ts';
import type { Descriptions, Schema } from '../../api/kinds/schema.ts';

/** Where the OpenAPI documents get what they describe. */
export interface OpenApiSource {
  /** Kubernetes version the documents claim, `v1.36.0`. */
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
  /** Any value that changes when kinds or schemas do. */
  revision(): string | number;
}
