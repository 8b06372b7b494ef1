import { kinds as builtIn } from '../../runtime/api/generated/kinds.ts';
import { apiVersionOf, groupOf } from '../../runtime/api/kinds/kind.ts';
import { ChosenVersion } from '../versions/chosen-version.ts';
import { compareReleases, isIn, lifecycleOf, releases } from '../versions/history.ts';
import { rank } from '../versions/lifecycle.ts';
import type { CustomKind } from './custom.ts';
import { nearest } from './distance.ts';
import type { KnownKind } from './known-kind.ts';
import { kustomizationSchema, kustomizeGroup, kustomizeKinds } from './kustomization.ts';
import { refTo } from './structural.ts';

export type { KnownKind } from './known-kind.ts';

/** Where custom kinds come from: the CustomResourceDefinitions of the workspace. */
export interface CustomKinds {
  /** Goes up whenever the kinds change. */
  readonly generation: number;
  /** The custom kinds of a group, or all. */
  list(group?: string): readonly CustomKind[];
}

const current: readonly KnownKind[] = builtIn
  .filter((kind) => kind.verbs.includes('create') && kind.kind !== 'Binding')
  .map((kind) => ({
    apiVersion: apiVersionOf(kind),
    group: kind.group,
    kind: kind.kind,
    plural: kind.plural,
    namespaced: kind.namespaced,
    named: kind.verbs.includes('get'),
    schema: refTo(kind.definition),
    builtIn: kind,
  }));

/** Kinds that older releases serve and the newest does not. */
const gone = Object.entries(releases.gone).map(([key, { definition, namespaced, ...span }]) => {
  const [apiVersion = '', kind = ''] = key.split(' ');
  const named = !kind.endsWith('Review');
  return { known: { apiVersion, group: groupOf(apiVersion), kind, namespaced, named, schema: refTo(definition) }, span };
});

/** The built-in kinds of a release. */
class BuiltInKinds {
  readonly list: readonly KnownKind[];
  readonly #byName: ReadonlyMap<string, KnownKind>;

  constructor(release: string) {
    const served = current.filter(({ apiVersion, kind }) => {
      const { introduced } = lifecycleOf(apiVersion, kind) ?? {};
      return introduced === undefined || compareReleases(introduced, release) <= 0;
    });
    this.list = [...served, ...gone.filter(({ span }) => isIn(span, release)).map(({ known }) => known)];
    this.#byName = new Map(this.list.map((known) => [keyOf(known.apiVersion, known.kind), known]));
  }

  find(apiVersion: string, kind: string): KnownKind | undefined {
    return this.#byName.get(keyOf(apiVersion, kind));
  }
}

/** `extensions` was emptied in 1.22: manifests for it are still about. */
const builtInGroups = new Set([...builtIn.map((kind) => kind.group), 'extensions', kustomizeGroup]);

/** What kustomize reads is checked like objects, but is none. */
const kustomize: readonly KnownKind[] = kustomizeKinds.map((kind) => ({
  ...kind,
  group: kustomizeGroup,
  namespaced: false,
  named: false,
  schema: kustomizationSchema,
  tool: true,
}));

function keyOf(apiVersion: string, kind: string): string {
  return `${apiVersion} ${kind}`;
}

/** Files that look like Kubernetes objects but are read by tools and never sent to a cluster. */
const toolGroups =
  /(^|\.)((?<!kustomize\.)config\.k8s\.io|kubeadm\.k8s\.io|kind\.x-k8s\.io|k3d\.io|minikube\.sigs\.k8s\.io)$|^(skaffold|client\.authentication\.k8s\.io|audit\.k8s\.io)$/;

/** Whether a manifest is the configuration of a tool that is not known here, a kubeconfig for example. */
export function isToolFile(apiVersion: string, kind: string): boolean {
  // `builtin` is what kustomize's own generators and transformers are of.
  return toolGroups.test(groupOf(apiVersion)) || apiVersion === 'builtin' || (apiVersion === 'v1' && kind === 'Config');
}

