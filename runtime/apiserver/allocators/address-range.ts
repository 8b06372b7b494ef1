import { parseCidr, parseIp } from '../../api/names/index.ts';

/** The part of a network below which addresses are given only to those who name them, as long as there are others. */
const band = { least: 16, most: 256, part: 16 };

/** The IPv4 addresses of a network that services may have: the first of the network and the last are never given. Addresses are numbers here. */
export interface AddressRange {
  readonly first: number;
  /** The first that is given to those who name none, unless all from here on are taken. */
  readonly firstDynamic: number;
  readonly last: number;
}

/** The range of a network; nothing for a network of another family. */
export function addressRange(cidr: string): AddressRange | undefined {
  const network = parseCidr(cidr);
  if (network?.family !== 'IPv4') return undefined;
  const size = 2 ** (32 - network.prefixLength);
  const address = numberOf(network.address);
  const base = address - (address % size);
  const offset = size <= band.least ? 0 : Math.min(Math.max(Math.floor(size / band.part), band.least), band.most);
  return { first: base + 1, firstDynamic: base + 1 + offset, last: base + size - 2 };
}

/** Whether an address, as text, lies in the range. */
export function rangeHas({ first, last }: AddressRange, address: string): boolean {
  const bytes = parseIp(address);
  if (bytes?.length !== 4) return false;
  const number = numberOf(bytes);
  return number >= first && number <= last;
}

/** An address as text. */
export function formatAddress(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}

function numberOf(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}
