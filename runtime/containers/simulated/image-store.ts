import { formatImageReference, type ImageReference, parseImageReference } from '../../api/image-reference.ts';
import type { Clock } from '../../simulation/clock.ts';
import { imageProfile, pullFailure } from '../../simulation/image-profiles.ts';
import { CriError, type Image, type ImageService, type ImageSpec } from '../cri.ts';

export interface ImageStoreOptions {
  readonly clock: Clock;
  /** Factor on the times of the profiles; zero: no waiting. */
  readonly startupDelay: number;
}

/** The share of a pull that remains when the image is already there: the registry is only asked whether it changed. */
const recheckShare = 0.15;

/** The images of one node, which outlive its starts as they would on a disk. */
export interface ImageStore extends ImageService {
  /** Puts back an image that the node had before, by the names it was known under; names that are not understood are left out. */
  restore(names: readonly string[]): void;
}

/** The images of one node. They have a name, a size and an identity, and nothing in them. */
export function createImageStore({ clock, startupDelay }: ImageStoreOptions): ImageStore {
  const images = new Map<string, Image>();
  const find = (spec: ImageSpec) => images.get(formatImageReference(parseImageReference(spec.image)));
  return {
    async pullImage(spec, signal) {
      const reference = parseImageReference(spec.image);
      const name = formatImageReference(reference);
      const time = imageProfile(reference.path).pullTime * startupDelay * (images.has(name) ? recheckShare : 1);
      if (time > 0) await clock.sleep(time, signal);
      if (signal?.aborted === true) throw new Error(`failed to pull and unpack image "${name}": context canceled`);
      const failure = pullFailure(reference);
      if (failure !== undefined) throw new CriError(failure.code, failure.message);
      const known = images.get(name);
      if (known !== undefined) return known.id;
      const image = imageOf(reference);
      images.set(name, image);
      return image.id;
    },
    restore(names) {
      const references = names.flatMap((name) => {
        try {
          return [parseImageReference(name)];
        } catch {
          return [];
        }
      });
      // The digest of an image with a tag follows from its name; without one, the digest is its name.
      const tagged = references.filter(({ tag }) => tag !== undefined);
      for (const reference of tagged.length > 0 ? tagged : references) {
        const name = formatImageReference(reference);
        if (!images.has(name)) images.set(name, imageOf(reference));
      }
    },
    async imageStatus(spec) {
      return find(spec);
    },
    async listImages() {
      return [...images.values()];
    },
    async removeImage(spec) {
      images.delete(formatImageReference(parseImageReference(spec.image)));
    },
  };
}

function imageOf(reference: ImageReference): Image {
  const profile = imageProfile(reference.path);
  const digest = reference.digest ?? `sha256:${fingerprint(formatImageReference(reference))}`;
  const repository = `${reference.domain}/${reference.path}`;
  return {
    id: `sha256:${fingerprint(`config of ${digest}`)}`,
    repoTags: reference.tag === undefined ? [] : [`${repository}:${reference.tag}`],
    repoDigests: [`${repository}@${digest}`],
    size: profile.size,
    ...(profile.uid === undefined ? {} : { uid: profile.uid }),
  };
}

/** 64 hexadecimal digits that follow from the text, so that an image has the same identity on every node and in every run. */
function fingerprint(text: string): string {
  let digits = '';
  for (let part = 0; part < 8; part++) {
    let hash = 0x811c9dc5 ^ (part * 0x9e3779b1);
    for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
    digits += ((hash ^ (hash >>> 13)) >>> 0).toString(16).padStart(8, '0');
  }
  return digits;
}
