import type { Random } from '../../simulation/random.ts';
import { type AddressRange, addressRange, formatAddress, rangeHas } from './address-range.ts';

/** The IPv4 addresses that services share, of all networks that are there for them at the moment. Follows `pkg/registry/core/service/ipallocator`. */
export class AddressPool {
  private readonly cidrs: () => readonly string[];
  private readonly taken = new Set<string>();
  private readonly random: Random;

  /** `cidrs` are the networks from which addresses may be taken now. */
  constructor(cidrs: () => readonly string[], random: Random) {
    this.cidrs = cidrs;
    this.random = random;
  }

  /** Why an address cannot be taken; `undefined` after it was taken. */
  take(address: string): string | undefined {
    if (!this.ranges().some((range) => rangeHas(range, address))) return 'the provided network does not match the current range';
    return this.hold(address) ? undefined : 'provided IP is already allocated';
  }

  /** Takes any free address; `undefined` when there is none. */
  takeAny(): string | undefined {
    for (const { first, firstDynamic, last } of this.ranges()) {
      const address = this.freeBetween(firstDynamic, last) ?? this.freeBetween(first, Math.min(firstDynamic - 1, last));
      if (address !== undefined) {
        this.taken.add(address);
        return address;
      }
    }
    return undefined;
  }

  /** Takes an address whatever network it is of; false when it was taken already. */
  hold(address: string): boolean {
    if (this.taken.has(address)) return false;
    this.taken.add(address);
    return true;
  }

  free(address: string): void {
    this.taken.delete(address);
  }

  private ranges(): AddressRange[] {
    return this.cidrs().flatMap((cidr) => addressRange(cidr) ?? []);
  }

  /** A free address of these, looked for from one of them by chance on. */
  private freeBetween(first: number, last: number): string | undefined {
    const size = last - first + 1;
    if (size <= 0) return undefined;
    const start = Math.floor(this.random.next() * size);
    for (let step = 0; step < size; step++) {
      const address = formatAddress(first + ((start + step) % size));
      if (!this.taken.has(address)) return address;
    }
    return undefined;
  }
}
