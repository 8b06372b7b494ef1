import { BlockList, isIP } from 'node:net';
import type { Route } from '../../../apiserver/services/network.ts';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Where something listens on this machine. */
export interface LocalAddress {
  readonly address: string;
  readonly port: number;
}

/**
 * Where a route ends, or a URL where there is none. Who configures the cluster must not make it call anything beyond this machine, so no name but
 * `localhost` is looked up. Throws for any other place; `what` says what is called.
 */
export function localAddress(url: URL, route: Extract<Route, { host: string }> | undefined, what: string): LocalAddress {
  const target = route?.host ?? hostOf(url);
  if (!isLoopback(target)) throw new Error(`${target} is not on this machine: ${what} are called on loopback addresses only`);
  return { address: target === 'localhost' ? '127.0.0.1' : target, port: route?.port ?? Number(url.port || 443) };
}

/** A URL's host without the brackets of IPv6. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

function isLoopback(host: string): boolean {
  const family = isIP(host);
  return family === 0 ? host === 'localhost' : loopback.check(host, family === 4 ? 'ipv4' : 'ipv6');
}
