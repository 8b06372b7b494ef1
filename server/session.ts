import type { ClientCapabilities, Connection } from 'vscode-languageserver';
import type { Definitions, Descriptions } from '../runtime/api/kinds/schema.ts';
import { Checker } from './checker.ts';
import { ConnectedCluster } from './cluster/connected-cluster.ts';
import type { ManifestFile } from './documents/file.ts';
import { Workspace } from './documents/workspace.ts';
import { WorkspaceDocuments } from './documents/workspace-documents.ts';
import type { Environment } from './environment.ts';
import type { ReadText } from './features/chart-values.ts';
import type { ListIndentation } from './features/formatting.ts';
import { hintSettingsOf } from './features/inlay-hints/settings.ts';
import { joinNames, type NameSource, workspaceNames } from './index/names.ts';
import { WorkspaceIndex } from './index/workspace-index.ts';
import { Kustomizations } from './kustomize/kustomizations.ts';
import { Patches } from './kustomize/patches.ts';
import { once } from './once.ts';
import { oneByOne } from './one-by-one.ts';
import { WorkspacePolicies } from './policies/workspace-policies.ts';
import { RuleSettings } from './rules/rule-settings.ts';
import type { Completer } from './schemas/completer.ts';
import { joinCustomKinds } from './schemas/join-custom-kinds.ts';
import { Kinds } from './schemas/kinds.ts';
import { isManifest } from './schemas/routing.ts';
import { ChosenVersion } from './versions/chosen-version.ts';
import { WatchedFiles } from './watched-files.ts';

/** Edits are gathered for this long before the file is checked, in milliseconds: less than a keystroke takes. */
const checkDelay = 5;
/** Between two parts that are loaded before anyone asks for them, in milliseconds: enough for who has asked for something else meanwhile. */
const loadPause = 50;

/** What the editor said of itself when it started the server. */
export interface EditorFacts {
  readonly capabilities: ClientCapabilities;
  /** URIs of the workspace's folders. */
  readonly folders: readonly string[];
}

/** Everything that is known while one editor is served; what its handlers share. */
export class Session {
  readonly connection: Connection;
  readonly environment: Environment;
  editor: EditorFacts = { capabilities: {}, folders: [] };
  listIndentation: ListIndentation = 'keep';
  hintSettings = hintSettingsOf(undefined);
  /** The files that are open, by URI. */
  readonly files = new Map<string, ManifestFile>();
  readonly workspace = new Workspace();
  readonly version = new ChosenVersion();
  readonly cluster = new ConnectedCluster();
  readonly kinds = new Kinds(joinCustomKinds([this.workspace, this.cluster]), this.version);
  readonly index = new WorkspaceIndex();
  readonly kustomizations = new Kustomizations();
  /** Contents of files that patches are compared with. */
  readonly documents: WorkspaceDocuments;
  readonly patches: Patches;
  readonly settings = new RuleSettings();
  readonly names: NameSource = joinNames([workspaceNames(this.index), this.cluster]);
  readonly checker: Checker;
  /** The files that the editor tells of when they change. */
  readonly watched: WatchedFiles;
  /** The schemas of the chosen version. */
  readonly definitions: () => Promise<Definitions>;
  readonly descriptions: () => Promise<Descriptions>;
  /** What checking files does without. */
  readonly late = once(() => import('./late.ts'));
  /** Large, and needed only where the schema of a custom resource has alternatives. */
  readonly completer: () => Promise<Completer>;
  readonly readText: ReadText;
  /** Takes in what is on disk: what was read first must not come last. */
  readonly takeInFromDisk = oneByOne();

  constructor(connection: Connection, environment: Environment) {
    this.connection = connection;
    this.environment = environment;
    const newest = once(() => environment.definitions());
    this.definitions = async () => this.version.definitions(await newest());
    this.descriptions = once(() => environment.descriptions());
    this.completer = once(async () => new (await import('./schemas/completer.ts')).Completer(this.editor.capabilities));
    this.readText = async (uri) => this.files.get(uri)?.text ?? environment.readFile?.(uri);
    this.documents = new WorkspaceDocuments(this.readText);
    this.patches = new Patches(this.kustomizations, this.documents, this.definitions);
    const { index, cluster, documents, kinds } = this;
    this.watched = new WatchedFiles({
      connection,
      environment,
      kustomizations: this.kustomizations,
      capabilities: () => this.editor.capabilities,
      failed: (error) => this.log('watched files', error),
    });
    const policies = new WorkspacePolicies({ index, cluster, documents, kinds });
    this.checker = new Checker({
      environment,
      kinds: this.kinds,
      index: this.index,
      settings: this.settings,
      kustomizations: this.kustomizations,
      patches: this.patches,
      policies,
      cluster: this.cluster,
      openFiles: () => this.files.keys(),
      definitions: this.definitions,
      current: (uri) => this.files.get(uri),
      publish: (uri, version, diagnostics) => {
        const isOurs = this.files.get(uri)?.documents.some(({ manifest }) => isManifest(manifest, kinds));
        connection.sendDiagnostics({ uri, version, diagnostics }).then(isOurs ? environment.told : undefined, () => undefined);
      },
      failed: (error) => this.log('check', error),
    });
  }

  /**
   * Loads what is asked for sooner or later, a part at a time, and rehearses its use until someone types: who asks meanwhile waits for one step at most.
   * Few ever ask for the completer.
   */
  async prepareRest(): Promise<void> {
    const pause = (ms: number) => new Promise<void>((resolve) => void this.environment.after(ms, resolve));
    try {
      const { rehearse } = await this.late();
      await pause(loadPause);
      const [definitions, descriptions] = [await this.definitions(), await this.descriptions()];
      await pause(loadPause);
      const { kinds, names, index, completer } = this;
      const parts = { kinds, definitions, descriptions, names, index, completer, now: this.environment.now() };
      await rehearse(parts, () => pause(0).then(() => !this.#isEdited()));
    } catch (error) {
      this.log('preparation', error);
    }
  }

  #isEdited(): boolean {
    return [...this.files.values()].some(({ isEdited }) => isEdited);
  }

  /** Tells of a fault of ours where people who look for it find it. */
  log(what: string, error: unknown): void {
    this.connection.console.error(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }

  /** Checks a file soon: after an edit others may follow; a file that was just opened waits for none. */
  check(uri: string, why: 'opened' | 'changed' = 'changed'): void {
    this.checker.schedule(uri, why === 'opened' ? 0 : checkDelay);
  }

  checkAll(): void {
    for (const uri of this.files.keys()) this.check(uri);
  }
}