/** All kinds: the built-in ones of the chosen release, and those the workspace defines. */
export class Kinds {
  readonly version: ChosenVersion;
  readonly #custom: CustomKinds;
  #builtIn: { release: string; kinds: BuiltInKinds } | undefined;

  constructor(custom: CustomKinds, version = new ChosenVersion()) {
    this.#custom = custom;
    this.version = version;
  }

  get generation(): number {
    return this.#custom.generation + this.version.generation;
  }

  get builtIn(): BuiltInKinds {
    const { release } = this.version;
    if (this.#builtIn?.release !== release) this.#builtIn = { release, kinds: new BuiltInKinds(release) };
    return this.#builtIn.kinds;
  }

  /** The kind a manifest names, exactly. */
  find(apiVersion: string, kind: string): KnownKind | undefined {
    return (
      this.builtIn.find(apiVersion, kind) ??
      [...kustomize, ...this.#customOf(groupOf(apiVersion))].find((known) => known.apiVersion === apiVersion && known.kind === kind)
    );
  }

  /** The kind a manifest means: letter case and, when that says enough, the version may be wrong. For help while typing. */
  guess(apiVersion: string | undefined, kind: string): KnownKind | undefined {
    const lower = kind.toLowerCase();
    const same = [...this.all(), ...kustomize]
      .filter((known) => known.kind.toLowerCase() === lower)
      .toSorted((a, b) => rank(b.apiVersion) - rank(a.apiVersion));
    return (
      same.find((known) => known.apiVersion === apiVersion) ??
      (apiVersion === undefined ? same[0] : same.length === 1 ? same[0] : undefined)
    );
  }

  /** Kinds of files that tools read and no API server sees. */
  get tools(): readonly KnownKind[] {
    return kustomize;
  }

  /** Whether a kind is the only one of its name, whatever its group; several versions of it count as one. */
  isOnly({ group, kind }: KnownKind): boolean {
    return this.all().every((known) => known.kind !== kind || known.group === group);
  }

  all(): readonly KnownKind[] {
    return [...this.builtIn.list, ...this.#customOf()];
  }

  /** Whether all kinds of a group are known, so that another one cannot exist. */
  isClosedGroup(group: string): boolean {
    return builtInGroups.has(group);
  }

  /** What to say about a kind that does not exist: a better kind, a better version, or nothing when no known group is meant. */
  suggest(apiVersion: string, kind: string): { apiVersion?: string; kind?: string } {
    const group = groupOf(apiVersion);
    const tool = group === kustomizeGroup ? kustomize.find((known) => known.kind === kind) : undefined;
    if (tool) return { apiVersion: tool.apiVersion };
    const all = this.all();
    const meant = this.isClosedGroup(group) ? group : nearest(group, new Set(all.map((known) => known.group)));
    const isMeant = (known: KnownKind) => this.isClosedGroup(group) || known.group === group || known.group === meant;
    const elsewhere = all.find((known) => known.kind === kind && isMeant(known));
    if (elsewhere) return { apiVersion: elsewhere.apiVersion };
    const near = (known: readonly KnownKind[]) => {
      const names = known.map((candidate) => candidate.kind);
      return names.find((name) => name.toLowerCase() === kind.toLowerCase()) ?? nearest(kind, names);
    };
    const here = near(all.filter((known) => known.apiVersion === apiVersion));
    if (here !== undefined) return { kind: here };
    const anywhere = near(all.filter(isMeant));
    const found = all.find((known) => known.kind === anywhere && isMeant(known));
    return found ? { apiVersion: found.apiVersion, kind: found.kind } : {};
  }

  #customOf(group?: string): KnownKind[] {
    return this.#custom.list(group).map((custom) => ({
      apiVersion: apiVersionOf(custom),
      group: custom.group,
      kind: custom.kind,
      plural: custom.plural,
      namespaced: custom.namespaced,
      named: true,
      schema: custom.schema,
      judge: custom.judge,
    }));
  }
}
