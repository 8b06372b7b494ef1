/** A configuration that cannot be applied, whoever owns what. */
export class ApplyError extends Error {
  /** HTTP status upstream answers with: 400 for a configuration of the wrong kind, 500 for one that does not fit its schema. */
  readonly code: 400 | 500;

  constructor(code: 400 | 500, message: string) {
    super(message);
    this.name = 'ApplyError';
    this.code = code;
  }
}

/** One field that another manager owns with another value. */
export interface ConflictCause {
  readonly reason: 'FieldManagerConflict';
  /** `conflict with "kubectl" using apps/v1` */
  readonly message: string;
  /** `.spec.replicas` */
  readonly field: string;
}

/** An application that would take fields from others. Answered as 409 with reason Conflict and the causes as details. */
export class ApplyConflictError extends Error {
  readonly causes: readonly ConflictCause[];

  constructor(message: string, causes: readonly ConflictCause[]) {
    super(message);
    this.name = 'ApplyConflictError';
    this.causes = causes;
  }
}
