import type { Random } from '../../simulation/random.ts';
import { type AddressRange, addressRange, formatAddress, rangeHas } from './address-range.ts';

/** Where a service gets its address. */
export interface AddressSource {
  /** Why an address cannot be taken; `undefined` after it was taken. */
  take(address: string): string | undefined;
  /** Takes any free address; `undefined` when there is none. */
  takeAny(): string | undefined;
  free(address: string): void;
}

/** The IPv4 addresses that services share, of all networks that are there for them at the moment. Follows `pkg/registry/core/service/ipallocator`. */
export class AddressPool implements AddressSource {
  private readonly cidrs: () => readonly string[];
  private readonly taken = new Set<string>();
  private readonly random: Random;

  /** `cidrs` are the networks from which addresses may be taken now. */
  constructor(cidrs: () => readonly string[], random: Random) {
    this.cidrs = cidrs;
    this.random = random;
  }

  take(address: string): string | undefined {
    if (!this.ranges().some((range) => rangeHas(range, address))) return 'the provided network does not match the current range';
    return this.hold(address) ? undefined : 'provided IP is already allocated';
  }

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

  /**
   * What a dry run gets: the address of the first network itself, which is nobody's, and what it asks for if it is of that network, whoever has it.
   * Follows upstream's `dryRunAllocator`.
   */
  dry(): AddressSource {
    const cidr = this.cidrs().find((each) => addressRange(each) !== undefined);
    const range = cidr === undefined ? undefined : addressRange(cidr);
    return {
      take(address) {
        if (range === undefined) return 'allocator not ready';
        return rangeHas(range, address)
          ? undefined
          : `the provided IP (${address}) is not in the valid range. The range of valid IPs is ${cidr}`;
      },
      takeAny: () => range && formatAddress(range.first - 1),
      free: () => {},
    };
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
