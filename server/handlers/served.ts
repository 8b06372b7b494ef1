import type { InitializeParams, ServerCapabilities } from 'vscode-languageserver';
import type { Session } from '../session.ts';

/** One thing that the server does for the editor. */
export interface Served {
  /** What the editor is told of it, so that it asks. */
  capabilities?(params: InitializeParams): ServerCapabilities;
  /** Registers what is to be called when the editor asks or tells something. */
  serve(session: Session): void;
  /** What is to be done first once the editor may be asked. */
  ready?(session: Session): Promise<void>;
}
