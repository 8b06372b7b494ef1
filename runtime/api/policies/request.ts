import type { PolicyResource, PolicyWrite } from './write.ts';

/** Who asks, and how, beyond what is written. */
interface Asked {
  /** The kind of the object where it is not that of the resource, as for an Eviction of a pod. */
  readonly objectKind?: { readonly group: string; readonly version: string; readonly kind: string };
  readonly user: {
    readonly name: string;
    readonly uid?: string;
    readonly groups: readonly string[];
    readonly extra?: Readonly<Record<string, readonly string[]>>;
  };
  readonly dryRun: boolean;
}

const optionsKinds: Readonly<Record<string, string>> = { CREATE: 'CreateOptions', UPDATE: 'UpdateOptions', DELETE: 'DeleteOptions' };

/** The `AdmissionRequest` of a write, without the objects themselves; `resource` is in whose version. */
export function requestOf<R extends PolicyResource>(attributes: PolicyWrite<R> & Asked, resource: R): Record<string, unknown> {
  const { operation, subresource, namespace, name, user, dryRun } = attributes;
  const own = attributes.resource.kind;
  const part = subresource === '' ? {} : { subResource: subresource, requestSubResource: subresource };
  const { objectKind } = attributes;
  const kindOf = ({ group, version, kind }: R['kind']) => ({ group, version, kind });
  return {
    kind: objectKind ?? kindOf(resource.kind),
    resource: { group: resource.kind.group, version: resource.kind.version, resource: resource.kind.plural },
    requestKind: objectKind ?? kindOf(own),
    requestResource: { group: own.group, version: own.version, resource: own.plural },
    ...part,
    ...(name === '' ? {} : { name }),
    ...(namespace === '' ? {} : { namespace }),
    operation,
    userInfo: {
      username: user.name,
      ...(user.uid ? { uid: user.uid } : {}),
      groups: user.groups,
      ...(user.extra === undefined ? {} : { extra: user.extra }),
    },
    dryRun,
    options:
      operation === 'CONNECT'
        ? null
        : { kind: optionsKinds[operation], apiVersion: 'meta.k8s.io/v1', ...(dryRun ? { dryRun: ['All'] } : {}) },
  };
}
