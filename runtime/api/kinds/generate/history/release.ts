import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { apiPrefix, type GoPackage, type GoStruct, readTypes } from './go-types.ts';

/** A kind as one release of the API has it. */
export interface ReleasedKind {
  readonly definition: string;
  readonly namespaced: boolean;
}

/** How long a kind is served, as `v1.MINOR` strings without the `v`. */
export interface Lifecycle {
  introduced?: string;
  deprecated?: string;
  removed?: string;
  /** `apps/v1 Deployment` */
  replacement?: string;
}

export interface Release {
  readonly structs: ReadonlyMap<string, GoStruct>;
  /** By `apiVersion kind`. */
  readonly kinds: ReadonlyMap<string, ReleasedKind>;
  readonly lifecycles: ReadonlyMap<string, Lifecycle>;
  /** Values by the Go type's definition name. */
  readonly enums: ReadonlyMap<string, readonly string[]>;
}

/** Packages of `k8s.io/api` whose objects are only ever sent between servers. */
const internal = new Set(['admission', 'apidiscovery', 'imagepolicy']);

/** Reads the API of Kubernetes 1.`minor` from git repositories of `kubernetes/api`, `apimachinery` and `apiextensions-apiserver` in a folder. */
export function readRelease(folder: string, minor: number): Release {
  const structs = new Map<string, GoStruct>();
  const kinds = new Map<string, ReleasedKind>();
  const lifecycles = new Map<string, Lifecycle>();
  const enums = new Map<string, readonly string[]>();
  const take = (prefix: string, apiVersion: string, read: GoPackage) => {
    for (const [name, struct] of read.structs) {
      structs.set(`${prefix}.${name}`, struct);
      if (struct.kind) kinds.set(`${apiVersion} ${name}`, { definition: `${prefix}.${name}`, namespaced: struct.kind.namespaced });
    }
    for (const [name, values] of read.enums) enums.set(`${prefix}.${name}`, values);
  };
  const api = new Repository(join(folder, 'api'), `v0.${minor}.0`);
  for (const path of api.files().filter((file) => /^\w+\/v\w+\/types\.go$/.test(file))) {
    const [group = '', version = ''] = path.split('/');
    if (internal.has(group)) continue;
    const name = /GroupName = "([^"]*)"/.exec(api.read(`${group}/${version}/register.go`))?.[1] ?? '';
    const apiVersion = name === '' ? version : `${name}/${version}`;
    take(apiPrefix(group, version), apiVersion, readTypes(api.read(path), apiPrefix(group, version)));
    const lifecycle = `${group}/${version}/zz_generated.prerelease-lifecycle.go`;
    if (api.files().includes(lifecycle)) readLifecycles(api.read(lifecycle), apiVersion, lifecycles);
  }
  const meta = new Repository(join(folder, 'apimachinery'), `v0.${minor}.0`);
  const metaPrefix = 'io.k8s.apimachinery.pkg.apis.meta.v1';
  take(metaPrefix, 'meta', readTypes(meta.read('pkg/apis/meta/v1/types.go'), metaPrefix));
  const extensions = new Repository(join(folder, 'apiextensions-apiserver'), `v0.${minor}.0`);
  const extensionsPrefix = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1';
  for (const file of ['types.go', 'types_jsonschema.go']) {
    take(extensionsPrefix, 'apiextensions.k8s.io/v1', readTypes(extensions.read(`pkg/apis/apiextensions/v1/${file}`), extensionsPrefix));
  }
  return { structs, kinds, lifecycles, enums };
}

/** The lifecycles that a release of 1.`minor` tells, of kinds of all times. */
export function readLifecyclesOf(folder: string, minor: number): Map<string, Lifecycle> {
  const api = new Repository(join(folder, 'api'), `v0.${minor}.0`);
  const lifecycles = new Map<string, Lifecycle>();
  for (const path of api.files().filter((file) => /^\w+\/v\w+\/zz_generated\.prerelease-lifecycle\.go$/.test(file))) {
    const [group = '', version = ''] = path.split('/');
    if (internal.has(group)) continue;
    const name = /GroupName = "([^"]*)"/.exec(api.read(`${group}/${version}/register.go`))?.[1] ?? '';
    readLifecycles(api.read(path), name === '' ? version : `${name}/${version}`, lifecycles);
  }
  return lifecycles;
}

function readLifecycles(source: string, apiVersion: string, into: Map<string, Lifecycle>): void {
  for (const [, kind = '', what = '', body = ''] of source.matchAll(/^func \(in \*(\w+)\) APILifecycle(\w+)\(\)[^{]*\{\n(.*)\n\}/gm)) {
    const key = `${apiVersion} ${kind}`;
    const lifecycle = into.get(key) ?? {};
    into.set(key, lifecycle);
    const [, major, minor] = /return (\d+), (\d+)/.exec(body) ?? [];
    const release = `${major}.${minor}`;
    if (what === 'Introduced') lifecycle.introduced = release;
    if (what === 'Deprecated') lifecycle.deprecated = release;
    if (what === 'Removed') lifecycle.removed = release;
    const [, group, version, name] = /Group: "([^"]*)", Version: "([^"]*)", Kind: "([^"]*)"/.exec(body) ?? [];
    if (what === 'Replacement') lifecycle.replacement = `${group ? `${group}/` : ''}${version} ${name}`;
  }
}

/** A git repository at a tag. */
class Repository {
  readonly #folder: string;
  readonly #tag: string;
  #files: readonly string[] | undefined;

  constructor(folder: string, tag: string) {
    this.#folder = folder;
    this.#tag = tag;
  }

  files(): readonly string[] {
    this.#files ??= this.#git('ls-tree', '-r', '--name-only', this.#tag).split('\n');
    return this.#files;
  }

  read(path: string): string {
    return this.#git('show', `${this.#tag}:${path}`);
  }

  #git(...command: readonly string[]): string {
    return execFileSync('git', [`--git-dir=${this.#folder}`, ...command], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  }
}
