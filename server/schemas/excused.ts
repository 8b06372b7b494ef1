/**
 * Fields that the OpenAPI document calls required because they are always in an answer, though a manifest may leave them out:
 * the API server takes their zero value.
 */
const excused: Readonly<Record<string, readonly string[]>> = {
  'io.k8s.api.apps.v1.ControllerRevision': ['revision'],
  'io.k8s.api.authentication.v1.TokenReviewSpec': ['token'],
  'io.k8s.api.core.v1.HTTPHeader': ['value'],
  'io.k8s.api.core.v1.ISCSIPersistentVolumeSource': ['lun'],
  'io.k8s.api.core.v1.ISCSIVolumeSource': ['lun'],
  'io.k8s.api.core.v1.LimitRangeSpec': ['limits'],
  'io.k8s.api.core.v1.Event': ['involvedObject'],
  'io.k8s.api.resource.v1.DeviceClass': ['spec'],
  'io.k8s.api.resource.v1.ResourceClaim': ['spec'],
  'io.k8s.api.resource.v1.ResourcePool': ['generation'],
  'io.k8s.api.resource.v1.ResourceClaimTemplate': ['spec'],
  'io.k8s.api.resource.v1.ResourceClaimTemplateSpec': ['spec'],
  'io.k8s.api.storage.v1.CSIDriver': ['spec'],
  'io.k8s.api.storage.v1.CSINode': ['spec'],
  'io.k8s.api.storage.v1.CSINodeSpec': ['drivers'],
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionVersion': ['served', 'storage'],
};

/** Whether a manifest may leave out a field that its schema requires. */
export function isExcused(definition: string | undefined, field: string): boolean {
  return definition !== undefined && (excused[definition]?.includes(field) ?? false);
}
