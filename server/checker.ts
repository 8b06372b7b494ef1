import type { Diagnostic } from 'vscode-languageserver';
import type { Definitions } from '../runtime/api/kinds/schema.ts';
import type { ManifestFile, Placed } from './documents/file.ts';
import type { Manifest } from './documents/manifest.ts';
import type { Problem } from './documents/problem.ts';
import type { Reading } from './documents/workspace-documents.ts';
import type { Environment } from './environment.ts';
import { diagnosticsOf, problemsOf, tooLongDiagnostics } from './features/diagnostics.ts';
import { type ClusterNames, Inquiry } from './index/inquiry.ts';
import type { WorkspaceIndex } from './index/workspace-index.ts';
import { inWorkspace } from './kustomize/in-workspace.ts';
import type { Kustomizations } from './kustomize/kustomizations.ts';
import { type Met, nothingMet, type Patches } from './kustomize/patches.ts';
import { policyProblems } from './policies/problems.ts';
import { noPolicies, type PolicySnapshot, type WorkspacePolicies } from './policies/workspace-policies.ts';
import { inOneVoice } from './rules/one-voice.ts';
import type { Rule } from './rules/rule.ts';
import type { RuleSettings } from './rules/rule-settings.ts';
import { findingsOf } from './rules/run.ts';
import type { Kinds } from './schemas/kinds.ts';
import { isManifest } from './schemas/routing.ts';
import { Turns } from './turns.ts';

/** Other files are checked again this much later than the edited one, in milliseconds. */
const othersDelay = 150;

const scopes: readonly Rule['scope'][] = ['object', 'workspace'];

/** What the rules of one scope found in a document, with which settings, and what they asked for it. */
interface Found {
  readonly settings: number;
  readonly kinds: number;
  readonly names: Inquiry;
  readonly problems: readonly Problem[];
}

/** What the documents of a file are judged by. */
interface Measures {
  readonly definitions: Definitions;
  /** That of the kinds that the definitions go with. */
  readonly generation: number;
  /** Whether there are manifests in the file. */
  readonly isOurs: boolean;
  /** Another text for whatever else is told of a document. */
  readonly circumstances: string;
}

export interface CheckerParts {
  readonly environment: Environment;
  readonly kinds: Kinds;
  readonly index: WorkspaceIndex;
  readonly settings: RuleSettings;
  readonly kustomizations: Kustomizations;
  readonly patches: Patches;
  readonly policies: WorkspacePolicies;
  readonly cluster: ClusterNames;
  openFiles(): Iterable<string>;
  definitions(): Promise<Definitions>;
  /** The file as it is now; undefined once it is closed. */
  current(uri: string): ManifestFile | undefined;
  publish(uri: string, version: number, diagnostics: Diagnostic[]): void;
  failed(error: unknown): void;
}

/** Decides when files are checked. A check whose file was edited meanwhile ends without a word: the edit has asked for the next one. */
export class Checker {
  readonly #parts: CheckerParts;
  readonly #waiting = new Map<string, () => void>();
  readonly #found = { object: new WeakMap<Manifest, Found>(), workspace: new WeakMap<Manifest, Found>() };
  /** All that is told of a document, and what for. */
  readonly #checked = new WeakMap<Manifest, { readonly circumstances: string; readonly problems: readonly Problem[] }>();
  /** What was read of other files to check a document. */
  readonly #readings = new WeakMap<Manifest, Reading>();
  /** The policies that judged a document. */
  readonly #judgedBy = new WeakMap<Manifest, PolicySnapshot>();
  /** What the editor was told last of a file. */
  readonly #told = new Map<string, { readonly version: number; readonly problems: readonly (readonly Problem[])[] }>();
  #indexGeneration = 0;
  #patchesGeneration = 0;
  #lookAtOthers: (() => void) | undefined;
  #stopped = false;

  constructor(parts: CheckerParts) {
    this.#parts = parts;
  }

