import { DidChangeConfigurationNotification } from 'vscode-languageserver';
import { listIndentationOf } from '../features/formatting.ts';
import { hintSettingsOf } from '../features/inlay-hints/settings.ts';
import type { Session } from '../session.ts';
import type { Served } from './served.ts';

const section = 'kubeside';

/** The settings that the server reads; nobody has checked what is in them. */
interface Settings {
  readonly rules?: unknown;
  readonly checks?: { readonly profile?: unknown } | null;
  readonly kubernetesVersion?: unknown;
  readonly inlayHints?: unknown;
  readonly format?: { readonly listIndentation?: unknown } | null;
}

/** Follows the settings of the editor. */
export const settings: Served = {
  serve(session) {
    session.connection.onDidChangeConfiguration(async ({ settings: sent }: { settings?: { kubeside?: Settings | null } | null }) => {
      try {
        await read(session, sent?.kubeside);
      } catch (error) {
        session.log('configuration', error);
      }
    });
  },

  async ready(session) {
    const { connection, editor } = session;
    if (editor.capabilities.workspace?.didChangeConfiguration?.dynamicRegistration)
      await connection.client.register(DidChangeConfigurationNotification.type, { section });
    await read(session);
  },
};

async function read(session: Session, sent?: Settings | null): Promise<void> {
  const { connection, editor } = session;
  const { configuration, inlayHint } = editor.capabilities.workspace ?? {};
  const all: Settings | null | undefined = configuration ? await connection.workspace.getConfiguration(section) : sent;
  session.settings.update(all?.rules, all?.checks?.profile);
  session.listIndentation = listIndentationOf(all?.format?.listIndentation);
  session.hintSettings = hintSettingsOf(all?.inlayHints);
  if (inlayHint?.refreshSupport) connection.languages.inlayHint.refresh().catch(() => undefined);
  session.version.choose(all?.kubernetesVersion);
  session.checkAll();
}
