import type { Definitions } from '../../runtime/api/kinds/schema.ts';
import { definitionsOf } from './derive.ts';
import { compareReleases, newest, releases } from './history.ts';

/** The release of Kubernetes that manifests are written for: what the setting says, else the connected cluster's, else the newest. */
export class ChosenVersion {
  #setting: string | undefined;
  #cluster: string | undefined;
  #generation = 0;
  #derived: { release: string; current: Definitions; definitions: Definitions } | undefined;

  /** `1.36` */
  get release(): string {
    return this.#setting === undefined ? (this.#cluster ?? newest) : this.#setting;
  }

  /** Goes up whenever another release is chosen. */
  get generation(): number {
    return this.#generation;
  }

  /**
   * Takes in the value of `kubeside.kubernetesVersion`: a release, in whatever form people write one (`1.33`, `v1.33.4`, `v1.33.4+k3s1`), `newest` or
   * `cluster`; anything else is `cluster`.
   */
  choose(setting: unknown): void {
    // Without quotes 1.30 is the number 1.3.
    const written = typeof setting === 'number' ? setting.toFixed(2) : String(setting).trim();
    const named = /^v?(1\.\d+)(?:[.+-]|$)/.exec(written)?.[1];
    const release = setting === 'newest' ? newest : releases.releases.find((known) => known === named);
    this.#change(() => {
      this.#setting = release;
    });
  }

  /** Takes in what a cluster calls its version, `v1.33.4-gke.100`; undefined when none is connected. A release that is not known here stands for its nearest. */
  connect(gitVersion: string | undefined): void {
    const release = /^v?(1\.\d+)/.exec(gitVersion ?? '')?.[1];
    this.#change(() => {
      this.#cluster = release === undefined ? undefined : nearestRelease(release);
    });
  }

  /** The definitions of the release. */
  definitions(current: Definitions): Definitions {
    const { release } = this;
    if (this.#derived?.release !== release || this.#derived.current !== current) {
      this.#derived = { release, current, definitions: definitionsOf(release, current) };
    }
    return this.#derived.definitions;
  }

  #change(make: () => void): void {
    const before = this.release;
    make();
    if (this.release !== before) this.#generation++;
  }
}

function nearestRelease(release: string): string {
  const [oldest = newest] = releases.releases;
  return compareReleases(release, oldest) < 0 ? oldest : compareReleases(release, newest) > 0 ? newest : release;
}
