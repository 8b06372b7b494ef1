import type { Status, StatusCause } from './generated/types/meta/v1.ts';
import { type FieldError, formatFieldErrorBody, quote } from './validation/field-error.ts';

/** The group and the plural (or, for `Invalid`, the kind) that a failure is about. */
export interface Subject {
  readonly group: string;
  readonly resource: string;
}

/** What a `Status` says beyond code, reason and message. */
interface Extras {
  readonly name?: string;
  readonly subject?: Subject;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
  /** Carry `details` even when there is nothing to put into it, as upstream's generic answers do. */
  readonly emptyDetails?: boolean;
  readonly continueToken?: string;
}

/** A failure that is answered as a `metav1.Status` with its code. Made by the functions of this module. */
export class StatusError extends Error {
  override readonly name = 'StatusError';
  readonly status: Status;
  readonly code: number;
  constructor(status: Status) {
    super(status.message ?? '');
    this.status = status;
    this.code = status.code ?? 500;
  }
  /** Whether the failure has this reason. */
  is(reason: string): boolean {
    return this.status.reason === reason;
  }
}

/** `deployments.apps`, or the bare plural for the core group: upstream's `GroupResource.String`. */
export function subjectText(subject: Subject): string {
  return subject.group === '' ? subject.resource : `${subject.resource}.${subject.group}`;
}

function failure(code: number, reason: string, message: string, extras: Extras = {}): StatusError {
  const details = {
    ...(extras.name ? { name: extras.name } : {}),
    ...(extras.subject?.group ? { group: extras.subject.group } : {}),
    ...(extras.subject?.resource ? { kind: extras.subject.resource } : {}),
    ...(extras.uid ? { uid: extras.uid } : {}),
    ...(extras.causes && extras.causes.length > 0 ? { causes: [...extras.causes] } : {}),
    ...(extras.retryAfterSeconds ? { retryAfterSeconds: extras.retryAfterSeconds } : {}),
  };
  return new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: extras.continueToken === undefined ? {} : { continue: extras.continueToken },
    status: 'Failure',
    message,
    ...(reason === '' ? {} : { reason }),
    ...(Object.keys(details).length > 0 || extras.emptyDetails ? { details } : {}),
    code,
  });
}

/** 404 for one object. */
export function notFound(subject: Subject, name: string): StatusError {
  return failure(404, 'NotFound', `${subjectText(subject)} ${quote(name)} not found`, { subject, name });
}

/** 404 for a path that nothing serves. */
export function noSuchResource(): StatusError {
  return failure(404, 'NotFound', 'the server could not find the requested resource', { emptyDetails: true });
}

/** 409: the name is taken. `deleting`: the holder is on its way out. */
export function alreadyExists(subject: Subject, name: string, deleting = false): StatusError {
  return failure(409, 'AlreadyExists', takenName(subject, name, deleting), { subject, name });
}

/** 409: no free name was found for `generateName`. */
export function generateNameConflict(subject: Subject, name: string, deleting = false): StatusError {
  const message = `${takenName(subject, name, deleting)}, the server was not able to generate a unique name for the object`;
  return failure(409, 'AlreadyExists', message, { subject, name, retryAfterSeconds: 1 });
}

function takenName(subject: Subject, name: string, deleting: boolean): string {
  return `${deleting ? 'object is being deleted: ' : ''}${subjectText(subject)} ${quote(name)} already exists`;
}

/** 409: the write met another state than it expected. */
export function conflict(subject: Subject, name: string, why: string, causes: readonly StatusCause[] = []): StatusError {
  return failure(409, 'Conflict', `Operation cannot be fulfilled on ${subjectText(subject)} ${quote(name)}: ${why}`, {
    subject,
    name,
    causes,
  });
}

/** Upstream's `OptimisticLockErrorMsg`. */
export const optimisticLockMessage = 'the object has been modified; please apply your changes to the latest version and try again';

/** 409 of server-side apply: fields that others own, one cause each. */
export function applyConflict(causes: readonly StatusCause[], message: string): StatusError {
  return failure(409, 'Conflict', message, { causes });
}

/**
 * 422: every cause at once. `subject.resource` is the kind. The message lists what differs, in upstream's aggregate form:
 * one error bare, several in brackets.
 */
export function invalid(subject: Subject, name: string, causes: readonly StatusCause[]): StatusError {
  const lines = [...new Set(causes.map((cause) => `${cause.field ?? ''}: ${cause.message ?? ''}`))];
  const text = lines.length === 1 ? lines[0] : `[${lines.join(', ')}]`;
  return failure(422, 'Invalid', `${subjectText(subject)} ${quote(name)} is invalid: ${text}`, { subject, name, causes });
}

/** 422 for field errors, each of which becomes a cause. */
export function invalidFields(subject: Subject, name: string, errors: readonly FieldError[]): StatusError {
  return invalid(subject, name, errors.map(causeOf));
}

