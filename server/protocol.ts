import { NotificationType, type Range, RequestType } from 'vscode-languageserver';

/** A document of a file, for whatever is done with it: code lenses, apply, delete. */
export interface DocumentInfo {
  /** The document's content, without the marker before it and white space behind it. */
  readonly range: Range;
  /** Place among all documents of the file, empty ones counted; what `kubeside/locate` takes. */
  readonly index: number;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  /** Whether no error was found in it. */
  readonly valid: boolean;
}

/** The documents of an open file that are Kubernetes objects. */
export const documentsRequest = new RequestType<{ uri: string }, DocumentInfo[], void>('kubeside/documents');

export interface LocateParams {
  readonly uri: string;
  readonly documentIndex: number;
  /** `spec.containers[0].image`; empty for the object itself. */
  readonly path: string;
}

/** Where a field stands; where it is missing, its nearest parent. `null` when there is no such document. */
export const locateRequest = new RequestType<LocateParams, Range | null, void>('kubeside/locate');

/** Tells what the connected cluster calls its version (`v1.36.2`); `null` when none is connected any more. */
export const clusterNotification = new NotificationType<{ gitVersion: string | null }>('kubeside/cluster');
