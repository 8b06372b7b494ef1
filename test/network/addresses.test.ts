import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createAddressPool } from '../../runtime/network/address-pool.ts';

it('never hands out an address twice, and all of a range before it gives up', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), (steps) => {
      const pool = createAddressPool('10.244.3.0/28');
      const held: string[] = [];
      for (const step of steps) {
        if (step > 8 && held.length > 0) pool.give(held.splice(step % held.length, 1)[0] ?? '');
        else if (held.length < 13) {
          const address = pool.take();
          expect(held).not.toContain(address);
          expect(address).toMatch(/^10\.244\.3\.([2-9]|1[0-4])$/);
          held.push(address);
        } else expect(() => pool.take()).toThrow('no IP addresses available in range set: 10.244.3.1-10.244.3.14');
      }
    }),
  );
});
