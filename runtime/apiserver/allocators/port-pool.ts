import type { Random } from '../../simulation/random.ts';

const randomTries = 16;
const minBand = 16;
const maxBand = 128;

/** The ports that services open on every node. */
export class PortPool {
  readonly first: number;
  readonly last: number;
  /** Ports below this one are given only to those who name them, as long as there are others: upstream's static band. */
  private readonly firstDynamic: number;
  private readonly taken = new Set<number>();
  private readonly random: Random;

  constructor(first: number, last: number, random: Random) {
    this.first = first;
    this.last = last;
    const size = last - first + 1;
    this.firstDynamic = first + (size <= minBand ? 0 : Math.min(Math.max(minBand, Math.floor(size / 32)), maxBand));
    this.random = random;
  }

  /** Why a port cannot be taken; `undefined` after it was taken. */
  take(port: number): string | undefined {
    if (port < this.first || port > this.last) {
      return `provided port is not in the valid range. The range of valid ports is ${this.first}-${this.last}`;
    }
    if (this.taken.has(port)) return 'provided port is already allocated';
    this.taken.add(port);
    return undefined;
  }

  /** Takes any free port; `undefined` when there is none. */
  takeAny(): number | undefined {
    const size = this.last - this.firstDynamic + 1;
    for (let attempt = 0; attempt < randomTries; attempt++) {
      const port = this.firstDynamic + Math.floor(this.random.next() * size);
      if (this.take(port) === undefined) return port;
    }
    for (let port = this.firstDynamic; port <= this.last; port++) if (this.take(port) === undefined) return port;
    for (let port = this.first; port < this.firstDynamic; port++) if (this.take(port) === undefined) return port;
    return undefined;
  }

  free(port: number): void {
    this.taken.delete(port);
  }
}
