import { formatDuration } from '../../api/duration.ts';
import type { Container, Pod } from '../../api/generated/types/core/v1.ts';
import { parseImageReference } from '../../api/image-reference.ts';
import type { EventRecorder } from '../../client/event-recorder.ts';
import type { ImageService } from '../../containers/cri.ts';
import type { Clock } from '../../simulation/clock.ts';
import { Backoff } from '../backoff.ts';
import { containerPath } from '../pods/pod-names.ts';
import { StartError } from '../pods/start-error.ts';

/** Sees to it that a container's image is on the node, after `pkg/kubelet/images`. */
export interface ImageManager {
  /** @throws StartError: `ErrImagePull`, `ImagePullBackOff`, `ErrImageNeverPull`, `InvalidImageName`. */
  ensureImageExists(pod: Pod, container: Container, signal: AbortSignal): Promise<void>;
  forget(podUid: string): void;
}

export interface ImageManagerOptions {
  readonly images: ImageService;
  readonly clock: Clock;
  readonly recorder: EventRecorder;
}

const firstBackoff = 10_000;
const longestBackoff = 300_000;
/** How soon a failed pull is looked at again, to say that it is backed off from. */
const recheckTime = 1_000;

export function createImageManager({ images, clock, recorder }: ImageManagerOptions): ImageManager {
  const backoff = new Backoff(firstBackoff, longestBackoff);
  const lastErrors = new Map<string, string>();
  /** Images are pulled one at a time. */
  let tail: Promise<unknown> = Promise.resolve();

  return {
    async ensureImageExists(pod, container, signal) {
      const image = container.image ?? '';
      const path = containerPath(pod, container);
      const tell = (type: 'Normal' | 'Warning', reason: string, message: string) => recorder.event(pod, type, reason, message, path);
      let tag: string | undefined;
      try {
        tag = parseImageReference(image).tag;
      } catch (error) {
        const message = `Failed to apply default image tag ${JSON.stringify(image)}: couldn't parse image name ${JSON.stringify(image)}: ${messageOf(error)}`;
        tell('Warning', 'InspectFailed', message);
        throw new StartError('InvalidImageName', message);
      }
      const policy = container.imagePullPolicy ?? (tag === 'latest' ? 'Always' : 'IfNotPresent');
      const present = policy === 'Always' ? undefined : await images.imageStatus({ image });
      if (present !== undefined) {
        tell('Normal', 'Pulled', `Container image ${JSON.stringify(image)} already present on machine and can be accessed by the pod`);
        return;
      }
      if (policy === 'Never') {
        const message = `Container image ${JSON.stringify(image)} is not present with pull policy of Never`;
        tell('Warning', 'ErrImageNeverPull', message);
        throw new StartError('ErrImageNeverPull', message);
      }
      const key = `${pod.metadata?.uid ?? ''}_${image}`;
      const remaining = backoff.remainingSinceUpdate(key, clock.now());
      if (remaining > 0) {
        const message = `Back-off pulling image ${JSON.stringify(image)}`;
        tell('Normal', 'BackOff', message);
        throw new StartError('ImagePullBackOff', `${message}: ${lastErrors.get(key) ?? ''}`, remaining);
      }
      lastErrors.delete(key);
      tell('Normal', 'Pulling', `Pulling image ${JSON.stringify(image)}`);
      const asked = clock.now();
      let began = asked;
      const pull = tail.then(() => {
        began = clock.now();
        return images.pullImage({ image }, signal);
      });
      tail = pull.catch(() => {});
      try {
        await pull;
      } catch (error) {
        if (signal.aborted) throw error;
        tell('Warning', 'Failed', `Failed to pull image ${JSON.stringify(image)}: ${messageOf(error)}`);
        backoff.next(key, clock.now(), clock.now());
        lastErrors.set(key, `ErrImagePull: ${messageOf(error)}`);
        throw new StartError('ErrImagePull', messageOf(error), recheckTime);
      }
      const size = (await images.imageStatus({ image }))?.size ?? 0;
      const now = clock.now();
      tell(
        'Normal',
        'Pulled',
        `Successfully pulled image ${JSON.stringify(image)} in ${formatDuration(now - began)} (${formatDuration(now - asked)} including waiting). Image size: ${size} bytes.`,
      );
    },
    forget(podUid) {
      backoff.forget(`${podUid}_`);
      for (const key of lastErrors.keys()) if (key.startsWith(`${podUid}_`)) lastErrors.delete(key);
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
