import type { Rule } from '../rule.ts';
import { perContainer } from '../shapes.ts';

export const imageDigest: Rule = {
  id: 'image-digest',
  title: 'Image without a digest',
  why: 'A tag can be moved to another image; a digest cannot.',
  severity: 'off',
  scope: 'object',
  check: perContainer((container) => {
    const image = container.get('image');
    return image.text === undefined || image.text.includes('@sha256:')
      ? undefined
      : { at: image, message: 'The image is not pinned by its digest' };
  }),
};
