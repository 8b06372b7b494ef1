import type { Rule } from '../rule.ts';
import { perContainer } from '../shapes.ts';

export const latestImage: Rule = {
  id: 'latest-image',
  title: 'Image without a fixed tag',
  why: 'The same manifest runs another image tomorrow, and nobody can tell which one runs now.',
  severity: 'hint',
  scope: 'object',
  check: perContainer((container) => {
    const image = container.get('image');
    if (image.text === undefined || image.text.includes('@')) return undefined;
    const tag = /:([^:/]+)$/.exec(image.text)?.[1];
    if (tag !== undefined && tag !== 'latest') return undefined;
    return {
      at: image,
      message: tag === undefined ? 'The image has no tag, which means "latest"' : 'The tag "latest" does not stay the same',
    };
  }),
};
