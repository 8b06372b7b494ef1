/** IP addresses and networks as Go's `netip` reads them: no leading zeros, no ports. */

export type IpFamily = 'IPv4' | 'IPv6';

/** An address as its 4 or 16 bytes, or nothing when the text is none. */
export function parseIp(text: string): Uint8Array | undefined {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

/** Which family an address belongs to, or nothing when the text is no address. An IPv4 address mapped into IPv6 counts as IPv4, as upstream. */
export function ipFamilyOf(text: string): IpFamily | undefined {
  const bytes = parseIp(text);
  if (bytes === undefined) return undefined;
  return bytes.length === 4 || isMapped(bytes) ? 'IPv4' : 'IPv6';
}

const decimal = /^(0|[1-9][0-9]{0,2})$/;

function parseIpv4(text: string): Uint8Array | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  const bytes = new Uint8Array(4);
  for (let index = 0; index < 4; index++) {
    const part = parts[index] ?? '';
    if (!decimal.test(part) || Number(part) > 255) return undefined;
    bytes[index] = Number(part);
  }
  return bytes;
}

const hexadecimal = /^[0-9a-fA-F]{1,4}$/;

function parseIpv6(text: string): Uint8Array | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = groupsOf(halves[0] ?? '', halves.length === 1);
  const tail = halves.length === 2 ? groupsOf(halves[1] ?? '', true) : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const bytes = new Uint8Array(16);
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail];
  groups.forEach((group, index) => {
    bytes[index * 2] = group >> 8;
    bytes[index * 2 + 1] = group & 0xff;
  });
  return bytes;
}

function groupsOf(text: string, last: boolean): number[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const groups: number[] = [];
  for (const [index, part] of parts.entries()) {
    if (last && index === parts.length - 1 && part.includes('.')) {
      const four = parseIpv4(part);
      if (four === undefined) return undefined;
      groups.push(((four[0] ?? 0) << 8) | (four[1] ?? 0), ((four[2] ?? 0) << 8) | (four[3] ?? 0));
    } else if (hexadecimal.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}

function isMapped(bytes: Uint8Array): boolean {
  return bytes.length === 16 && bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
}

export interface Cidr {
  /** The address as written, bits after the prefix included. */
  readonly address: Uint8Array;
  readonly prefixLength: number;
  readonly family: IpFamily;
}

/** A network such as `10.0.0.0/8`, or nothing when the text is none. */
export function parseCidr(text: string): Cidr | undefined {
  const slash = text.indexOf('/');
  if (slash < 0) return undefined;
  const address = parseIp(text.slice(0, slash));
  const length = text.slice(slash + 1);
  if (address === undefined || !decimal.test(length) || Number(length) > address.length * 8) return undefined;
  return {
    address,
    prefixLength: Number(length),
    family: address.length === 4 ? 'IPv4' : 'IPv6',
  };
}

/** Whether every address of the inner network lies in the outer one. */
export function cidrContains(outer: Cidr, inner: Cidr): boolean {
  if (outer.address.length !== inner.address.length || inner.prefixLength < outer.prefixLength) return false;
  return sameBits(outer.address, inner.address, outer.prefixLength);
}

/** Whether an address lies in a network. */
export function cidrContainsIp(cidr: Cidr, ip: Uint8Array): boolean {
  return cidr.address.length === ip.length && sameBits(cidr.address, ip, cidr.prefixLength);
}

/** Whether two texts are the same network, however written. */
export function sameCidr(left: Cidr, right: Cidr): boolean {
  return left.prefixLength === right.prefixLength && cidrContains(left, right);
}

function sameBits(left: Uint8Array, right: Uint8Array, bits: number): boolean {
  for (let index = 0; index * 8 < bits; index++) {
    const remaining = Math.min(8, bits - index * 8);
    const mask = (0xff << (8 - remaining)) & 0xff;
    if (((left[index] ?? 0) & mask) !== ((right[index] ?? 0) & mask)) return false;
  }
  return true;
}

export const ipMessage = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';
export const cidrMessage = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';

/** Whether an address is one that no endpoint may have, with upstream's words for why. */
export function specialIpProblems(text: string): readonly string[] {
  const bytes = parseIp(text);
  if (bytes === undefined) return [ipMessage];
  const four = bytes.length === 4 ? bytes : isMapped(bytes) ? bytes.subarray(12) : undefined;
  const problems: string[] = [];
  if (bytes.every((byte) => byte === 0)) problems.push(`may not be unspecified (${text})`);
  if (four !== undefined) {
    if (four[0] === 127) problems.push('may not be in the loopback range (127.0.0.0/8, ::1/128)');
    if (four[0] === 169 && four[1] === 254) problems.push('may not be in the link-local range (169.254.0.0/16, fe80::/10)');
    if (four[0] === 224 && four[1] === 0 && four[2] === 0)
      problems.push('may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)');
  } else {
    if (bytes.subarray(0, 15).every((byte) => byte === 0) && bytes[15] === 1)
      problems.push('may not be in the loopback range (127.0.0.0/8, ::1/128)');
    if (bytes[0] === 0xfe && ((bytes[1] ?? 0) & 0xc0) === 0x80)
      problems.push('may not be in the link-local range (169.254.0.0/16, fe80::/10)');
    if (bytes[0] === 0xff && ((bytes[1] ?? 0) & 0x0f) === 0x02)
      problems.push('may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)');
  }
  return problems;
}