  /** Checks a file `delay` milliseconds from now, unless it is asked for again before. */
  schedule(uri: string, delay: number): void {
    if (this.#stopped) return;
    this.#cancel(uri);
    const cancel = this.#parts.environment.after(delay, () => {
      this.#waiting.delete(uri);
      this.#check(uri).catch((error) => this.#parts.failed(error));
    });
    this.#waiting.set(uri, cancel);
  }

  /** Nothing more is to be told of a file, and what was told is forgotten. */
  forget(uri: string): void {
    this.#cancel(uri);
    this.#told.delete(uri);
  }

  #cancel(uri: string): void {
    this.#waiting.get(uri)?.();
    this.#waiting.delete(uri);
  }

  stop(): void {
    this.#stopped = true;
    this.#lookAtOthers?.();
    for (const uri of [...this.#waiting.keys()]) this.#cancel(uri);
  }

  /** The problems of every document of a file, by index. When the file changes under way, of those looked at so far. */
  async problems(file: ManifestFile): Promise<readonly (readonly Problem[])[]> {
    if (file.tooLong) return [];
    const { environment, kinds, kustomizations, patches } = this.#parts;
    const policies = await this.#policies();
    let measures = await this.#measures(file, policies);
    const { version } = file;
    const found: (readonly Problem[])[] = [];
    const turns = new Turns(environment);
    for (const placed of file.documents) {
      const { manifest } = placed;
      this.#judgedBy.set(manifest, policies);
      const known = this.#checked.get(manifest);
      if (known?.circumstances === measures.circumstances && !this.#isStale(manifest)) {
        found.push(known.problems);
        continue;
      }
      if (manifest.problems(kinds.generation) === undefined) await turns.take(manifest.text.length);
      const met = patches.concerns(file.uri, manifest) ? await this.#met(file.uri, manifest) : nothingMet;
      // Another release has other definitions, and none of the ones at hand may be taken for them.
      if (kinds.generation !== measures.generation) measures = await this.#measures(file, policies);
      if (this.#stopped || file.version !== version) return found;
      const { definitions, isOurs, circumstances } = measures;
      const problems = isOurs ? this.#orNone(() => problemsOf(manifest, kinds, definitions)) : [];
      const findings = () =>
        withoutTaken(
          problems,
          this.#orNone(() => this.#findings(file, placed)),
        );
      const schemas = { definitions, release: kinds.version.release };
      const surroundings = { kustomizations, kinds, schemas, met };
      const all = this.#orElse(
        () => inWorkspace(file.uri, manifest, problems, findings, surroundings),
        () => [...problems, ...findings()],
      );
      const told = [...all, ...this.#orNone(() => this.#judged(file.uri, manifest, all, policies))];
      this.#checked.set(manifest, { circumstances, problems: told });
      found.push(told);
    }
    return found;
  }

  async #measures(file: ManifestFile, policies: PolicySnapshot): Promise<Measures> {
    const { kinds, settings, kustomizations } = this.#parts;
    const definitions = await this.#parts.definitions();
    const { generation } = kinds;
    const isOurs = file.documents.some(({ manifest }) => isManifest(manifest, kinds));
    const circumstances = `${file.uri} ${isOurs} ${generation} ${settings.generation} ${kustomizations.generation} ${policies.id}`;
    return { definitions, generation, isOurs, circumstances };
  }

  /** The policies of the workspace; none when they cannot be told. */
  async #policies(): Promise<PolicySnapshot> {
    try {
      return await this.#parts.policies.current();
    } catch (error) {
      this.#parts.failed(error);
      return noPolicies;
    }
  }

  /** Policies are asked last, about what the API server would take otherwise. */
  #judged(uri: string, manifest: Manifest, problems: readonly Problem[], policies: PolicySnapshot): readonly Problem[] {
    const { kinds, kustomizations } = this.#parts;
    const isWhole = !manifest.template && !manifest.tooLong && isManifest(manifest, kinds);
    if (
      policies.policies.length === 0 ||
      !isWhole ||
      kustomizations.isPatch(uri) ||
      kustomizations.changes(uri) ||
      problems.some(({ severity }) => severity === 'error')
    )
      return [];
    return policyProblems(manifest, kinds, policies);
  }

  /** What the JSON patches of a document meet; nothing when that cannot be told. */
  async #met(uri: string, manifest: Manifest): Promise<Met> {
    const reading = this.#parts.patches.reading();
    this.#readings.set(manifest, reading);
    try {
      return await this.#parts.patches.met(uri, manifest, reading);
    } catch (error) {
      this.#parts.failed(error);
      return nothingMet;
    }
  }

  #orNone(check: () => readonly Problem[]): readonly Problem[] {
    return this.#orElse(check, () => []);
  }

  /** What one check stumbles over must not hide what others find, in this document or another one. */
  #orElse(check: () => readonly Problem[], otherwise: () => readonly Problem[]): readonly Problem[] {
    try {
      return check();
    } catch (error) {
      this.#parts.failed(error);
      return otherwise();
    }
  }

  /** Rules have nothing new to say until the document or the settings change, or an answer that they were given. */
  #findings({ uri }: ManifestFile, { manifest, index: place }: Placed): readonly Problem[] {
    const { index, settings, cluster, kinds } = this.#parts;
    const facts = index.document(uri, place);
    // Rules ask for what is not there, which in a template nobody can tell.
    if (!facts || manifest.template || !isManifest(manifest, kinds)) return [];
    const found = scopes.flatMap((scope) => {
      const known = this.#found[scope].get(manifest);
      if (known?.settings === settings.generation && known.kinds === kinds.generation && !known.names.stale) return known.problems;
      const names = new Inquiry(index, cluster);
      const problems = findingsOf(manifest, facts, { uri, names, settings, kinds }, scope);
      this.#found[scope].set(manifest, { settings: settings.generation, kinds: kinds.generation, names, problems });
      return problems;
    });
    return inOneVoice(found);
  }

  /** What is said of other files may have changed with the names in this one: those whose rules were answered otherwise are checked again. */
  recheckOthers(): void {
    const { environment, index, patches } = this.#parts;
    if (index.generation === this.#indexGeneration && patches.generation === this.#patchesGeneration) return;
    this.#indexGeneration = index.generation;
    this.#patchesGeneration = patches.generation;
    this.#lookAtOthers?.();
    this.#lookAtOthers = environment.after(othersDelay, () => {
      this.#lookAtOthers = undefined;
      for (const uri of this.#parts.openFiles()) {
        const documents = this.#waiting.has(uri) ? [] : (this.#parts.current(uri)?.documents ?? []);
        if (documents.some(({ manifest }) => this.#isStale(manifest))) this.schedule(uri, 0);
      }
    });
  }

  /** Whether rules or policies of the workspace, or objects that are patched, may have something else to say of a document than they had. */
  #isStale(manifest: Manifest): boolean {
    return [this.#found.workspace.get(manifest)?.names, this.#readings.get(manifest), this.#judgedBy.get(manifest)].some(
      (asked) => asked?.stale,
    );
  }

  async #check(uri: string): Promise<void> {
    const file = this.#parts.current(uri);
    if (!file) return;
    const { version } = file;
    const { generation } = this.#parts.kinds;
    const problems = await this.problems(file);
    this.recheckOthers();
    if (this.#stopped || this.#parts.current(uri) !== file || file.version !== version) return;
    if (this.#parts.kinds.generation !== generation) return;
    // What has not changed need not be told again: an edit may have been a reason to look at hundreds of files.
    const told = this.#told.get(uri);
    if (told?.version === version && areSame(told.problems, problems)) return;
    this.#told.set(uri, { version, problems });
    this.#parts.publish(uri, version, file.tooLong ? tooLongDiagnostics(file) : diagnosticsOf(file, problems));
  }
}

function areSame(one: readonly (readonly Problem[])[], other: readonly (readonly Problem[])[]): boolean {
  return (
    one.length === other.length &&
    one.every((problems, at) => {
      const others = other[at] ?? [];
      return problems === others || (problems.length === others.length && problems.every((problem, place) => problem === others[place]));
    })
  );
}

/** Where something is wrong already, no more is said. */
function withoutTaken(problems: readonly Problem[], findings: readonly Problem[]): readonly Problem[] {
  const taken = new Set(problems.map(({ start, end }) => `${start} ${end}`));
  return findings.filter(({ start, end }) => !taken.has(`${start} ${end}`));
}
