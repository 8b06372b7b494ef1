import type { ExtensionContext, LogOutputChannel } from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';

/** Starts the language server in a process of its own and speaks with it for all YAML files. */
export async function startLanguageClient(context: ExtensionContext, outputChannel: LogOutputChannel): Promise<LanguageClient> {
  const { LanguageClient, TransportKind } = await import('vscode-languageclient/node');
  const module = context.asAbsolutePath('dist/server.js');
  const client = new LanguageClient(
    'kubeside',
    'Kubeside Language Server',
    { module, transport: TransportKind.ipc },
    {
      documentSelector: [
        { language: 'yaml', scheme: 'file' },
        { language: 'yaml', scheme: 'untitled' },
        { language: 'yaml', scheme: 'vscode-remote' },
      ],
      outputChannel,
      synchronize: { configurationSection: 'kubeside' },
    },
  );
  await client.start();
  return client;
}
