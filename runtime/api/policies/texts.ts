/** Which policy says something, and by which of its bindings; a mistake in the policy is said by none. */
export interface PolicyNames {
  readonly policy: string;
  readonly binding: string | undefined;
}

/** What is told to whose write a ValidatingAdmissionPolicy refuses. */
export function refusalText({ policy, binding }: PolicyNames, message: string): string {
  const by = binding === undefined ? '' : ` with binding '${binding}'`;
  return `ValidatingAdmissionPolicy '${policy}'${by} denied request: ${message}`;
}

/** What is told to whose write it would refuse, if its binding did not only warn. */
export function warningText({ policy, binding }: PolicyNames, message: string): string {
  return `Validation failed for ValidatingAdmissionPolicy '${policy}' with binding '${binding}': ${message}`;
}