/** A field error as a cause; one of the whole object names no field. */
export function causeOf(error: FieldError): StatusCause {
  return { reason: error.type, message: formatFieldErrorBody(error), ...(error.field !== '' && { field: error.field }) };
}

/** 422 of a patch that cannot be applied. */
export function unprocessable(message: string): StatusError {
  return failure(422, 'Invalid', message, { emptyDetails: true });
}

/** 400. */
export function badRequest(message: string): StatusError {
  return failure(400, 'BadRequest', message);
}

/** 401. */
export function unauthorized(): StatusError {
  return failure(401, 'Unauthorized', 'Unauthorized');
}

/** 403 about an object or a collection (empty name); `why` follows upstream's `is forbidden: `. */
export function forbidden(subject: Subject, name: string, why: string, causes: readonly StatusCause[] = []): StatusError {
  const about = subject.resource === '' ? '' : name === '' ? `${subjectText(subject)} is ` : `${subjectText(subject)} ${quote(name)} is `;
  return failure(403, 'Forbidden', `${about}forbidden: ${why}`, { subject, name, causes, emptyDetails: true });
}

/** 405 for a verb that a resource does not know. */
export function methodNotSupported(subject: Subject, verb: string): StatusError {
  return failure(405, 'MethodNotAllowed', `${verb} is not supported on resources of kind "${subjectText(subject)}"`, { subject });
}

/** 405 for a path that exists under other methods. */
export function methodNotAllowed(): StatusError {
  return failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', { emptyDetails: true });
}

const accepted = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';

/** 406 for an Accept header that names none of the media types that a path is served in. */
export function notAcceptable(produced: readonly string[]): StatusError {
  const message = `406: Not Acceptable\n\nAvailable representations: ${produced.join(', ')}`;
  return failure(406, 'NotAcceptable', message, { emptyDetails: true });
}

/** 406 for a media type that is served, but not in the transformation asked for; `types` are what there is. */
export function notAcceptableTransformation(types: string = accepted): StatusError {
  return failure(406, 'NotAcceptable', `only the following media types are accepted: ${types}`);
}

/** 406 for a watch in a media type that has no streams. */
export function notAcceptableStream(): StatusError {
  const types = 'application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch';
  return failure(406, 'NotAcceptable', `only the following media types are accepted: ${types}`);
}

/** 406 for an object of a Go type that has no form in protobuf. Upstream: `errNotMarshalable`. */
export function notMarshalable(goType: string): StatusError {
  const message = `object ${goType} does not implement the protobuf marshalling interface and cannot be encoded to a protobuf message`;
  return failure(406, 'NotAcceptable', message);
}

/** 406 for an object that cannot be turned into what was asked for. */
export function notAcceptableObject(message: string): StatusError {
  return failure(406, 'NotAcceptable', message);
}

/** 415 for a request body; `types` are what the operation takes. */
export function unsupportedMediaType(types: string = accepted): StatusError {
  return failure(415, 'UnsupportedMediaType', `the body of the request was in an unknown format - accepted media types include: ${types}`);
}

/** 415 for a body of a type that the path does not take. */
export function unsupportedByPath(): StatusError {
  return failure(415, 'UnsupportedMediaType', '415: Unsupported Media Type', { emptyDetails: true });
}

/** 410: the revision is compacted. `continueToken` lets a list go on from where it stood, at a newer revision. */
export function expired(message: string, continueToken?: string): StatusError {
  return failure(410, 'Expired', message, continueToken === undefined ? {} : { continueToken });
}

/** 504: the revision asked for has not happened yet. */
export function resourceVersionTooLarge(requested: number, current: number): StatusError {
  return failure(504, 'Timeout', `Timeout: Too large resource version: ${requested}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}

/** 504. */
export function timeout(message: string): StatusError {
  return failure(504, 'Timeout', `Timeout: ${message}`, { emptyDetails: true });
}

/** 429 with Retry-After. */
export function tooManyRequests(message: string, retryAfterSeconds: number, causes: readonly StatusCause[] = []): StatusError {
  return failure(429, 'TooManyRequests', message, { retryAfterSeconds, causes, emptyDetails: true });
}

/** 413. */
export function requestEntityTooLarge(message: string): StatusError {
  return failure(413, 'RequestEntityTooLarge', `Request entity too large: ${message}`);
}

/** 500. */
export function internalError(message: string): StatusError {
  return failure(500, 'InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] });
}

/** 500 as upstream answers errors that are no API errors: the bare text, without a reason. */
export function plainError(message: string): StatusError {
  return failure(500, '', message);
}

/** 503: a part that the answer needs is not there. */
export function serviceUnavailable(message: string): StatusError {
  return failure(503, 'ServiceUnavailable', message);
}
