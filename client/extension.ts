import { config } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { EmbeddedCluster } from './cluster/embedded-cluster.ts';
import { messageOf } from './cluster/failure.ts';
import { watchedResources } from './cluster/object-cache.ts';
import { findProblems } from './cluster/state/problems.ts';
import { ClusterCommands } from './commands/cluster-commands.ts';
import { ExplainField } from './commands/explain-field.ts';
import { NodeCommands } from './commands/node-commands.ts';
import { type HasObject, ObjectCommands } from './commands/object-commands.ts';
import { openSample } from './commands/samples.ts';
import { StatusBar } from './commands/status-bar.ts';
import { DashboardPanel } from './dashboard/dashboard-panel.ts';
import type { PageMessage } from './dashboard/model.ts';
import { RowBadges } from './explorer/badges.ts';
import { ClusterTree } from './explorer/cluster-tree.ts';
import { ObjectDocuments, objectScheme } from './explorer/object-documents.ts';
import { ManifestLenses } from './manifest/code-lenses.ts';
import type { DocumentInfo } from './manifest/document-info.ts';
import { ManifestCommands } from './manifest/manifest-commands.ts';

let shutDown: (() => Promise<unknown>) | undefined;

/** Makes the parts and wires them. Nothing heavy is loaded here: libraries come with the first command that needs them. */
export function activate(context: vscode.ExtensionContext): void {
  // What does not know the editor speaks its language, too. In English there is no bundle.
  config({ contents: vscode.l10n.bundle ?? {} });
  const log = vscode.window.createOutputChannel('Kubeside', { log: true });
  const setting = <T>(name: string, otherwise: T): T => vscode.workspace.getConfiguration('kubeside').get(name, otherwise);
  const storage = vscode.Uri.joinPath(context.globalStorageUri, 'cluster');
  const cluster = new EmbeddedCluster({
    name: 'kubeside',
    node: process.execPath,
    cli: context.asAbsolutePath('dist/cli.js'),
    data: vscode.Uri.joinPath(storage, 'data').fsPath,
    kubeconfig: vscode.Uri.joinPath(storage, 'kubeconfig').fsPath,
    args: () => [
      '--nodes',
      String(setting('cluster.nodes', 3)),
      ...(setting('cluster.port', 0) > 0 ? ['--port', String(setting('cluster.port', 0))] : []),
    ],
    log: (line) => log.info(line),
  });

  const clusterCommands = new ClusterCommands(cluster, log);
  const documents = new ObjectDocuments(cluster);
  const objectCommands = new ObjectCommands(cluster, documents);
  const nodeCommands = new NodeCommands(cluster);
  const tree = new ClusterTree(cluster);
  const view = vscode.window.createTreeView('kubeside.clusters', { treeDataProvider: tree, showCollapseAll: true });
  const diagnostics = vscode.languages.createDiagnosticCollection('kubeside-apply');
  const manifests = new ManifestCommands({ cluster, diagnostics, log, ensureRunning: () => clusterCommands.start() });

  const refOf = (message: Extract<PageMessage, { type: 'object' }>): HasObject => {
    const resource = watchedResources.find(({ kind }) => kind === message.kind);
    const { name, namespace } = message;
    return resource === undefined ? {} : { object: { ...resource, name, ...(namespace === undefined ? {} : { namespace }) } };
  };
  const rowOf = (target?: string | HasObject): HasObject | undefined => {
    // A key press names no row: the selected one is meant.
    const given = target ?? view.selection[0];
    return typeof given === 'string' ? tree.row(given) : given;
  };
  const dashboard = new DashboardPanel({
    cluster,
    extensionUri: context.extensionUri,
    handle: (message) => {
      if (message.type === 'command') {
        const commands = {
          start: 'kubeside.cluster.start',
          restart: 'kubeside.cluster.start',
          openSamples: 'kubeside.openSamples',
          showLog: 'kubeside.showLog',
        };
        void vscode.commands.executeCommand(commands[message.command]);
      } else if (message.verb === 'yaml') void objectCommands.openYaml(refOf(message));
      else if (message.verb === 'delete') void objectCommands.delete(refOf(message));
      else {
        const row = tree.find(message.kind, message.name, message.namespace);
        if (row !== undefined) void view.reveal(row, { select: true, focus: true, expand: true });
      }
    },
  });

  let language: Promise<LanguageClient> | undefined;
  const askDocuments = async (uri: string): Promise<readonly DocumentInfo[]> => {
    // That it did not start stands in the log already.
    const client = await language?.catch(() => undefined);
    return client === undefined ? [] : client.sendRequest<DocumentInfo[]>('kubeside/documents', { uri });
  };
  const lenses = new ManifestLenses(askDocuments);
  const startLanguage = () => {
    language ??= import('./language/language-client.ts').then(({ startLanguageClient }) => startLanguageClient(context, log, cluster));
    language.then(
      () => lenses.refresh(),
      (error: unknown) => log.error(`the language server did not start: ${messageOf(error)}`),
    );
  };

  const follow = () => {
    void vscode.commands.executeCommand('setContext', 'kubeside.phase', cluster.state.phase);
    void vscode.commands.executeCommand('setContext', 'kubeside.kept', cluster.kept);
    if (cluster.state.phase === 'lost') void clusterCommands.tellLost(cluster.state.message ?? vscode.l10n.t('The cluster stopped.'));
  };
  const drawBadge = () => {
    const value = cluster.state.phase === 'running' ? findProblems(cluster.objects, Date.now()).length : 0;
    view.badge = value === 0 ? undefined : { value, tooltip: vscode.l10n.t('Needs attention: {0}', value) };
  };
  follow();

  const command = <A extends unknown[]>(id: string, run: (...args: A) => unknown) => vscode.commands.registerCommand(`kubeside.${id}`, run);
  context.subscriptions.push(
    log,
    tree,
    view,
    view.onDidExpandElement(({ element }) => tree.unfold(element, true)),
    view.onDidCollapseElement(({ element }) => tree.unfold(element, false)),
    diagnostics,
    dashboard,
    new StatusBar(cluster),
    { dispose: cluster.onState(follow) },
    { dispose: cluster.onState(drawBadge) },
    { dispose: cluster.objects.onChange(drawBadge) },
    vscode.window.registerFileDecorationProvider(new RowBadges()),
    vscode.window.registerWebviewPanelSerializer(DashboardPanel.viewType, dashboard),
    vscode.workspace.registerTextDocumentContentProvider(objectScheme, documents),
    vscode.languages.registerCodeLensProvider(
      [
        { language: 'yaml', scheme: 'file' },
        { language: 'yaml', scheme: 'untitled' },
      ],
      lenses,
    ),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) diagnostics.delete(document.uri);
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => diagnostics.delete(uri)),
    ExplainField.register(() => language),
    command('cluster.start', () => clusterCommands.start()),
    command('cluster.stop', () => clusterCommands.stop()),
    command('cluster.restart', () => clusterCommands.restart()),
    command('cluster.reset', () => clusterCommands.reset()),
    command('copyKubeconfigPath', () => clusterCommands.copyKubeconfigPath()),
    command('openTerminal', () => clusterCommands.openTerminal()),
    command('openCluster', () => dashboard.show()),
    command('openSamples', () => openSample(context.extensionUri)),
    command('showLog', () => log.show()),
    command('showProblems', async () => {
      await vscode.commands.executeCommand('kubeside.clusters.focus');
      const problem = tree.firstProblem;
      if (problem === undefined) vscode.window.setStatusBarMessage(`$(pass) ${vscode.l10n.t('Nothing needs attention.')}`, 4_000);
      else await view.reveal(problem, { select: true, focus: true });
    }),
    command('manifest.apply', (uri?: vscode.Uri, uris?: vscode.Uri[]) => manifests.applyFile(uri, uris)),
    command('manifest.applyDocument', (uri?: vscode.Uri, line?: number) => manifests.applyDocument(uri, line)),
    command('manifest.applySelection', () => manifests.applySelection()),
    command('manifest.delete', (uri?: vscode.Uri) => manifests.deleteFile(uri)),
    command('manifest.deleteDocument', (uri?: vscode.Uri, line?: number) => manifests.deleteDocument(uri, line)),
    command('object.openYaml', (target?: string | HasObject) => objectCommands.openYaml(rowOf(target))),
    command('object.copyName', (target?: string | HasObject) => objectCommands.copyName(rowOf(target))),
    command('object.copyKubectl', (target?: string | HasObject) => objectCommands.copyKubectl(rowOf(target))),
    command('node.cordon', (target?: string | HasObject) => nodeCommands.cordon(rowOf(target))),
    command('node.uncordon', (target?: string | HasObject) => nodeCommands.uncordon(rowOf(target))),
    command('node.drain', (target?: string | HasObject) => nodeCommands.drain(rowOf(target))),
    command('object.delete', (target?: string | HasObject) => objectCommands.delete(rowOf(target))),
  );

  shutDown = () => Promise.allSettled([cluster.leave(), language?.then((client) => client.stop())]);
  // The activation itself stays short: what follows may take its time.
  setTimeout(startLanguage);
  if (setting('cluster.startAutomatically', false)) setTimeout(() => void clusterCommands.start());
}

/** Stops the processes that belong to this window. */
export async function deactivate(): Promise<void> {
  await shutDown?.();
}
