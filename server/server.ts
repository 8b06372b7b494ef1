import {
  type CancellationToken,
  type ClientCapabilities,
  CodeActionKind,
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  FileChangeType,
  type InitializeParams,
  type InitializeResult,
  LSPErrorCodes,
  type Range,
  ResponseError,
  TextDocumentSyncKind,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { Checker } from './checker.ts';
import { ConnectedCluster } from './cluster/connected-cluster.ts';
import { followCluster } from './cluster/follow-cluster.ts';
import { ManifestFile } from './documents/file.ts';
import { Workspace } from './documents/workspace.ts';
import type { Environment } from './environment.ts';
import { fixAllKind } from './features/actions/fix-all.ts';
import { codeActions } from './features/actions/index.ts';
import { completeInAction, type ReadText, valueDefinition } from './features/chart-values.ts';
import { completeAt } from './features/completion.ts';
import { completePath } from './features/completion-paths.ts';
import { documentsOf, locateIn } from './features/documents.ts';
import { explainAt } from './features/explain.ts';
import { foldsOf } from './features/folding.ts';
import { formatEdits, type ListIndentation, listIndentationOf } from './features/formatting.ts';
import { hoverAt } from './features/hover.ts';
import { hintSettingsOf, inlayHintsIn, resolveHint } from './features/inlay-hints.ts';
import { linksOf } from './features/links.ts';
import { liveStateAt, withLiveState } from './features/live-state.ts';
import { definitionsAt, highlightsAt, referencesAt } from './features/navigation.ts';
import { renamableAt, renameAt } from './features/rename.ts';
import { revealAt } from './features/reveal.ts';
import { selectionRanges } from './features/selection-ranges.ts';
import { tokensLegend, tokensOf } from './features/semantic-tokens.ts';
import { symbolsOf } from './features/symbols.ts';
import { workspaceSymbols } from './features/workspace-symbols.ts';
import { joinNames, workspaceNames } from './index/names.ts';
import { WorkspaceIndex } from './index/workspace-index.ts';
import { addToResources } from './kustomize/add-resource.ts';
import { Kustomizations } from './kustomize/kustomizations.ts';
import { documentsRequest, explainRequest, locateRequest, revealRequest } from './protocol.ts';
import { RuleSettings } from './rules/rule-settings.ts';
import { joinCustomKinds } from './schemas/join-custom-kinds.ts';
import { Kinds } from './schemas/kinds.ts';
import { ChosenVersion } from './versions/chosen-version.ts';

/** Edits are gathered for this long before the file is checked, in milliseconds: less than a keystroke takes. */
const checkDelay = 10;

/** The settings of the extension. */
const settingsSection = 'kubeside';

const watchedFiles = '**/*.{yaml,yml}';

/** Serves one editor over a connection until that ends. The connection must not be listening yet. */
export function startServer(connection: Connection, environment: Environment): void {
  const files = new Map<string, ManifestFile>();
  const workspace = new Workspace();
  const version = new ChosenVersion();
  const cluster = new ConnectedCluster();
  const kinds = new Kinds(joinCustomKinds([workspace, cluster]), version);
  const index = new WorkspaceIndex();
  const kustomizations = new Kustomizations();
  const settings = new RuleSettings();
  const names = joinNames([workspaceNames(index), cluster]);
  const newestDefinitions = once(() => environment.definitions());
  const definitions = async () => version.definitions(await newestDefinitions());
  const descriptions = once(() => environment.descriptions());
  let capabilities: ClientCapabilities = {};
  // yaml-language-server is half of the program, and the first completion is early enough for it.
  const completer = once(async () => new (await import('./schemas/completer.ts')).Completer(capabilities));
  let folders: readonly string[] = [];
  let listIndentation: ListIndentation = 'keep';
  let hintSettings = hintSettingsOf(undefined);

  const log = (what: string, error: unknown) =>
    connection.console.error(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  const checker = new Checker({
    environment,
    kinds,
    index,
    settings,
    kustomizations,
    isInCluster: (kind, namespace, name) => cluster.has(kind, namespace, name),
    openFiles: () => files.keys(),
    definitions,
    current: (uri) => files.get(uri),
    publish: (uri, version, diagnostics) => void connection.sendDiagnostics({ uri, version, diagnostics }).catch(() => undefined),
    failed: (error) => log('check', error),
  });

  /** Nothing a handler meets may end the server or show as an error in the editor: it is logged, and the answer is an empty one. */
  const answer =
    <Params, Result>(
      name: string,
      empty: Result,
      run: (params: Params, token: CancellationToken) => Answer<Result> | Promise<Answer<Result>>,
    ) =>
    async (params: Params, token: CancellationToken): Promise<Result | ResponseError<void>> => {
      const cancelled = () => new ResponseError<void>(LSPErrorCodes.RequestCancelled, 'cancelled');
      if (token.isCancellationRequested) return cancelled();
      try {
        const result = await run(params, token);
        return token.isCancellationRequested ? cancelled() : result;
      } catch (error) {
        log(name, error);
        return empty;
      }
    };

  const changed = (file: ManifestFile, generation: number) => {
    index.touch(file);
    const named = kustomizations.generation;
    kustomizations.open(file.uri, file.text);
    workspace.open(file.uri, file.tooLong ? [] : file.documents.map((placed) => placed.manifest));
    if (kinds.generation === generation && kustomizations.generation === named) checker.schedule(file.uri, checkDelay);
    else checkAll();
  };
  const checkAll = () => {
    for (const uri of files.keys()) checker.schedule(uri, checkDelay);
  };
  const saved = (uri: string, text: string | undefined) => {
    workspace.save(uri, text);
    index.save(uri, text);
    kustomizations.save(uri, text);
  };
  const readSaved = async (uri: string) => saved(uri, await environment.readFile?.(uri));

  const readText: ReadText = async (uri) => files.get(uri)?.text ?? environment.readFile?.(uri);

  /** Checks the open files again when reading others has brought or taken kinds or names. */
  const whenNamesChange = async (read: () => Promise<void>) => {
    const known = () => `${kinds.generation} ${index.generation} ${kustomizations.generation}`;
    const before = known();
    await read();
    if (known() !== before) checkAll();
  };
  const readSettings = async (sent?: Settings | null) => {
    const asked = capabilities.workspace?.configuration;
    const all: Settings | null | undefined = asked ? await connection.workspace.getConfiguration(settingsSection) : sent;
    settings.update(all?.rules);
    listIndentation = listIndentationOf(all?.format?.listIndentation);
    hintSettings = hintSettingsOf(all?.inlayHints);
    if (capabilities.workspace?.inlayHint?.refreshSupport) connection.languages.inlayHint.refresh().catch(() => undefined);
    version.choose(all?.kubernetesVersion);
    checkAll();
  };

  connection.onInitialize((params: InitializeParams): InitializeResult => {
    capabilities = params.capabilities;
    folders = params.workspaceFolders?.map((folder) => folder.uri) ?? (params.rootUri ? [params.rootUri] : []);
    return {
      serverInfo: { name: 'Kubeside' },
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        completionProvider: { triggerCharacters: [' ', '(', '.'] },
        hoverProvider: true,
        documentSymbolProvider: true,
        foldingRangeProvider: true,
        selectionRangeProvider: true,
        documentFormattingProvider: formats(params.initializationOptions),
        documentRangeFormattingProvider: formats(params.initializationOptions),
        definitionProvider: true,
        referencesProvider: true,
        documentHighlightProvider: true,
        renameProvider: { prepareProvider: true },
        workspaceSymbolProvider: true,
        inlayHintProvider: { resolveProvider: true },
        documentLinkProvider: {},
        semanticTokensProvider: { legend: tokensLegend, full: true },
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.Refactor, fixAllKind] },
      },
    };
  });

  connection.onInitialized(async () => {
    try {
      if (capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration) {
        await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: [{ globPattern: watchedFiles }] });
      }
      if (capabilities.workspace?.didChangeConfiguration?.dynamicRegistration) {
        await connection.client.register(DidChangeConfigurationNotification.type, { section: settingsSection });
      }
      await readSettings();
      await whenNamesChange(async () => {
        for (const uri of (await environment.listFiles?.(folders)) ?? []) await readSaved(uri);
      });
    } catch (error) {
      log('initialized', error);
    }
  });

  connection.onDidChangeWatchedFiles(async ({ changes }) => {
    try {
      await whenNamesChange(async () => {
        for (const { uri, type } of changes) {
          if (type === FileChangeType.Deleted) saved(uri, undefined);
          else await readSaved(uri);
        }
      });
    } catch (error) {
      log('files changed', error);
    }
  });

  connection.onDidChangeConfiguration(async ({ settings: sent }: { settings?: { kubeside?: Settings | null } | null }) => {
    try {
      await readSettings(sent?.kubeside);
    } catch (error) {
      log('configuration', error);
    }
  });

  connection.onDidOpenTextDocument(({ textDocument: { uri, languageId, version, text } }) => {
    const file = new ManifestFile(TextDocument.create(uri, languageId, version, text));
    const generation = kinds.generation;
    files.set(uri, file);
    changed(file, generation);
  });

  connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
    const file = files.get(uri);
    if (!file) return;
    const generation = kinds.generation;
    file.update(contentChanges, version);
    changed(file, generation);
  });

  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    const file = files.get(uri);
    const generation = kinds.generation;
    files.delete(uri);
    workspace.close(uri);
    index.close(uri);
    const named = kustomizations.generation;
    kustomizations.open(uri, undefined);
    checker.forget(uri);
    if (file) void connection.sendDiagnostics({ uri, version: file.version, diagnostics: [] }).catch(() => undefined);
    if (kinds.generation !== generation || kustomizations.generation !== named) checkAll();
  });

  connection.onCompletion(
    answer('completion', [], async ({ textDocument, position, context }, token) => {
      const file = files.get(textDocument.uri);
      if (!file) return [];
      const inAction = (await completeInAction(file, position, readText)) ?? completePath(file, position, kustomizations);
      // A point asks for nothing in plain YAML, where it is part of a word.
      if (inAction || context?.triggerCharacter === '.') return inAction ?? [];
      const parts = { kinds, definitions: await definitions(), descriptions: await descriptions(), names, completer };
      return token.isCancellationRequested ? [] : completeAt(file, position, parts);
    }),
  );

  connection.onHover(
    answer('hover', null, async ({ textDocument, position }) => {
      const file = files.get(textDocument.uri);
      if (!file) return null;
      const now = environment.now();
      const parts = { kinds, definitions: await definitions(), descriptions: await descriptions(), index, names, now };
      return withLiveState(hoverAt(file, position, parts), await liveStateAt(file, position, { connection, cluster, index, environment }));
    }),
  );

  connection.onRequest(
    revealRequest,
    answer('reveal', null, ({ uri, position }) => {
      const file = files.get(uri);
      return (file && revealAt(file, position)) ?? null;
    }),
  );

  connection.onRequest(
    explainRequest,
    answer('explain', null, async ({ uri, position }) => {
      const file = files.get(uri);
      const parts = { kinds, definitions: await definitions(), descriptions: await descriptions() };
      return file ? explainAt(file, position, parts) : null;
    }),
  );

  connection.languages.inlayHint.on(
    answer('inlay hints', [], async ({ textDocument, range }) => {
      const file = files.get(textDocument.uri);
      return file ? inlayHintsIn(file, range, { kinds, definitions: await definitions(), index, settings: hintSettings }) : [];
    }),
  );
  connection.languages.inlayHint.resolve(async (hint) => resolveHint(hint, await descriptions()));

  connection.onDocumentSymbol(
    answer('symbols', [], ({ textDocument }) => {
      const file = files.get(textDocument.uri);
      return file ? symbolsOf(file) : [];
    }),
  );

  connection.onDefinition(
    answer('definition', [], async ({ textDocument, position }) => {
      const file = files.get(textDocument.uri);
      return (file && (await valueDefinition(file, position, readText))) ?? definitionsAt(index, textDocument.uri, position);
    }),
  );

  connection.onReferences(
    answer('references', [], ({ textDocument, position, context }) =>
      referencesAt(index, textDocument.uri, position, context.includeDeclaration),
    ),
  );

  connection.onDocumentHighlight(answer('highlights', [], ({ textDocument, position }) => highlightsAt(index, textDocument.uri, position)));

  connection.onPrepareRename(
    answer('prepare rename', null, ({ textDocument, position }) => orRefused(renamableAt(index, textDocument.uri, position))),
  );

  connection.onRenameRequest(
    answer('rename', null, ({ textDocument, position, newName }) => orRefused(renameAt(index, textDocument.uri, position, newName))),
  );

  connection.onWorkspaceSymbol(answer('workspace symbols', [], ({ query }) => workspaceSymbols(index, query)));

  connection.languages.semanticTokens.on(
    answer('semantic tokens', { data: [] }, ({ textDocument }) =>
      files.get(textDocument.uri)?.tooLong === false ? tokensOf(index, textDocument.uri) : { data: [] },
    ),
  );

  connection.onDocumentLinks(
    answer('links', [], ({ textDocument }) => {
      const file = files.get(textDocument.uri);
      return file ? linksOf(file, kustomizations) : [];
    }),
  );

  connection.onCodeAction(
    answer('code actions', [], async ({ textDocument, range, context }) => {
      const file = files.get(textDocument.uri);
      if (!file) return [];
      const parts = { kinds, definitions: await definitions(), index, problems: await checker.problems(file) };
      return [...codeActions(file, range, context, parts), ...(await addToResources(file, kustomizations, readText))];
    }),
  );

  const format = (uri: string, tabSize: number, range?: Range) => {
    const file = files.get(uri);
    return file ? formatEdits(file, { tabSize, listIndentation }, range) : [];
  };
  connection.onDocumentFormatting(answer('formatting', [], ({ textDocument: { uri }, options: { tabSize } }) => format(uri, tabSize)));
  connection.onDocumentRangeFormatting(
    answer('range formatting', [], ({ textDocument: { uri }, options: { tabSize }, range }) => format(uri, tabSize, range)),
  );

  connection.onSelectionRanges(
    answer('selection ranges', [], ({ textDocument, positions }) => {
      const file = files.get(textDocument.uri);
      return file ? selectionRanges(file, positions) : [];
    }),
  );

  connection.onFoldingRanges(
    answer('folding', [], ({ textDocument }) => {
      const file = files.get(textDocument.uri);
      const limit = capabilities.textDocument?.foldingRange?.rangeLimit ?? 5000;
      return file && !file.tooLong ? foldsOf(file, limit) : [];
    }),
  );

  connection.onRequest(
    documentsRequest,
    answer('documents', [], async ({ uri }) => {
      const file = files.get(uri);
      return file ? documentsOf(file, await checker.problems(file)) : [];
    }),
  );

  connection.onRequest(
    locateRequest,
    answer('locate', null, ({ uri, documentIndex, path }) => {
      const file = files.get(uri);
      return file ? locateIn(file, documentIndex, path) : null;
    }),
  );

  followCluster(connection, { cluster, version, changed: checkAll });

  connection.onShutdown(() => checker.stop());
  connection.listen();
}

/** The settings that the server reads; nobody has checked what is in them. */
interface Settings {
  readonly rules?: unknown;
  readonly kubernetesVersion?: unknown;
  readonly inlayHints?: unknown;
  readonly format?: { readonly listIndentation?: unknown } | null;
}

/** What was asked for, or why it cannot be. */
type Answer<Result> = Result | ResponseError<void>;

/** A text in place of a result is the reason why there is none. */
function orRefused<Result>(result: Result | string): Answer<Result> {
  return typeof result === 'string' ? new ResponseError<void>(LSPErrorCodes.RequestFailed, result) : result;
}

/** Whether to format; not where another extension does, between which and us the editor would ask. */
function formats(options: { readonly formatting?: boolean } | undefined): boolean {
  return options?.formatting !== false;
}

/** Makes a value when it is first asked for, and again only after making it has failed. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
