import { jsonEqual } from '../api/equality.ts';
import type { KubeObject } from '../api/object.ts';
import type { Client, ResourceRef } from '../client/client.ts';
import * as resources from '../client/resources.ts';
import { ensure } from './ensure.ts';
import { autoUpdate, flowSchemas, priorityLevels } from './flow-control.ts';

/**
 * Makes the objects of flow control that are missing, and puts back the specs of those whose annotation says so. Who wants to change one sets that
 * to `false` first. After `k8s.io/apiserver/pkg/util/flowcontrol` and `pkg/registry/flowcontrol/ensurer` of Kubernetes.
 */
export async function ensureFlowControl(client: Client): Promise<void> {
  await Promise.all([
    ...priorityLevels.map((level) => keep(client, resources.priorityLevels, level)),
    ...flowSchemas.map((schema) => keep(client, resources.flowSchemas, schema)),
  ]);
}

async function keep<T extends KubeObject & { readonly spec?: unknown }>(client: Client, ref: ResourceRef<T>, wanted: T): Promise<void> {
  const found = await ensure(client, ref, wanted);
  if (found.metadata?.annotations?.[autoUpdate] !== 'true' || isTuned(found.spec) || jsonEqual(found.spec, wanted.spec)) return;
  await client.resource(ref).update({ ...found, spec: wanted.spec });
}

/** The shares of the exempt level are the administrator's; nothing else of it can be changed. */
function isTuned(spec: unknown): boolean {
  return typeof spec === 'object' && spec !== null && 'exempt' in spec;
}
