import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import {
  createProtocolConnection,
  type Diagnostic,
  type Position,
  type ProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';

/** A language server to start, and what an editor has to do so that it knows Kubernetes. */
export interface Contender {
  readonly name: string;
  /** Arguments for Node. */
  readonly command: readonly string[];
  /** What is set in its environment beside that of the bench. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether it has kept what it wants to keep for later starts; without it, it keeps nothing. */
  hasStartedBefore?(): boolean;
  /** Registers what the server asks of its editor, before `initialize`. */
  prepare(client: ProtocolConnection): void;
  /** What the editor says after `initialized`. */
  configure(client: ProtocolConnection): Promise<void>;
}

/** A language server as a process of its own, as editors start it, and the editor's side of it. */
export class ServerProcess {
  readonly #process: ChildProcess;
  readonly #client: ProtocolConnection;
  readonly #published = new Map<string, { version: number; diagnostics: Diagnostic[] }>();
  /** Of each file that is open, its version and where it ends: its text is kept by the server alone, so that copies of it do not disturb what is measured. */
  readonly #files = new Map<string, { readonly end: Position; readonly version: number }>();
  #waiting: (() => void)[] = [];

  private constructor({ command, env, prepare }: Contender) {
    this.#process = spawn(process.execPath, [...command, '--stdio'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      // Node reads these certificates when it starts, for which no server can do anything, and servers of languages have no use for them.
      env: { ...process.env, NODE_EXTRA_CA_CERTS: undefined, ...env },
    });
    const { stdin, stdout } = this.#process;
    if (!stdin || !stdout) throw new Error('the server has no pipes');
    this.#client = createProtocolConnection(new StreamMessageReader(stdout), new StreamMessageWriter(stdin));
    this.#client.onNotification(
      'textDocument/publishDiagnostics',
      (params: { uri: string; version?: number; diagnostics: Diagnostic[] }) => {
        // A server that tells no version is taken at its word: what comes last is of the last text.
        const version = params.version ?? this.#files.get(params.uri)?.version ?? 0;
        this.#published.set(params.uri, { version, diagnostics: params.diagnostics });
        for (const wake of this.#waiting.splice(0)) wake();
      },
    );
    this.#client.onRequest('client/registerCapability', () => null);
    prepare(this.#client);
    this.#client.listen();
  }

  static async start(contender: Contender, folder: string): Promise<ServerProcess> {
    const server = new ServerProcess(contender);
    await server.#client.sendRequest('initialize', {
      processId: process.pid,
      rootUri: folder,
      workspaceFolders: [{ uri: folder, name: 'workspace' }],
      capabilities: {
        workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: true } },
        textDocument: {
          completion: { completionItem: { snippetSupport: true, documentationFormat: ['markdown'] } },
          publishDiagnostics: { versionSupport: true },
        },
      },
    });
    await server.#client.sendNotification('initialized', {});
    await contender.configure(server.#client);
    return server;
  }

  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    await this.#client.sendRequest('shutdown');
    await this.#client.sendNotification('exit');
    await ended;
    this.#client.dispose();
  }

  async open(uri: string, text: string): Promise<void> {
    this.#files.set(uri, { end: endOf(text), version: 1 });
    await this.#client.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } });
  }

  /** Writes at the end of a file. */
  async type(uri: string, more: string): Promise<Position> {
    const { end: start, version } = this.#file(uri);
    const end = endOf(more, start);
    this.#files.set(uri, { end, version: version + 1 });
    await this.#client.sendNotification('textDocument/didChange', {
      textDocument: { uri, version: version + 1 },
      contentChanges: [{ range: { start, end: start }, text: more }],
    });
    return end;
  }

  /** Waits until the text as it is now has been checked. */
  async diagnostics(uri: string): Promise<readonly Diagnostic[]> {
    for (;;) {
      const published = this.#published.get(uri);
      if (published && published.version >= this.#file(uri).version) {
        this.#published.delete(uri);
        return published.diagnostics;
      }
      await new Promise<void>((resolve) => void this.#waiting.push(resolve));
    }
  }

  /** How many proposals there are at a place. */
  async complete(uri: string, position: Position): Promise<number> {
    const list = await this.#client.sendRequest<{ items: unknown[] } | unknown[] | null>('textDocument/completion', {
      textDocument: { uri },
      position,
    });
    return Array.isArray(list) ? list.length : (list?.items.length ?? 0);
  }

  async hover(uri: string, position: Position): Promise<boolean> {
    return (await this.#client.sendRequest('textDocument/hover', { textDocument: { uri }, position })) !== null;
  }

  request<Answer>(method: string, params: object): Promise<Answer> {
    return this.#client.sendRequest<Answer>(method, params);
  }

  /** Resident memory in MiB. */
  memory(): number {
    const kibibytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${this.#process.pid}/status`, 'utf8'))?.[1];
    return Number(kibibytes) / 1024;
  }

  /** Processor time that the server has used, all of its threads together, in milliseconds; the system counts in steps of 10. */
  cpu(): number {
    // The name of the program stands in brackets and may hold anything.
    const fields = readFileSync(`/proc/${this.#process.pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }

  #file(uri: string): { readonly end: Position; readonly version: number } {
    const file = this.#files.get(uri);
    if (!file) throw new Error(`${uri} is not open`);
    return file;
  }
}

/** Where a text ends that begins at a place. */
function endOf(text: string, start: Position = { line: 0, character: 0 }): Position {
  const lines = text.split('\n');
  const last = lines.at(-1) ?? '';
  return lines.length === 1
    ? { line: start.line, character: start.character + last.length }
    : { line: start.line + lines.length - 1, character: last.length };
}
