import type { AddressPool } from '../../allocators/address-pool.ts';
import type { Strategy } from '../strategy.ts';

/** Whoever makes an IPAddress takes that address, so that no service gets it, and gives it back by deleting it. */
export function ipAddressStrategy(addresses: AddressPool): Strategy {
  return {
    namesAreGiven: true,
    reserve({ metadata: { name = '' } }, old) {
      if (old !== undefined || !addresses.hold(name)) return undefined;
      return { keep: () => undefined, undo: () => addresses.free(name) };
    },
    released: ({ metadata: { name = '' } }) => addresses.free(name),
  };
}
