import type { Pod } from '../api/generated/types/core/v1.ts';
import type { Client } from '../client/client.ts';
import type { EventRecorder } from '../client/event-recorder.ts';
import type { Log } from '../client/log.ts';
import type { ContainerRuntime, ImageService } from '../containers/cri.ts';
import type { Sockets } from '../network/sockets.ts';
import type { Clock } from '../simulation/clock.ts';
import type { VolumeManager } from '../volumes/volume-manager.ts';
import type { Rejection } from './admission.ts';
import type { Backoff } from './backoff.ts';
import type { ImageManager } from './images/image-manager.ts';
import type { ResizeRefusal } from './pods/allocation.ts';
import type { EnvironmentSources } from './pods/environment.ts';
import type { StatusManager } from './status-manager.ts';

/** What the workers of one node share. */
export interface NodeContext {
  readonly nodeName: string;
  readonly nodeAddress: string;
  readonly clock: Clock;
  readonly client: Client;
  readonly log: Log;
  readonly recorder: EventRecorder;
  readonly runtime: ContainerRuntime;
  readonly imageService: ImageService;
  readonly images: ImageManager;
  readonly sockets: Sockets;
  readonly volumes: VolumeManager;
  readonly statuses: StatusManager;
  readonly environment: EnvironmentSources;
  /** Of containers that end: keys are `<pod uid>_<container>`. */
  readonly crashBackoff: Backoff;
  /** Whether the node takes the pod; undefined: yes. */
  admit(pod: Pod): Rejection | undefined;
  /** Why the node cannot give a pod that runs what it asks for by now; undefined: it can. */
  refusesResize(pod: Pod): ResizeRefusal | undefined;
  /** Looks again at the pods that ask for something else than they were given: there may be room for it. */
  retryResizes(): void;
  /** Has the next {@link NodeContext.admit} judge by the node as the API has it now. Throws what the API answers. */
  fetchNode(): Promise<void>;
}
