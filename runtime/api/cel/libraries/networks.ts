import {
  addressError,
  type Cidr,
  cidrContains,
  cidrContainsIp,
  formatCidr,
  formatIp,
  isMapped,
  parseCidr,
  parseIp,
  prefixError,
} from '../../names/index.ts';
import { type CelType, cidrType, ipType } from '../check/types.ts';
import { costSize, Failure, Opaque, type Value } from '../evaluate/values.ts';
import { rewriting, scan, scanning } from './costs.ts';
import { bool, type CallCost, type FunctionForm, fn, int, method, opaque, string } from './form.ts';

class CelIp extends Opaque {
  readonly type: CelType = ipType;
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    super();
    this.bytes = bytes;
  }

  get text(): string {
    return formatIp(this.bytes);
  }

  get family(): bigint {
    return this.bytes.length === 4 ? 4n : 6n;
  }

  get octets(): readonly number[] {
    return [...this.bytes];
  }

  override get size(): number {
    return this.bytes.length;
  }

  equals(other: Opaque): boolean {
    return other instanceof CelIp && this.text === other.text;
  }
}

class CelCidr extends Opaque {
  readonly type: CelType = cidrType;
  readonly cidr: Cidr;

  constructor(cidr: Cidr) {
    super();
    this.cidr = cidr;
  }

  get text(): string {
    return `${formatIp(this.cidr.address)}/${this.cidr.prefixLength}`;
  }

  override get size(): number {
    return Math.ceil(this.cidr.prefixLength / 8);
  }

  equals(other: Opaque): boolean {
    return other instanceof CelCidr && this.text === other.text;
  }
}

/** Neither a zone nor an address of IPv4 in one of IPv6 is taken. */
function readIp(text: string): CelIp | Failure {
  const shown = JSON.stringify(text);
  const wrong = addressError(text);
  if (wrong !== undefined) return new Failure(`IP Address ${shown} parse error during conversion from string: ${wrong}`);
  const bytes = parseIp(text);
  if (bytes === undefined) return new Failure(`IP address ${shown} with zone value is not allowed`);
  return isMapped(bytes) ? new Failure(`IPv4-mapped IPv6 address ${shown} is not allowed`) : new CelIp(bytes);
}

const noNetwork = 'network address parse error during conversion from string';

function readCidr(text: string): CelCidr | Failure {
  const cidr = parseCidr(text);
  if (cidr === undefined) return new Failure(`${noNetwork}: ${noNetwork}: ${prefixError(text) ?? ''}`);
  return isMapped(cidr.address)
    ? new Failure(`${noNetwork}: IPv4-mapped IPv6 address ${JSON.stringify(text)} is not allowed`)
    : new CelCidr(cidr);
}

function isCanonical(text: string): Value {
  const address = readIp(text);
  return address instanceof Failure ? address : address.text === text;
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

/** The network without the bits of a host. */
function masked({ cidr }: CelCidr): Value {
  return readCidr(formatCidr(cidr));
}

function holdsIp({ cidr }: CelCidr, address: CelIp | Failure): Value {
  return address instanceof Failure ? address : cidrContainsIp(cidr, address.bytes);
}

function holdsCidr({ cidr }: CelCidr, inner: CelCidr | Failure): Value {
  return inner instanceof Failure ? inner : cidrContains(cidr, inner.cidr);
}

/** Both are looked at as far as the network's own bits go. */
const comparingBits: CallCost = (network) => scan(2 * costSize(network));
const comparingNetworks: CallCost = (network) => scan(2 * costSize(network)) + scan(costSize(network)) + 1;

/** What is written as a text is read first. */
function readingAlso(cost: CallCost): CallCost {
  return (network, text) => cost(network) + scan(costSize(text));
}

const ip = opaque(ipType, CelIp);
const cidr = opaque(cidrType, CelCidr);
const scans = { cost: scanning };
const nominal = { cost: () => 1 };

/** `k8s.io/apiserver/pkg/cel/library` ip and cidr. */
export const networks: readonly FunctionForm[] = [
  fn('ip', [string], ip, readIp, scans),
  fn('ip.isCanonical', [string], bool, isCanonical, { cost: rewriting }),
  fn('isIP', [string], bool, (text) => readIp(text) instanceof CelIp, scans),
  fn('string', [ip], string, ({ text }) => text),
  method('family', [ip], int, ({ family }) => family, nominal),
  method('isUnspecified', [ip], bool, isUnspecified, nominal),
  method('isLoopback', [ip], bool, isLoopback, nominal),
  method('isLinkLocalMulticast', [ip], bool, isLinkLocalMulticast, nominal),
  method('isLinkLocalUnicast', [ip], bool, isLinkLocalUnicast, nominal),
  method('isGlobalUnicast', [ip], bool, isGlobalUnicast, nominal),
  fn('cidr', [string], cidr, readCidr, scans),
  fn('isCIDR', [string], bool, (text) => readCidr(text) instanceof CelCidr, scans),
  fn('string', [cidr], string, ({ text }) => text),
  method('containsIP', [cidr, string], bool, (outer, inner) => holdsIp(outer, readIp(inner)), { cost: readingAlso(comparingBits) }),
  method('containsIP', [cidr, ip], bool, holdsIp, { cost: comparingBits }),
  method('containsCIDR', [cidr, string], bool, (outer, inner) => holdsCidr(outer, readCidr(inner)), {
    cost: readingAlso(comparingNetworks),
  }),
  method('containsCIDR', [cidr, cidr], bool, holdsCidr, { cost: comparingNetworks }),
  method('ip', [cidr], ip, (network) => new CelIp(network.cidr.address), nominal),
  method('prefixLength', [cidr], int, (network) => BigInt(network.cidr.prefixLength), nominal),
  method('masked', [cidr], cidr, masked, nominal),
];
