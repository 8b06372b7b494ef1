import type { Kind } from '../../../api/kinds/kind.ts';
import type { Attributes } from '../../admission/admission.ts';
import type { ApiRequest } from '../../api-request.ts';
import type { ApiObject } from '../../registry/api-object.ts';
import type { Core } from '../../registry/core.ts';
import { Resource } from '../../registry/resource.ts';

/** Lets admission have its say about an object that is sent to a subresource and not stored. Admission may change the object in place. */
export async function admitPart(
  core: Core,
  request: ApiRequest,
  operation: 'CREATE' | 'CONNECT',
  object: ApiObject,
  kind: Pick<Kind, 'group' | 'version' | 'kind' | 'definition'>,
  dryRun = false,
): Promise<void> {
  const { info, resource } = request;
  const attributes: Attributes = {
    operation,
    resource: addressedAs(resource, kind),
    objectKind: { group: kind.group, version: kind.version, kind: kind.kind },
    subresource: info.subresource,
    namespace: resource.kind.namespaced ? info.namespace : '',
    name: info.name,
    object,
    user: request.user,
    dryRun,
    time: request.time,
    warn: (text) => request.warnings.add(text),
    ...(request.annotate && { annotate: request.annotate }),
  };
  await core.admission.admit(attributes);
  await core.admission.validate(attributes);
}

/** The resource as which the object is addressed; it is read by its own kind. */
function addressedAs({ kind, strategy, prefix }: Resource, own: Pick<Kind, 'group' | 'version' | 'kind' | 'definition'>): Resource {
  const addressed = { ...kind, kind: own.kind, definition: own.definition };
  return new Resource({ kind: addressed, stored: addressed, strategy, prefix });
}
