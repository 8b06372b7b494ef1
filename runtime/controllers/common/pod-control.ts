import type { Pod, PodTemplateSpec } from '../../api/generated/types/core/v1.ts';
import type { OwnerReference } from '../../api/generated/types/meta/v1.ts';
import type { KubeObject } from '../../api/object.ts';
import { ApiError, type Client, isReason } from '../../client/client.ts';
import type { EventRecorder } from '../../client/event-recorder.ts';
import { nameOf, namespaceOf } from '../../client/object-key.ts';
import { pods } from '../../client/resources.ts';

/** Makes and deletes the pods of a controller and tells of it on the controlling object. */
export interface PodControl {
  /** Makes a pod of a template under a generated name, or under `name`. Throws what the server answers. */
  create(owner: KubeObject, reference: OwnerReference, template: PodTemplateSpec | undefined, name?: string): Promise<Pod>;
  /** Deletes a pod; one that is gone already counts as a failure too (NotFound), without an event. */
  delete(owner: KubeObject, pod: Pod): Promise<void>;
}

export function createPodControl(client: Client, recorder: EventRecorder): PodControl {
  const resource = client.resource(pods);
  return {
    async create(owner, reference, template, name) {
      const pod = podFromTemplate(owner, reference, template, name);
      try {
        const created = await resource.create(pod);
        recorder.event(owner, 'Normal', 'SuccessfulCreate', `Created pod: ${nameOf(created)}`);
        return created;
      } catch (error) {
        if (!isNamespaceTerminating(error)) recorder.event(owner, 'Warning', 'FailedCreate', `Error creating: ${messageOf(error)}`);
        throw error;
      }
    },
    async delete(owner, pod) {
      try {
        await resource.delete(nameOf(pod), namespaceOf(pod));
      } catch (error) {
        if (!isReason(error, 'NotFound')) recorder.event(owner, 'Warning', 'FailedDelete', `Error deleting: ${messageOf(error)}`);
        throw error;
      }
      recorder.event(owner, 'Normal', 'SuccessfulDelete', `Deleted pod: ${nameOf(pod)}`);
    },
  };
}

function podFromTemplate(
  owner: KubeObject,
  reference: OwnerReference,
  template: PodTemplateSpec | undefined,
  name: string | undefined,
): Pod {
  const { labels, annotations, finalizers } = template?.metadata ?? {};
  return {
    metadata: {
      ...(name === undefined ? { generateName: generateNameOf(owner) } : { name }),
      namespace: namespaceOf(owner),
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
      ...(finalizers === undefined ? {} : { finalizers }),
      ownerReferences: [reference],
    },
    spec: template?.spec ?? { containers: [] },
  };
}

/** The dash is left away where the prefix would be no valid name with it. */
function generateNameOf(owner: KubeObject): string {
  const name = nameOf(owner);
  return name.length < 253 ? `${name}-` : name;
}

/** Whether the server refused because the namespace is being deleted: nothing to tell anybody about. */
export function isNamespaceTerminating(error: unknown): boolean {
  return error instanceof ApiError && error.status.details?.causes?.some((cause) => cause.reason === 'NamespaceTerminating') === true;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
