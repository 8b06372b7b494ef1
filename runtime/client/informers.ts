import type { KubeObject } from '../api/object.ts';
import type { Clock } from '../simulation/clock.ts';
import type { Client, ResourceRef } from './client.ts';
import { createInformer, type Informer } from './informer.ts';
import { type Log, silentLog } from './log.ts';

/** The part of a resource an informer follows. */
export interface InformerScope {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** Informers shared by all components of a process: one list and one watch for each resource and scope. */
export interface Informers {
  /** The informer of a resource; started at once when the others already are. */
  for<T extends KubeObject>(ref: ResourceRef<T>, scope?: InformerScope): Informer<T>;
  /** Stops and forgets the informers of a resource that is served no more. */
  stop(ref: ResourceRef<KubeObject>): void;
  /** Starts all informers, those still to come included. */
  start(signal: AbortSignal): void;
  /** Resolves when every informer there is has its first list. */
  synced(): Promise<void>;
}

export interface InformersOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly log?: Log;
  /** See {@link createInformer}. */
  readonly freeze?: boolean;
}

interface Shared {
  readonly informer: Informer<KubeObject>;
  readonly ref: ResourceRef<KubeObject>;
  readonly stop: AbortController;
}

export function createInformers(options: InformersOptions): Informers {
  const { client, clock, log = silentLog, freeze = false } = options;
  const informers = new Map<string, Shared>();
  let running: AbortSignal | undefined;
  const start = ({ informer, stop }: Shared, signal: AbortSignal) => informer.start(AbortSignal.any([signal, stop.signal]));
  return {
    for<T extends KubeObject>(ref: ResourceRef<T>, scope: InformerScope = {}): Informer<T> {
      const id = JSON.stringify([ref.group, ref.version, ref.plural, scope.namespace, scope.labelSelector, scope.fieldSelector]);
      const known = informers.get(id);
      // The key names the resource, and the resource decides the type.
      if (known !== undefined) return known.informer as unknown as Informer<T>;
      const informer = createInformer({ client, clock, log, freeze, ref, ...scope });
      const shared = { informer: informer as unknown as Informer<KubeObject>, ref, stop: new AbortController() };
      informers.set(id, shared);
      if (running !== undefined) start(shared, running);
      return informer;
    },
    stop({ group, version, plural }) {
      for (const [id, { ref, stop }] of informers) {
        if (ref.group !== group || ref.version !== version || ref.plural !== plural) continue;
        stop.abort();
        informers.delete(id);
      }
    },
    start(signal) {
      running = signal;
      for (const shared of informers.values()) start(shared, signal);
    },
    async synced() {
      await Promise.all([...informers.values()].map(({ informer }) => informer.synced()));
    },
  };
}
