/**
 * Fields that the OpenAPI document calls required because they are always in an answer, though a manifest may leave them out:
 * the API server fills them in or takes their zero value.
 */
const excused: Readonly<Record<string, readonly string[]>> = {
  'io.k8s.api.rbac.v1.RoleRef': ['apiGroup'],
};

/** Whether a manifest may leave out a field that its schema requires. */
export function isExcused(definition: string | undefined, field: string): boolean {
  return definition !== undefined && (excused[definition]?.includes(field) ?? false);
}
