import type { ParamKind, ParamRef } from '../generated/types/admissionregistration/v1.ts';
import type { ApiObject } from '../object.ts';
import { selectorFromLabelSelector } from '../selectors/index.ts';
import type { PolicyContext, PolicyResource, PolicyWrite } from './write.ts';

/** A policy or a binding that cannot be followed as it is written. */
export class ConfigurationError extends Error {}

/** The resource of a policy's parameters. @throws ConfigurationError */
export function paramResource<R extends PolicyResource>({ apiVersion = '', kind = '' }: ParamKind, { resources }: PolicyContext<R>): R {
  const [version = '', group = ''] = apiVersion.split('/').reverse();
  const resource = resources.findKind(group, version, kind);
  if (resource === undefined) {
    throw new ConfigurationError(`failed to find resource referenced by paramKind: '${group}/${version}, Kind=${kind}'`);
  }
  return resource;
}

/** The parameters, as they are stored, with which a policy is asked about a write, one after the other; none when it is not to be asked. Follows upstream's `CollectParams`. @throws ConfigurationError */
export function paramsOf<R extends PolicyResource>(
  resource: R | undefined,
  ref: ParamRef | undefined,
  attributes: PolicyWrite<R>,
  { reader }: PolicyContext<R>,
): readonly (ApiObject | null)[] {
  if (resource === undefined || ref === undefined) return [null];
  const { group, plural } = resource.kind;
  const namespace = namespaceFor(resource, ref, attributes);
  let found: readonly (ApiObject | undefined)[];
  if (ref.name) found = [reader.get(group, plural, namespace, ref.name)];
  else {
    const selector = selectorFromLabelSelector(ref.selector);
    found = reader.list(group, plural, namespace).filter(({ metadata }) => selector.matches(metadata.labels ?? {}));
  }
  const params = found.flatMap((each) => (each === undefined ? [] : [each]));
  if (params.length === 0 && ref.parameterNotFoundAction === 'Deny') {
    throw new ConfigurationError('no params found for policy binding with `Deny` parameterNotFoundAction');
  }
  return params;
}

function namespaceFor<R extends PolicyResource>({ kind }: R, ref: ParamRef, { namespace }: PolicyWrite<R>): string {
  if (!kind.namespaced) {
    if (ref.namespace) throw new ConfigurationError('paramRef.namespace must not be provided for a cluster-scoped `paramKind`');
    return '';
  }
  if (ref.namespace) return ref.namespace;
  if (namespace === '') {
    throw new ConfigurationError('cannot use namespaced paramRef in policy binding that matches cluster-scoped resources');
  }
  return namespace;
}
