import type { FieldTypes } from '../../api/apply/field-types.ts';
import { type FieldsV1, leaf } from '../../api/apply/fields-v1.ts';
import { type ManagedChange, updateManagedFields } from '../../api/apply/managed-fields.ts';
import { apiVersionOf } from '../../api/kinds/kind.ts';
import type { ApiObject } from './api-object.ts';
import type { Resource } from './resource.ts';

const status: FieldsV1 = { 'f:status': leaf };
const spec: FieldsV1 = { 'f:spec': leaf };
const specAndLabels: FieldsV1 = { ...spec, 'f:metadata': { 'f:labels': leaf } };
const specAndMetadata: FieldsV1 = { ...spec, 'f:metadata': leaf };

type Taken = Pick<ManagedChange, 'resetFields' | 'onlyFields'>;

const resized = ['containers', 'initContainers'].flatMap((list) =>
  ['resources', 'resizePolicy'].map((field) => ['f:spec', `f:${list}`, '*', `f:${field}`]),
);

/** What ways of writing take that differ from those of other kinds, by group, plural and subresource: `GetResetFields` and `GetResetFieldsFilter` upstream. */
const exceptions: Readonly<Record<string, Taken>> = {
  '/namespaces/finalize': { resetFields: status },
  '/pods/ephemeralcontainers': { onlyFields: [['f:spec', 'f:ephemeralContainers']] },
  '/pods/resize': { onlyFields: resized },
  '/pods/status': { resetFields: { ...spec, 'f:metadata': { 'f:deletionTimestamp': leaf, 'f:ownerReferences': leaf } } },
  'certificates.k8s.io/certificatesigningrequests/': { resetFields: { ...spec, ...status } },
  'certificates.k8s.io/certificatesigningrequests/approval': { resetFields: { ...spec, 'f:status': { 'f:certificate': leaf } } },
  'certificates.k8s.io/certificatesigningrequests/status': { resetFields: { ...spec, 'f:status': { 'f:conditions': leaf } } },
};

/** The fields that a way of writing leaves as they are, so that nobody comes to own them by it. */
function takenBy(resource: Resource, subresource: string): Taken {
  const { group, plural } = resource.kind;
  const exception = exceptions[`${group}/${plural}/${subresource}`];
  if (exception !== undefined) return exception;
  if (!resource.hasStatus) return {};
  if (subresource === '') return { resetFields: status };
  if (subresource !== 'status') return {};
  if (resource.isCustom) return { resetFields: specAndMetadata };
  const { statusKeeps } = resource.strategy;
  return { resetFields: statusKeeps === undefined ? spec : statusKeeps === 'labels' ? specAndLabels : specAndMetadata };
}

/** Who writes, in the form that the functions of managed fields want. `time` is RFC 3339. */
export function managedChange(resource: Resource, manager: string, subresource: string, time: string): ManagedChange {
  return { manager, apiVersion: apiVersionOf(resource.kind), subresource, time, ...takenBy(resource, subresource) };
}

/**
 * Notes in `object` which of its fields the change makes its manager's own. Both objects are of the served version; `live` is undefined for a new one.
 */
export function trackFields(
  types: FieldTypes,
  resource: Pick<Resource, 'kind'>,
  live: ApiObject | undefined,
  object: ApiObject,
  change: ManagedChange,
): void {
  const entries = updateManagedFields(types.root(resource.kind.definition), live, object, change);
  if (entries === undefined) delete object.metadata.managedFields;
  else object.metadata.managedFields = entries;
}
