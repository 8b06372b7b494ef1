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

/** Whether an address of IPv6 stands for one of IPv4: `::ffff:10.0.0.1`. */
export function isMapped(bytes: Uint8Array): boolean {
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

function sameBits(left: Uint8Array, right: Uint8Array, bits: number): boolean {
  for (let index = 0; index * 8 < bits; index++) {
    const remaining = Math.min(8, bits - index * 8);
    const mask = (0xff << (8 - remaining)) & 0xff;
    if (((left[index] ?? 0) & mask) !== ((right[index] ?? 0) & mask)) return false;
  }
  return true;
}

const loosePart = /^[0-9]+$/;

/** Without the zeros that may lead a number of an IPv4 address in what was once accepted. */
function withoutLeadingZeros(text: string): string {
  const colon = text.lastIndexOf(':');
  const parts = text.slice(colon + 1).split('.');
  if (parts.length !== 4 || !parts.every((part) => loosePart.test(part))) return text;
  return text.slice(0, colon + 1) + parts.map((part) => part.replace(/^0+(?=[0-9])/, '')).join('.');
}

/** Why a text is no address, in upstream's words. What only used to be accepted has words of its own. */
export function ipProblems(text: string): readonly string[] {
  const bytes = parseIp(text);
  if (bytes === undefined) return [parseIp(withoutLeadingZeros(text)) === undefined ? ipMessage : 'must not have leading 0s'];
  return isMapped(bytes) ? ['must not be an IPv4-mapped IPv6 address'] : [];
}

/** As {@link ipProblems}, and the address must be written as the machine writes it. */
export function canonicalIpProblems(text: string): readonly string[] {
  const problems = ipProblems(text);
  const bytes = parseIp(text);
  if (problems.length > 0 || bytes === undefined) return problems;
  const canonical = formatIp(bytes);
  return text === canonical ? [] : [`must be in canonical form (${JSON.stringify(canonical)})`];
}

/** Why a text is no range of addresses, in upstream's words. */
export function cidrProblems(text: string): readonly string[] {
  const cidr = parseCidr(text);
  if (cidr === undefined) {
    return [parseLooseCidr(text) === undefined ? cidrMessage : 'must not have leading 0s in IP or prefix length'];
  }
  if (isMapped(cidr.address)) return ['must not have an IPv4-mapped IPv6 address'];
  return sameBits(cidr.address, networkOf(cidr), cidr.address.length * 8) ? [] : ['must not have bits set beyond the prefix length'];
}

/** A range whose numbers may have zeros in front. */
export function parseLooseCidr(text: string): Cidr | undefined {
  const slash = text.indexOf('/');
  if (slash < 0) return undefined;
  return parseCidr(`${withoutLeadingZeros(text.slice(0, slash))}/${text.slice(slash + 1).replace(/^0+(?=[0-9])/, '')}`);
}

/** As {@link cidrProblems}, and the range must be written as the machine writes it. */
export function canonicalCidrProblems(text: string): readonly string[] {
  const problems = cidrProblems(text);
  const cidr = parseCidr(text);
  if (problems.length > 0 || cidr === undefined) return problems;
  const canonical = formatCidr(cidr);
  return text === canonical ? [] : [`must be in canonical form (${JSON.stringify(canonical)})`];
}

/** Why a text is no address of an interface with the size of its network: `10.9.8.7/24`. */
export function interfaceAddressProblem(text: string): string | undefined {
  const cidr = parseLooseCidr(text);
  if (cidr === undefined) return 'must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)';
  const bits = isMapped(cidr.address) ? cidr.prefixLength - 96 : cidr.prefixLength;
  const canonical = `${formatIp(cidr.address)}/${bits}`;
  return text === canonical ? undefined : `must be in canonical form (${JSON.stringify(canonical)})`;
}

function networkOf({ address, prefixLength }: Cidr): Uint8Array {
  return address.map((byte, index) => {
    const bits = Math.min(8, Math.max(0, prefixLength - index * 8));
    return byte & ((0xff << (8 - bits)) & 0xff);
  });
}

/** A range as Go writes it: the network's first address and the number of bits. */
export function formatCidr(cidr: Cidr): string {
  return `${formatIp(networkOf(cidr))}/${cidr.prefixLength}`;
}

/** An address as Go writes it; IPv6 after RFC 5952, and what is mapped into it as IPv4. */
export function formatIp(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  if (isMapped(bytes)) return bytes.subarray(12).join('.');
  const groups = Array.from({ length: 8 }, (_, index) => (((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0)).toString(16));
  const { start, length } = longestZeros(groups);
  if (length < 2) return groups.join(':');
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`;
}

function longestZeros(groups: readonly string[]): { readonly start: number; readonly length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < groups.length; start++) {
    let end = start;
    while (groups[end] === '0') end++;
    if (end - start > best.length) best = { start, length: end - start };
  }
  return best;
}

/** What a client is warned of about an address that is accepted, but not written as it should be. */
export function ipWarnings(field: string, text: string): readonly string[] {
  const bytes = parseIp(withoutLeadingZeros(text));
  if (bytes === undefined) return [];
  const canonical = formatIp(bytes);
  if (isMapped(bytes) || parseIp(text) === undefined) {
    return [`${field}: non-standard IP address ${JSON.stringify(text)} is invalid: use ${JSON.stringify(canonical)}`];
  }
  if (bytes.length === 4 || canonical === text) return [];
  return [`${field}: IPv6 address ${JSON.stringify(text)} should be in RFC 5952 canonical format (${JSON.stringify(canonical)})`];
}

/** The same for a range of addresses. */
export function cidrWarnings(field: string, text: string): readonly string[] {
  const cidr = parseCidr(text);
  if (cidr === undefined) return [];
  const [shown, canonical] = [text, formatCidr(cidr)].map((each) => JSON.stringify(each));
  if (!sameBits(cidr.address, networkOf(cidr), cidr.address.length * 8)) {
    const single = JSON.stringify(`${formatIp(cidr.address)}/${cidr.address.length * 8}`);
    return [`${field}: CIDR value ${shown} is ambiguous in this context (should be ${canonical} or ${single}?)`];
  }
  if (isMapped(cidr.address)) return [`${field}: non-standard CIDR value ${shown} is invalid: use ${canonical}`];
  if (cidr.family === 'IPv4' || shown === canonical) return [];
  return [`${field}: IPv6 CIDR value ${shown} should be in RFC 5952 canonical format (${canonical})`];
}

export const ipMessage = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';
export const cidrMessage = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';

/** Whether an address is one that no endpoint may have, with upstream's words for why. */
export function specialIpProblems(text: string): readonly string[] {
  const bytes = parseIp(withoutLeadingZeros(text));
  if (bytes === undefined) return ['must be a valid IP address'];
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
