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

export function createInformers(options: InformersOptions): Informers {
  const { client, clock, log = silentLog, freeze = false } = options;
  const informers = new Map<string, Informer<KubeObject>>();
  let running: AbortSignal | undefined;
  return {
    for<T extends KubeObject>(ref: ResourceRef<T>, scope: InformerScope = {}): Informer<T> {
      const id = JSON.stringify([ref.group, ref.version, ref.plural, scope.namespace, scope.labelSelector, scope.fieldSelector]);
      const known = informers.get(id);
      // The key names the resource, and the resource decides the type.
      if (known !== undefined) return known as unknown as Informer<T>;
      const informer = createInformer({ client, clock, log, freeze, ref, ...scope });
      informers.set(id, informer as unknown as Informer<KubeObject>);
      if (running !== undefined) informer.start(running);
      return informer;
    },
    start(signal) {
      running = signal;
      for (const informer of informers.values()) informer.start(signal);
    },
    async synced() {
      await Promise.all([...informers.values()].map((informer) => informer.synced()));
    },
  };
}
