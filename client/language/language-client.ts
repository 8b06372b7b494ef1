import type { ExtensionContext, LogOutputChannel } from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';

/** Templates are plain YAML to the editor unless an extension for Helm names them otherwise. */
const languages = ['yaml', 'helm', 'helm-template'];

/** Starts the language server in a process of its own and speaks with it for all YAML files. */
export async function startLanguageClient(context: ExtensionContext, outputChannel: LogOutputChannel): Promise<LanguageClient> {
  const { LanguageClient, TransportKind } = await import('vscode-languageclient/node');
  const module = context.asAbsolutePath('dist/server.js');
  const client = new LanguageClient(
    'kubeside',
    'Kubeside Language Server',
    { module, transport: TransportKind.ipc },
    {
      documentSelector: [...languages.flatMap((language) => ['file', 'untitled', 'vscode-remote'].map((scheme) => ({ language, scheme })))],
      outputChannel,
      synchronize: { configurationSection: 'kubeside' },
    },
  );
  await client.start();
  return client;
}
