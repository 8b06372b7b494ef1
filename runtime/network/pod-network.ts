import { createAddressPool } from './address-pool.ts';
import type { PodNetwork } from './cni.ts';

/** The pod network of one node: every sandbox gets an address of the node's range. */
export function createPodNetwork(podCIDR: string): PodNetwork {
  const pool = createAddressPool(podCIDR);
  const addresses = new Map<string, string>();
  return {
    async add({ containerId }) {
      let address = addresses.get(containerId);
      if (address === undefined) {
        address = pool.take();
        addresses.set(containerId, address);
      }
      return { ips: [address] };
    },
    async del({ containerId }) {
      const address = addresses.get(containerId);
      if (address === undefined) return;
      addresses.delete(containerId);
      pool.give(address);
    },
  };
}
