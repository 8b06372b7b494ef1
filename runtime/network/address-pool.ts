/** Addresses of one IPv4 range, handed out in turn like CNI's host-local plugin: a freed address comes back last. */
export interface AddressPool {
  /** @throws Error when the range is used up. */
  take(): string;
  give(address: string): void;
}

/** Makes a pool over `10.244.1.0/24`; the network's own, the gateway's and the broadcast address are never handed out. */
export function createAddressPool(cidr: string): AddressPool {
  const [base = '', bits = ''] = cidr.split('/');
  const prefix = Number(bits);
  const first = toNumber(base);
  if (!Number.isInteger(prefix) || prefix < 8 || prefix > 30) throw new Error(`invalid CIDR address: ${cidr}`);
  const start = first + 2;
  const end = first + 2 ** (32 - prefix) - 2;
  const used = new Set<number>();
  let next = start;
  return {
    take() {
      for (let tried = start; tried <= end; tried++) {
        const address = next;
        next = next === end ? start : next + 1;
        if (used.has(address)) continue;
        used.add(address);
        return toText(address);
      }
      throw new Error(`failed to allocate for range 0: no IP addresses available in range set: ${toText(first + 1)}-${toText(end)}`);
    },
    give(address) {
      used.delete(toNumber(address));
    },
  };
}

function toNumber(address: string): number {
  const parts = address.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)) {
    throw new Error(`invalid CIDR address: ${address}`);
  }
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

function toText(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}
