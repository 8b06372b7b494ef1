import type { Connection, InitializeParams, InitializeResult } from 'vscode-languageserver';
import type { Environment } from './environment.ts';
import { codeActions } from './handlers/code-actions.ts';
import { completion } from './handlers/completion.ts';
import { connectedCluster } from './handlers/connected-cluster.ts';
import { edits } from './handlers/edits.ts';
import { folding } from './handlers/folding.ts';
import { formatting } from './handlers/formatting.ts';
import { hover } from './handlers/hover.ts';
import { inlayHints } from './handlers/inlay-hints.ts';
import { links } from './handlers/links.ts';
import { manifests } from './handlers/manifests.ts';
import { navigation } from './handlers/navigation.ts';
import { rename } from './handlers/rename.ts';
import { selection } from './handlers/selection.ts';
import { semanticTokens } from './handlers/semantic-tokens.ts';
import type { Served } from './handlers/served.ts';
import { settings } from './handlers/settings.ts';
import { symbols } from './handlers/symbols.ts';
import { workspaceFiles } from './handlers/workspace-files.ts';
import { Session } from './session.ts';
import { useLocale } from './texts.ts';

/** What the server learns from. */
const sources: readonly Served[] = [edits, settings, workspaceFiles, connectedCluster];

/** What it is asked for. */
const features: readonly Served[] = [
  completion,
  hover,
  navigation,
  rename,
  symbols,
  links,
  semanticTokens,
  inlayHints,
  codeActions,
  formatting,
  folding,
  selection,
  manifests,
];

const served = [...sources, ...features];

/** Serves one editor over a connection until that ends. The connection must not be listening yet. */
export function startServer(connection: Connection, environment: Environment): Session {
  const session = new Session(connection, environment);

  connection.onInitialize(async (params: InitializeParams): Promise<InitializeResult> => {
    await useLocale(params.locale);
    const folders = params.workspaceFolders?.map((folder) => folder.uri) ?? (params.rootUri ? [params.rootUri] : []);
    session.editor = { capabilities: params.capabilities, folders };
    return { serverInfo: { name: 'Kubeside' }, capabilities: Object.assign({}, ...served.map((part) => part.capabilities?.(params))) };
  });
  connection.onInitialized(async () => {
    for (const part of served) await part.ready?.(session).catch((error) => session.log('initialized', error));
  });
  for (const part of served) part.serve(session);
  connection.onShutdown(() => {
    session.checker.stop();
    session.watched.stop();
  });
  connection.listen();
  return session;
}
