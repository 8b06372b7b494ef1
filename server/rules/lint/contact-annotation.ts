import type { Rule } from '../rule.ts';
import { lasting, objectLacks, perObject } from '../shapes.ts';

export const contactAnnotation: Rule = {
  id: 'contact-annotation',
  title: 'Workload without an address to write to',
  why: 'When it fails nobody knows whom to ask.',
  severity: 'off',
  house: true,
  scope: 'object',
  check: perObject(lasting, (object) => {
    const address = object.get('metadata', 'annotations', 'email');
    if (/^[\w.+-]+@[\w-]+\.[\w.-]+$/.test(address.text ?? '')) return [];
    return [
      address.exists
        ? { at: address, message: 'The annotation email is no address' }
        : objectLacks(object, 'The annotation email is missing'),
    ];
  }),
};
