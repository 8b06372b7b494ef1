import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { Cluster } from '../cluster/cluster.ts';
import { leaveKubernetesToUs, withoutDoubled, yamlExtensionId } from './beside-yaml.ts';
import { ClusterLink } from './cluster-link.ts';
import { registerRevealSecret, revealCommand } from './reveal-secret.ts';
import { registerShowChecks } from './show-checks.ts';

/** Templates are plain YAML to the editor unless an extension for Helm names them otherwise. */
const languages = ['yaml', 'helm', 'helm-template'];

/** Starts the language server in a process of its own and speaks with it for all YAML files. Red Hat's YAML extension keeps to all others. */
export async function startLanguageClient(
  context: vscode.ExtensionContext,
  outputChannel: vscode.LogOutputChannel,
  cluster: Cluster,
): Promise<LanguageClient> {
  const { LanguageClient, State, TransportKind } = await import('vscode-languageclient/node');
  const module = context.asAbsolutePath('dist/server.cjs');
  const env = {
    // What was compiled once is kept for the next window.
    KUBESIDE_COMPILE_CACHE: vscode.Uri.joinPath(context.globalStorageUri, 'compiled').fsPath,
    // Node reads these certificates when it starts, which takes long, and the server connects to nothing.
    NODE_EXTRA_CA_CERTS: undefined,
  };
  const other = vscode.extensions.getExtension(yamlExtensionId);
  const theirs = (setting: string) => other !== undefined && vscode.workspace.getConfiguration('yaml').get(setting, true);
  const client = new LanguageClient(
    'kubeside',
    'Kubeside Language Server',
    { module, transport: TransportKind.ipc, options: { env } },
    {
      documentSelector: languages.flatMap((language) => ['file', 'untitled', 'vscode-remote'].map((scheme) => ({ language, scheme }))),
      outputChannel,
      markdown: { isTrusted: { enabledCommands: [revealCommand] } },
      synchronize: { configurationSection: 'kubeside' },
      initializationOptions: { formatting: !theirs('format.enable') || isDefaultFormatter(context.extension.id) },
      middleware: {
        handleDiagnostics: (uri, diagnostics, next) => next(uri, theirs('validate') ? withoutDoubled(diagnostics) : diagnostics),
      },
    },
  );
  await client.start();
  if (other) {
    const textOf = (uri: string) => vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri)?.getText();
    leaveKubernetesToUs(other, textOf).then(
      (agreed) =>
        outputChannel.info(agreed ? `${yamlExtensionId} leaves Kubernetes files to Kubeside` : `${yamlExtensionId} takes no contributors`),
      (error: unknown) => outputChannel.warn(`${yamlExtensionId}: ${String(error)}`),
    );
  }
  const link = new ClusterLink(cluster, client);
  const restarts = client.onDidChangeState(({ newState }) => {
    if (newState === State.Running) link.tellAgain();
  });
  context.subscriptions.push(registerRevealSecret(client), registerShowChecks(client), link, restarts);
  return client;
}

function isDefaultFormatter(extensionId: string): boolean {
  return vscode.workspace.getConfiguration('editor', { languageId: 'yaml' }).get('defaultFormatter') === extensionId;
}
