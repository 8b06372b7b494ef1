import { readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import {
  CancellationTokenSource,
  type ClientCapabilities,
  type CodeAction,
  type CompletionContext,
  type CompletionItem,
  type CompletionList,
  createConnection,
  createProtocolConnection,
  type Diagnostic,
  type DocumentSymbol,
  type FoldingRange,
  type Hover,
  type Position,
  type ProtocolConnection,
  type Range,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Environment } from '../../server/environment.ts';
import type { DocumentInfo } from '../../server/protocol.ts';
import { loadDefinitions, loadDescriptions } from '../../server/schemas/generated.ts';
import { startServer } from '../../server/server.ts';
import type { Session } from '../../server/session.ts';

/** An editor with a language server behind an in-memory connection. */
export class Editor {
  readonly #client: ProtocolConnection;
  readonly #server: { dispose(): void };
  readonly #texts = new Map<string, { text: string; version: number }>();
  readonly #published = new Map<string, { version: number; diagnostics: Diagnostic[] }>();
  #waiting: (() => void)[] = [];
  #version = 0;
  /** What the server holds. */
  readonly session: Session;
  /** How often the diagnostics of a file were told, by its URI. */
  readonly told = new Map<string, number>();
  /** What the server logged; a handler that fails says so here. */
  readonly logged: string[] = [];

  private constructor(environment: Partial<Environment>) {
    const up = new PassThrough();
    const down = new PassThrough();
    const server = createConnection(new StreamMessageReader(up), new StreamMessageWriter(down));
    this.#server = server;
    this.session = startServer(server, {
      after(_ms, run) {
        const timer = setImmediate(run);
        return () => clearImmediate(timer);
      },
      now: () => Date.UTC(2026, 0, 1),
      definitions: loadDefinitions,
      descriptions: loadDescriptions,
      ...environment,
    });
    this.#client = createProtocolConnection(new StreamMessageReader(down), new StreamMessageWriter(up));
    this.#client.onNotification(
      'textDocument/publishDiagnostics',
      (params: { uri: string; version: number; diagnostics: Diagnostic[] }) => {
        this.#published.set(params.uri, params);
        this.told.set(params.uri, (this.told.get(params.uri) ?? 0) + 1);
        for (const wake of this.#waiting.splice(0)) wake();
      },
    );
    this.#client.onNotification('window/logMessage', (params: { message: string }) => void this.logged.push(params.message));
    this.#client.listen();
  }

  /**
   * @param locale the language it is set to, as editors name it: `zh-cn`
   * @param workspace what it can do for the workspace
   * @param prepare makes it answer what the server asks of it
   */
  static async start(
    environment: Partial<Environment> = {},
    locale?: string,
    workspace?: ClientCapabilities['workspace'],
    prepare: (editor: Editor) => void = () => undefined,
  ): Promise<Editor> {
    const editor = new Editor(environment);
    prepare(editor);
    const capabilities = {
      workspace,
      textDocument: { completion: { completionItem: { snippetSupport: true, documentationFormat: ['markdown'] } } },
    };
    await editor.#client.sendRequest('initialize', { processId: null, rootUri: 'file:///workspace', capabilities, locale });
    await editor.#client.sendNotification('initialized', {});
    return editor;
  }

  async stop(): Promise<void> {
    await this.#client.sendRequest('shutdown');
    this.#client.dispose();
    this.#server.dispose();
  }

  async open(text: string, uri = 'file:///workspace/manifest.yaml'): Promise<string> {
    // Versions go on over files that are opened again, so that late answers are told from new ones.
    const version = ++this.#version;
    this.#texts.set(uri, { text, version });
    await this.#client.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version, text } });
    return uri;
  }

  /** Replaces the first occurrence of a text, as an incremental edit. */
  async edit(uri: string, before: string, after: string): Promise<void> {
    const file = this.#file(uri);
    const at = file.text.indexOf(before);
    if (at < 0) throw new Error(`${JSON.stringify(before)} is not in ${uri}`);
    const range = { start: positionIn(file.text, at), end: positionIn(file.text, at + before.length) };
    file.text = file.text.slice(0, at) + after + file.text.slice(at + before.length);
    file.version = ++this.#version;
    await this.#client.sendNotification('textDocument/didChange', {
      textDocument: { uri, version: file.version },
      contentChanges: [{ range, text: after }],
    });
  }

  /** Types behind the end of the file, whose text is `before`. */
  async append(uri: string, before: string, text: string): Promise<void> {
    const version = ++this.#version;
    this.#texts.set(uri, { text: before + text, version });
    const end = positionIn(before, before.length);
    await this.#client.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [{ range: { start: end, end }, text }],
    });
  }

  async close(uri: string): Promise<void> {
    await this.#client.sendNotification('textDocument/didClose', { textDocument: { uri } });
  }

  /** The diagnostics of the file's present version. */
  async diagnostics(uri: string): Promise<Diagnostic[]> {
    for (;;) {
      const published = this.#published.get(uri);
      if (published && published.version >= this.#file(uri).version) return published.diagnostics;
      await new Promise<void>((resolve) => void this.#waiting.push(resolve));
    }
  }

  /** The diagnostics without hints as one line each: `line:column-line:column severity message`, counted from 1 as an editor shows them. */
  async problems(text: string, uri?: string): Promise<string[]> {
    const diagnostics = (await this.diagnostics(await this.open(text, uri))).filter(({ severity }) => severity !== 4);
    return diagnostics.map(
      ({ range, severity, message }) => `${show(range)} ${['', 'error', 'warning', 'information'][severity ?? 0]} ${message}`,
    );
  }

  /** Completions where `|` stands in the text. */
  async complete(marked: string): Promise<CompletionItem[]> {
    const { text, position } = unmark(marked);
    return this.completeAt(await this.open(text), position);
  }

  async completeAt(uri: string, position: Position, context?: CompletionContext): Promise<CompletionItem[]> {
    return (await this.completionsAt(uri, position, context)).items;
  }

  /** With whether the editor has to ask again for every letter. */
  async completionsAt(uri: string, position: Position, context?: CompletionContext): Promise<CompletionList> {
    const params = { textDocument: { uri }, position, context };
    const answer = await this.#client.sendRequest<CompletionItem[] | CompletionList>('textDocument/completion', params);
    return Array.isArray(answer) ? { items: answer, isIncomplete: false } : answer;
  }

  /** The hover's text where `|` stands. */
  async hover(marked: string): Promise<string> {
    const { text, position } = unmark(marked);
    const uri = await this.open(text);
    const hover = await this.#client.sendRequest<Hover | null>('textDocument/hover', { textDocument: { uri }, position });
    return hover && typeof hover.contents === 'object' && 'value' in hover.contents ? hover.contents.value : '';
  }

  hoverAt(uri: string, position: Position): Promise<Hover | null> {
    return this.#client.sendRequest<Hover | null>('textDocument/hover', { textDocument: { uri }, position });
  }

  /** The titles of the quick fixes for a file's problems, and the text each writes. */
  async fixes(uri: string): Promise<string[]> {
    const diagnostics = await this.diagnostics(uri);
    const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
    const params = { textDocument: { uri }, range, context: { diagnostics, only: ['quickfix'] } };
    const actions = await this.#client.sendRequest<CodeAction[]>('textDocument/codeAction', params);
    return actions.map(({ title, edit }) =>
      (edit?.changes?.[uri] ?? []).reduce((text, { range, newText }) => `${text} ${show(range)} ${newText}`, title),
    );
  }

  /** What can be done where `|` stands, or between two of them, with the problems there: titles and what the text would be afterwards. */
  async actions(marked: string, only?: readonly string[]): Promise<Map<string, string>> {
    const first = unmark(marked);
    const second = first.text.includes('|') && marked.split('|').length === 3 ? unmark(first.text) : first;
    const uri = await this.open(second.text);
    const range = { start: first.position, end: second.position };
    const within = ({ range: { start, end } }: Diagnostic) => start.line <= range.end.line && range.start.line <= end.line;
    const diagnostics = (await this.diagnostics(uri)).filter(within);
    const params = { textDocument: { uri }, range, context: { diagnostics, ...(only && { only }) } };
    const actions = await this.#client.sendRequest<CodeAction[]>('textDocument/codeAction', params);
    const document = TextDocument.create(uri, 'yaml', 0, second.text);
    return new Map(actions.map(({ title, edit }) => [title, TextDocument.applyEdits(document, edit?.changes?.[uri] ?? [])]));
  }

  /** Asks what stands where `needle` stands for the given time (from 0) in a file. */
  ask<Answer>(method: string, uri: string, needle: string, more: object = {}, nth = 0): Promise<Answer> {
    const { text } = this.#file(uri);
    let at = text.indexOf(needle);
    for (let skipped = 0; skipped < nth; skipped++) at = text.indexOf(needle, at + 1);
    if (at < 0) throw new Error(`${JSON.stringify(needle)} is not in ${uri}`);
    return this.#client.sendRequest(method, { textDocument: { uri }, position: positionIn(text, at), ...more });
  }

  /** Sets `kubeside.rules`. */
  async configure(rules: object): Promise<void> {
    await this.#client.sendNotification('workspace/didChangeConfiguration', { settings: { kubeside: { rules } } });
  }

  /** Sends a notification. */
  tell(method: string, params: object | null): Promise<void> {
    return this.#client.sendNotification(method, params);
  }

  /** Answers what the server asks of the editor. */
  onRequest(method: string, answer: (params: unknown) => unknown): void {
    this.#client.onRequest(method, answer);
  }

  /** Sets `kubeside.kubernetesVersion`. */
  choose(kubernetesVersion: string): Promise<void> {
    return this.tell('workspace/didChangeConfiguration', { settings: { kubeside: { kubernetesVersion } } });
  }

  request<Answer>(method: string, params: object): Promise<Answer> {
    return this.#client.sendRequest(method, params);
  }

  /** Asks something and takes it back at once. */
  cancelled(method: string, params: object): Promise<unknown> {
    const source = new CancellationTokenSource();
    const answer = this.#client.sendRequest(method, params, source.token);
    source.cancel();
    return answer;
  }

  symbols(uri: string): Promise<DocumentSymbol[]> {
    return this.#client.sendRequest('textDocument/documentSymbol', { textDocument: { uri } });
  }

  folds(uri: string): Promise<FoldingRange[]> {
    return this.#client.sendRequest('textDocument/foldingRange', { textDocument: { uri } });
  }

  documents(uri: string): Promise<DocumentInfo[]> {
    return this.#client.sendRequest('kubeside/documents', { uri });
  }

  async locate(uri: string, documentIndex: number, path: string): Promise<string> {
    const range = await this.#client.sendRequest<Range | null>('kubeside/locate', { uri, documentIndex, path });
    return range ? show(range) : 'nowhere';
  }

  async fileChanged(uri: string, type: 1 | 2 | 3): Promise<void> {
    await this.#client.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri, type }] });
  }

  #file(uri: string): { text: string; version: number } {
    const file = this.#texts.get(uri);
    if (!file) throw new Error(`${uri} is not open`);
    return file;
  }
}

/** `3:5-3:9`, counted from 1. */
export function show({ start, end }: Range): string {
  return `${start.line + 1}:${start.character + 1}-${end.line + 1}:${end.character + 1}`;
}

export function positionIn(text: string, offset: number): Position {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length - 1, character: (before.at(-1) ?? '').length };
}

function unmark(marked: string): { text: string; position: Position } {
  const at = marked.indexOf('|');
  return { text: marked.slice(0, at) + marked.slice(at + 1), position: positionIn(marked, at) };
}

/** A disk that holds these files below a folder, whose URI ends in a slash. They are asked for anew each time. */
export function diskOf(folder: string, files: () => Readonly<Record<string, string>>): Partial<Environment> {
  return {
    listFiles: async () => Object.keys(files()).map((name) => folder + name),
    readFile: async (uri) => files()[uri.slice(folder.length)],
  };
}

/** A text of `test/server/fixtures`. */
export function fixture(name: string): string {
  return readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');
}
