import type { Range } from 'vscode-languageclient/node';

/** One document of a YAML file as the language server tells it in answer to `kubeside/documents`. */
export interface DocumentInfo {
  readonly range: Range;
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty where the document names none. */
  readonly name: string;
  readonly namespace: string;
  readonly valid: boolean;
}

/** Asks the language server for the documents of a file; empty while it does not run. */
export type AskDocuments = (uri: string) => Promise<readonly DocumentInfo[]>;
