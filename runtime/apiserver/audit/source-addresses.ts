import type { HttpHeaders } from '../../api/http.ts';
import { parseIp } from '../../api/names/index.ts';

/**
 * Where a request comes from: what proxies on the way say, the first of them first, and the other side itself, which cannot lie.
 * Upstream: `SourceIPs` of apimachinery's util/net.
 */
export function sourceAddresses(headers: HttpHeaders, remote: string | undefined): readonly string[] {
  const addresses = (headers.get('x-forwarded-for') ?? '')
    .split(',')
    .map((text) => text.trim())
    .filter(isAddress);
  const real = headers.get('x-real-ip') ?? '';
  if (isAddress(real) && !addresses.includes(real)) addresses.push(real);
  if (remote !== undefined && addresses.at(-1) !== remote) addresses.push(remote);
  return addresses;
}

function isAddress(text: string): boolean {
  return parseIp(text) !== undefined;
}
