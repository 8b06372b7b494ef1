import type { Environment } from '@marcbachmann/cel-js';
import { type Cidr, cidrContains, cidrContainsIp, formatCidr, formatIp, ipFamilyOf, parseCidr, parseIp } from '../../names/index.ts';

class CelIp {
  readonly text: string;
  readonly bytes: Uint8Array;
  constructor(text: string, bytes: Uint8Array) {
    this.text = text;
    this.bytes = bytes;
  }
  get family(): bigint {
    return ipFamilyOf(this.text) === 'IPv4' ? 4n : 6n;
  }
  /** The bytes that matter: the last four of an IPv4 address. */
  get octets(): readonly number[] {
    return [...(this.family === 4n ? this.bytes.slice(-4) : this.bytes)];
  }
}

class CelCidr {
  readonly text: string;
  readonly cidr: Cidr;
  constructor(text: string, cidr: Cidr) {
    this.text = text;
    this.cidr = cidr;
  }
}

function ip(text: string): CelIp {
  const bytes = parseIp(text);
  if (bytes === undefined)
    throw new Error(
      `IP Address ${JSON.stringify(text)} parse error during conversion from string: ParseAddr(${JSON.stringify(text)}): unable to parse IP`,
    );
  return new CelIp(text, bytes);
}

function cidr(text: string): CelCidr {
  const parsed = parseCidr(text);
  if (parsed === undefined)
    throw new Error(`network address parse error during conversion from string: network address ${JSON.stringify(text)}: no valid CIDR`);
  return new CelCidr(text, parsed);
}

/** The network without the bits of a host. */
function masked({ cidr: network }: CelCidr): CelCidr {
  return cidr(formatCidr(network));
}

function equalBytes(a: CelIp, b: CelIp): boolean {
  return a.family === b.family && a.octets.every((octet, index) => octet === b.octets[index]);
}

function isLoopback({ family, octets }: CelIp): boolean {
  return family === 4n ? octets[0] === 127 : octets.every((octet, index) => octet === (index === 15 ? 1 : 0));
}

function isLinkLocalUnicast({ family, octets: [first = 0, second = 0] }: CelIp): boolean {
  return family === 4n ? first === 169 && second === 254 : first === 0xfe && (second & 0xc0) === 0x80;
}

function isMulticast({ family, octets: [first = 0] }: CelIp): boolean {
  return family === 4n ? (first & 0xf0) === 0xe0 : first === 0xff;
}

function isLinkLocalMulticast({ family, octets: [first = 0, second = 0, third = 0] }: CelIp): boolean {
  return family === 4n ? first === 224 && second === 0 && third === 0 : first === 0xff && (second & 0x0f) === 2;
}

function isUnspecified({ octets }: CelIp): boolean {
  return octets.every((octet) => octet === 0);
}

function isGlobalUnicast(address: CelIp): boolean {
  const isBroadcast = address.family === 4n && address.octets.every((octet) => octet === 255);
  return !isBroadcast && !isUnspecified(address) && !isLoopback(address) && !isMulticast(address) && !isLinkLocalUnicast(address);
}

/** `k8s.io/apiserver/pkg/cel/library` ip and cidr. */
export function registerNetworks(environment: Environment): void {
  const sync = { async: false };
  const address = 'kubernetes.IP';
  const network = 'kubernetes.CIDR';
  const holds = ({ cidr: outer }: CelCidr, inner: CelCidr): boolean => cidrContains(outer, inner.cidr);
  class Addresses {}
  environment
    .registerType('IpNamespace', Addresses)
    .registerConstant('ip', 'IpNamespace', new Addresses())
    .registerFunction(
      'IpNamespace.isCanonical(string): bool',
      (_addresses: Addresses, text: string) => formatIp(ip(text).bytes) === text,
      sync,
    )
    .registerType(address, CelIp)
    .registerType(network, CelCidr)
    .registerOperator(`${address} == ${address}`, equalBytes)
    .registerOperator(`${network} == ${network}`, (a: CelCidr, b: CelCidr) => holds(a, b) && holds(b, a))
    .registerFunction(`ip(string): ${address}`, ip, sync)
    .registerFunction('isIP(string): bool', (text: string) => parseIp(text) !== undefined, sync)
    .registerFunction(`string(${address}): string`, ({ text }: CelIp) => text, sync)
    .registerFunction(`${address}.family(): int`, ({ family }: CelIp) => family, sync)
    .registerFunction(`${address}.isUnspecified(): bool`, isUnspecified, sync)
    .registerFunction(`${address}.isLoopback(): bool`, isLoopback, sync)
    .registerFunction(`${address}.isLinkLocalMulticast(): bool`, isLinkLocalMulticast, sync)
    .registerFunction(`${address}.isLinkLocalUnicast(): bool`, isLinkLocalUnicast, sync)
    .registerFunction(`${address}.isGlobalUnicast(): bool`, isGlobalUnicast, sync)
    .registerFunction(`cidr(string): ${network}`, cidr, sync)
    .registerFunction('isCIDR(string): bool', (text: string) => parseCidr(text) !== undefined, sync)
    .registerFunction(`string(${network}): string`, ({ text }: CelCidr) => text, sync)
    .registerFunction(
      `${network}.containsIP(${address}): bool`,
      (outer: CelCidr, inner: CelIp) => cidrContainsIp(outer.cidr, inner.bytes),
      sync,
    )
    .registerFunction(
      `${network}.containsIP(string): bool`,
      (outer: CelCidr, inner: string) => cidrContainsIp(outer.cidr, ip(inner).bytes),
      sync,
    )
    .registerFunction(`${network}.containsCIDR(${network}): bool`, holds, sync)
    .registerFunction(`${network}.containsCIDR(string): bool`, (outer: CelCidr, inner: string) => holds(outer, cidr(inner)), sync)
    .registerFunction(`${network}.masked(): ${network}`, masked, sync)
    .registerFunction(`${network}.ip(): ${address}`, ({ text }: CelCidr) => ip(text.split('/')[0] ?? ''), sync)
    .registerFunction(`${network}.prefixLength(): int`, ({ text }: CelCidr) => BigInt(text.split('/')[1] ?? '0'), sync);
}
