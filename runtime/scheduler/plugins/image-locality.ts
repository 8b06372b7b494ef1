import type { Pod } from '../../api/generated/types/core/v1.ts';
import type { NodeInfo } from '../framework/node-info.ts';
import { maxScore, type Plugin } from '../framework/plugin.ts';

const mebibyte = 1024 * 1024;
/** Images that are together smaller than this are pulled soon enough anywhere. */
const smallest = 23 * mebibyte;
/** What is larger than this for each container makes no difference any more. */
const largestPerContainer = 1000 * mebibyte;

/** Prefers nodes that already have the pod's large images; an image on few nodes counts less, so that not all pods gather there. */
export const imageLocality: Plugin = {
  name: 'ImageLocality',
  score(pod, nodes) {
    const images = imagesOf(pod);
    const spread = new Map(images.map((image) => [image, nodes.filter((node) => sizeOn(node, image) > 0).length / nodes.length]));
    if (![...spread.values()].some((part) => part > 0)) return undefined;
    const largest = largestPerContainer * images.length;
    return {
      score(node) {
        const sum = images.reduce((total, image) => total + Math.floor(sizeOn(node, image) * (spread.get(image) ?? 0)), 0);
        return Math.trunc((maxScore * (Math.min(Math.max(sum, smallest), largest) - smallest)) / (largest - smallest));
      },
    };
  },
};

/** The images of all containers, as nodes write them. */
function imagesOf({ spec }: Pod): string[] {
  return [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].map(({ image = '' }) =>
    image.lastIndexOf(':') <= image.lastIndexOf('/') ? `${image}:latest` : image,
  );
}

function sizeOn({ node }: NodeInfo, image: string): number {
  return node.status?.images?.find(({ names }) => names?.includes(image))?.sizeBytes ?? 0;
}
