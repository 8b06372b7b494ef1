import { type V1Pod, type V1PodSpec, Watch } from '@kubernetes/client-node';
import { expect, it } from 'vitest';
import { config, core, eventually, type Json } from './cluster.ts';

/** One notification of a watch. */
export interface Notification {
  readonly type: string;
  readonly object: Json;
}

/** A watch that is open. */
export interface Watching {
  /** What has arrived so far. */
  readonly seen: readonly Notification[];
  /** Waits until the types, with whatever `of` takes from each object, have arrived in this order and nothing else. */
  expect(wanted: readonly string[], of?: (object: Json) => string): Promise<void>;
  close(): void;
}

let counter = 0;
const run = Math.floor(Math.random() * 36 ** 5).toString(36);

/** What one behaviour makes in the cluster; all of it is gone afterwards. */
export class Scope {
  readonly #ends: (() => Promise<unknown> | undefined)[] = [];

  /** A name that no other behaviour and no other run uses. */
  unique(prefix: string): string {
    counter += 1;
    return `${prefix}-${run}-${process.pid.toString(36)}-${counter}`;
  }

  /** Does this at the end, and does not mind when it fails. */
  finally(end: () => Promise<unknown> | undefined): void {
    this.#ends.push(end);
  }

  /** A namespace of the behaviour's own, with its default service account. */
  async namespace(labels: Record<string, string> = {}): Promise<string> {
    const name = this.unique('conformance');
    await core.createNamespace({ body: { metadata: { name, labels: { ...labels, 'kubeside.io/conformance': run } } } });
    this.finally(() => core.deleteNamespace({ name }));
    await eventually('the default service account', async () => {
      const list = await core.listNamespacedServiceAccount({ namespace: name });
      return list.items.some((account) => account.metadata?.name === 'default');
    });
    return name;
  }

  /** Watches below a path. */
  async watch(path: string, parameters: Record<string, string | number | boolean> = {}): Promise<Watching> {
    const seen: Notification[] = [];
    const controller = await new Watch(config).watch(
      path,
      parameters,
      (type, object) => seen.push({ type, object: object as Json }),
      () => undefined,
    );
    const close = () => controller.abort();
    this.finally(async () => close());
    return {
      seen,
      close,
      async expect(wanted, of) {
        const told = () => seen.map(({ type, object }) => (of === undefined ? type : `${type} ${of(object)}`));
        await eventually(`${wanted.length} notifications`, async () => seen.length >= wanted.length, 15).catch(() => undefined);
        expect(told()).toEqual(wanted);
      },
    };
  }

  async end(): Promise<void> {
    for (const end of this.#ends.reverse()) await Promise.resolve(end()).catch(() => undefined);
  }
}

/**
 * One conformance behaviour, under upstream's name, or under one that begins with `own:`; behaviours of a file run at the same time.
 * `seconds` is how long it may take, when that is more than usual.
 */
export function behaviour(name: string, prove: (scope: Scope) => Promise<void>, seconds = 60): void {
  const run = async () => {
    const scope = new Scope();
    try {
      await prove(scope);
    } finally {
      await scope.end();
    }
  };
  it.concurrent(name, run, seconds * 1000);
}

/** A pod of an image that keeps running. */
export function pausePod(name: string, labels: Record<string, string> = {}, spec: Partial<V1PodSpec> = {}): V1Pod {
  return {
    metadata: { name, labels },
    spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'pause', image: 'registry.k8s.io/pause:3.10.1' }], ...spec },
  };
}

/** Waits until a pod is ready. */
export async function ready(namespace: string, name: string): Promise<V1Pod> {
  return await eventually(`pod ${name} is ready`, async () => {
    const pod = await core.readNamespacedPod({ namespace, name });
    return pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ? pod : undefined;
  });
}
