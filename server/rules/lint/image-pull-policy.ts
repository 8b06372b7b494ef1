import type { Rule } from '../rule.ts';
import { lacking, perContainer } from '../shapes.ts';

export const imagePullPolicy: Rule = {
  id: 'image-pull-policy',
  title: 'Image pull policy other than Always',
  why: 'A node may go on running an image that its registry no longer hands out.',
  severity: 'off',
  scope: 'object',
  check: perContainer((container) => {
    const policy = container.get('imagePullPolicy');
    if (policy.text === 'Always') return undefined;
    return policy.exists
      ? { at: policy, message: 'The image is not pulled again', fix: { replace: 'Always' } }
      : lacking(container, 'The image is not always pulled', { add: 'imagePullPolicy: Always', to: container });
  }),
};
