import type { Node } from '../../api/generated/types/core/v1.ts';
import type { Client } from '../../client/client.ts';
import { createInformer } from '../../client/informer.ts';
import type { Log } from '../../client/log.ts';
import { nodes } from '../../client/resources.ts';
import type { Clock } from '../../simulation/clock.ts';

/** The node's own object as the API has it, after `GetNode` and `getNodeAnyWay` of the kubelet. */
export interface OwnNode {
  /** What was heard of it last; undefined when it is not known, or was deleted. */
  latest(): Node | undefined;
  /** Asks the API for it now, for what others may have heard of it before this node has. Throws what the API answers. */
  fetch(): Promise<void>;
  /** Follows it until `signal` aborts; resolves when it is known. */
  follow(signal: AbortSignal): Promise<void>;
}

export interface OwnNodeOptions {
  readonly name: string;
  readonly client: Client;
  readonly clock: Clock;
  readonly log: Log;
}

export function createOwnNode({ name, client, clock, log }: OwnNodeOptions): OwnNode {
  // A node may read itself alone, so this informer is not shared.
  const informer = createInformer({ client, clock, log, ref: nodes, fieldSelector: `metadata.name=${name}` });
  let latest: Node | undefined;
  const learn = (node: Node) => {
    // An event may tell of a state that is older than the one that was fetched.
    if (latest === undefined || revisionOf(node) > revisionOf(latest)) latest = node;
  };
  informer.on({
    added: learn,
    updated: learn,
    deleted: () => {
      latest = undefined;
    },
  });
  return {
    latest: () => latest,
    async fetch() {
      learn(await client.resource(nodes).get(name));
    },
    async follow(signal) {
      informer.start(signal);
      await informer.synced();
    },
  };
}

function revisionOf({ metadata }: Node): number {
  return Number(metadata?.resourceVersion ?? 0);
}
