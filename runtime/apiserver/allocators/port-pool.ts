import type { Random } from '../../simulation/random.ts';

const randomTries = 16;
const minBand = 16;
const maxBand = 128;

/** Beyond this one are the ports that a dry run gets. */
const lastRealPort = 32768;

const alreadyAllocated = 'provided port is already allocated';

/** Where a service gets its ports on nodes. */
export interface PortSource {
  /** Why a port cannot be taken; `undefined` after it was taken. */
  take(port: number): string | undefined;
  /** Takes any free port; `undefined` when there is none. */
  takeAny(): number | undefined;
  free(port: number): void;
}

/** The ports that services open on every node. */
export class PortPool implements PortSource {
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

  take(port: number): string | undefined {
    if (port < this.first || port > this.last) {
      return `provided port is not in the valid range. The range of valid ports is ${this.first}-${this.last}`;
    }
    if (this.taken.has(port)) return alreadyAllocated;
    this.taken.add(port);
    return undefined;
  }

  /**
   * What one dry run gets: what it asks for if it is nobody's, in the range or not, and else ports that no service ever has. Follows the dry runs of
   * upstream's `PortAllocationOperation`.
   */
  dry(): PortSource {
    const own: number[] = [];
    return {
      take: (port) => {
        if (this.taken.has(port) || own.includes(port)) return alreadyAllocated;
        own.push(port);
        return undefined;
      },
      takeAny() {
        const port = Math.max(...(own.length === 0 ? [lastRealPort] : own)) + 1;
        own.push(port);
        return port;
      },
      free: () => {},
    };
  }

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
