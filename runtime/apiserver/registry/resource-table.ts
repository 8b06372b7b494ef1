import type { Resource } from './resource.ts';

/** A group version with its resources, in the order in which they were added. */
export interface GroupVersion {
  readonly group: string;
  readonly version: string;
  readonly resources: readonly Resource[];
}

/** The resources that are served just now. Kinds come and go while the server runs, so nothing else may keep a list of them. */
export class ResourceTable {
  private readonly byPath = new Map<string, Resource>();
  private readonly byKind = new Map<string, Resource>();
  private readonly listeners = new Set<() => void>();
  private changes = 0;
  private grouped: readonly GroupVersion[] | undefined;

  /** Adds resources, or replaces those with the same group, version and plural, which are retired unless the new ones succeed them. */
  add(resources: readonly Resource[]): void {
    for (const resource of resources) {
      const { group, version, plural, kind } = resource.kind;
      const former = this.byPath.get(`${group}/${version}/${plural}`);
      if (former?.retired !== resource.retired) former?.retire();
      this.byPath.set(`${group}/${version}/${plural}`, resource);
      this.byKind.set(`${group}/${version}/${kind}`, resource);
    }
    this.changed();
  }

  /** Takes resources away; requests for them are answered with 404 from now on. */
  remove(resources: readonly Resource[]): void {
    for (const resource of resources) {
      const { group, version, plural, kind } = resource.kind;
      resource.retire();
      this.byPath.delete(`${group}/${version}/${plural}`);
      this.byKind.delete(`${group}/${version}/${kind}`);
    }
    this.changed();
  }

  /** Differs after every change. */
  get revision(): number {
    return this.changes;
  }

  find(group: string, version: string, plural: string): Resource | undefined {
    return this.byPath.get(`${group}/${version}/${plural}`);
  }

  findKind(group: string, version: string, kind: string): Resource | undefined {
    return this.byKind.get(`${group}/${version}/${kind}`);
  }

  /** Any served version of a group's resource. */
  findAnyVersion(group: string, plural: string): Resource | undefined {
    for (const resource of this.byPath.values()) {
      if (resource.kind.group === group && resource.kind.plural === plural) return resource;
    }
    return undefined;
  }

  all(): Iterable<Resource> {
    return this.byPath.values();
  }

  /** Group versions, each group's preferred version first. */
  groupVersions(): readonly GroupVersion[] {
    if (this.grouped === undefined) {
      const groups = new Map<string, { group: string; version: string; resources: Resource[] }>();
      for (const resource of this.byPath.values()) {
        const { group, version } = resource.kind;
        const key = `${group}/${version}`;
        const entry = groups.get(key) ?? { group, version, resources: [] };
        entry.resources.push(resource);
        groups.set(key, entry);
      }
      this.grouped = [...groups.values()].sort((a, b) => (a.group === b.group ? compareVersions(a.version, b.version) : 0));
    }
    return this.grouped;
  }

  hasGroupVersion(group: string, version: string): boolean {
    return this.groupVersions().some((entry) => entry.group === group && entry.version === version);
  }

  /** Calls `listener` after every change, until the returned function is called. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private changed(): void {
    this.grouped = undefined;
    this.changes++;
    for (const listener of this.listeners) listener();
  }
}

const versionPattern = /^v(\d+)(?:(alpha|beta)(\d+))?$/;

/** Negative when `a` is preferred to `b`: stable before beta before alpha, then the higher number (upstream's `CompareKubeAwareVersionStrings`). */
export function compareVersions(a: string, b: string): number {
  const [rankA, rankB] = [versionRank(a), versionRank(b)];
  for (const [index, value] of rankA.entries()) {
    const difference = (rankB[index] ?? 0) - value;
    if (difference !== 0) return difference;
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

function versionRank(version: string): readonly [number, number, number] {
  const match = versionPattern.exec(version);
  if (match === null) return [-1, 0, 0];
  const stability = match[2] === undefined ? 2 : match[2] === 'beta' ? 1 : 0;
  return [stability, Number(match[1]), Number(match[3] ?? 0)];
}
