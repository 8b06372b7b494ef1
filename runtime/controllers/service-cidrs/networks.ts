import type { IPAddress, ServiceCIDR } from '../../api/generated/types/networking/v1.ts';
import { type Cidr, cidrContains, cidrContainsIp, parseCidr, parseIp } from '../../api/names/index.ts';
import { nameOf } from '../../client/object-key.ts';

/** The networks of a range. */
export function networksOf({ spec }: ServiceCIDR): Cidr[] {
  return (spec?.cidrs ?? []).flatMap((cidr) => parseCidr(cidr) ?? []);
}

/** Whether a service may have the address out of the range: that of the network itself and the last of an IPv4 network are nobody's. */
export function rangeContains(range: ServiceCIDR, address: string): boolean {
  const bytes = parseIp(address);
  return bytes !== undefined && networksOf(range).some((network) => cidrContainsIp(network, bytes) && !isReserved(network, bytes));
}

/** The ranges out of which the address may be. */
export function rangesOf(ranges: readonly ServiceCIDR[], address: IPAddress): ServiceCIDR[] {
  return ranges.filter((range) => rangeContains(range, nameOf(address)));
}

/** Whether a network of the range holds the whole of this one. */
export function rangeHolds(range: ServiceCIDR, network: Cidr): boolean {
  return networksOf(range).some((each) => cidrContains(each, network));
}

/** Whether ranges have addresses in common. */
export function overlap(left: ServiceCIDR, right: ServiceCIDR): boolean {
  return networksOf(left).some((one) => networksOf(right).some((other) => cidrContains(one, other) || cidrContains(other, one)));
}

function isReserved({ family, prefixLength }: Cidr, address: Uint8Array): boolean {
  const bits = [...address].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const host = bits.slice(prefixLength);
  return /^0*$/.test(host) || (family === 'IPv4' && /^1*$/.test(host));
}
