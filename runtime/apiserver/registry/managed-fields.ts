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

/** The fields that a way of writing leaves as they are, so that nobody comes to own them by it. */
function resetFields(resource: Resource, subresource: string): FieldsV1 | undefined {
  if (!resource.hasStatus) return undefined;
  if (subresource === '') return status;
  if (subresource !== 'status') return undefined;
  if (resource.isCustom) return specAndLabels;
  const { statusKeeps } = resource.strategy;
  return statusKeeps === undefined ? spec : statusKeeps === 'labels' ? specAndLabels : specAndMetadata;
}

/** Who writes, in the form that the functions of managed fields want. `time` is RFC 3339. */
export function managedChange(resource: Resource, manager: string, subresource: string, time: string): ManagedChange {
  const reset = resetFields(resource, subresource);
  return { manager, apiVersion: apiVersionOf(resource.kind), subresource, time, ...(reset === undefined ? {} : { resetFields: reset }) };
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
