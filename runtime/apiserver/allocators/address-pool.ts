import { type Cidr, cidrContainsIp, parseCidr, parseIp } from '../../api/names/index.ts';
import type { Random } from '../../simulation/random.ts';

/** Tries at random before the pool is searched in order. */
const randomTries = 16;

/** The IPv4 addresses of the service network. The first of the network and the last are never given. */
export class AddressPool {
  readonly cidr: string;
  private readonly network: Cidr;
  private readonly base: number;
  private readonly size: number;
  /** Addresses below this offset are given only to those who name them, as upstream's static band. */
  private readonly firstDynamic: number;
  private readonly taken = new Set<string>();
  private readonly random: Random;

  /** Throws when `cidr` is no IPv4 network with room for addresses. */
  constructor(cidr: string, random: Random) {
    const network = parseCidr(cidr);
    if (network === undefined || network.family !== 'IPv4' || network.prefixLength > 30) {
      throw new Error(`${JSON.stringify(cidr)} is not a usable IPv4 service network`);
    }
    this.cidr = cidr;
    this.network = network;
    this.random = random;
    this.size = 2 ** (32 - network.prefixLength);
    this.base = network.address.reduce((sum, byte) => sum * 256 + byte, 0);
    this.base -= this.base % this.size;
    this.firstDynamic = Math.min(Math.max(16, Math.floor(this.size / 16)), 256);
    if (this.firstDynamic >= this.size - 1) this.firstDynamic = 1;
  }

  /** Why an address cannot be taken; `undefined` after it was taken. */
  take(address: string): string | undefined {
    const bytes = parseIp(address);
    if (bytes === undefined || !cidrContainsIp(this.network, bytes)) {
      return `the provided IP (${address}) is not in the valid range. The range of valid IPs is ${this.cidr}`;
    }
    if (this.taken.has(address)) return 'provided IP is already allocated';
    this.taken.add(address);
    return undefined;
  }

  /** Takes any free address; `undefined` when there is none. */
  takeAny(): string | undefined {
    const span = this.size - 1 - this.firstDynamic;
    for (let attempt = 0; attempt < randomTries; attempt++) {
      const address = this.addressAt(this.firstDynamic + Math.floor(this.random.next() * span));
      if (this.take(address) === undefined) return address;
    }
    const start = this.firstDynamic;
    for (let step = 0; step < this.size - 2; step++) {
      const offset = start + step < this.size - 1 ? start + step : start + step - (this.size - 2);
      const address = this.addressAt(offset);
      if (this.take(address) === undefined) return address;
    }
    return undefined;
  }

  free(address: string): void {
    this.taken.delete(address);
  }

  private addressAt(offset: number): string {
    const value = this.base + offset;
    return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
  }
}
