import type { Schema } from './schema.ts';

/** From when to when something is there: `added` is the first release that has it, `removed` the first that no longer does. */
export interface Span {
  /** Left out when the oldest release has it. */
  readonly added?: string;
  readonly removed?: string;
}

/** A field that came or went. */
export interface FieldChange extends Span {
  /** What it was, when the newest release no longer has it. */
  readonly schema?: Schema;
  readonly required?: true;
}

/** How long a kind is served, from its beginning: releases as `1.25`. */
export interface Lifecycle {
  readonly introduced?: string;
  readonly deprecated?: string;
  readonly removed?: string;
  /** `apps/v1 Deployment` */
  readonly replacement?: string;
}

/**
 * What changed in the API of Kubernetes from the oldest release that is known here to the newest: enough to derive the schemas of each from
 * those of the newest. Made from the Go types of the releases by `generate/history/main.ts`.
 */
export interface History {
  /** Oldest first. */
  readonly releases: readonly string[];
  /** Every kind that ever was, by `apiVersion kind`. */
  readonly kinds: Readonly<Record<string, Lifecycle>>;
  /** Kinds that some of the releases serve and the newest does not. */
  readonly gone: Readonly<Record<string, Span & { readonly definition: string; readonly namespaced: boolean }>>;
  /** Definitions that the newest release no longer has. */
  readonly definitions: Readonly<Record<string, Schema>>;
  /** Fields that came or went, by definition. */
  readonly fields: Readonly<Record<string, Readonly<Record<string, FieldChange>>>>;
  /** Enumeration values that came or went, by definition and field. */
  readonly values: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Span>>>>>>;
  /** Deprecated fields by definition. */
  readonly deprecated: Readonly<Record<string, readonly string[]>>;
}
