import type { ObjectMeta } from './generated/types/meta/v1.ts';

/** Any Kubernetes object as it stands on the wire. Times are strings. */
export interface KubeObject {
  apiVersion?: string;
  kind?: string;
  metadata?: ObjectMeta;
}

/** A decoded object whose type meta and metadata have been checked to be there. */
export interface ApiObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  [field: string]: unknown;
}

/** A JSON value. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
