import { ApiFailure, messageOf } from '../cluster/failure.ts';
import type { ManifestObject, ManifestProblem } from './manifest.ts';

/** An error of the API server, each part of it at the field it names. */
export function locateFailure(error: unknown, object: ManifestObject): ManifestProblem[] {
  if (!(error instanceof ApiFailure)) return [{ span: object.locate('kind'), message: messageOf(error) }];
  const { status, message } = error;
  const at = (field: string, text: string): ManifestProblem => ({ span: object.locate(field), message: text });

  const unknown = [...message.matchAll(/(unknown|duplicate) field "([^"]+)"/g)];
  if (unknown.length > 0) return unknown.map(([text, , field = '']) => at(field, capital(text)));

  // Behind the colon one looks back for the field: it could begin at every point.
  const undeclared = [...message.matchAll(/:(?<=\.([^\s:]+):) field not declared in schema/g)];
  if (undeclared.length > 0) return undeclared.map(([, field = '']) => at(field, `Unknown field "${field}"`));

  const causes = (status.details?.causes ?? []).filter(({ field }) => field !== undefined && field !== '');
  if (causes.length > 0) return causes.map((cause) => at(cause.field ?? '', `${cause.field}: ${cause.message ?? message}`));

  // Of what cannot be unmarshaled into the field; from the field on, as what comes before it could begin at every point.
  const mistyped = / into Go struct field \w+\.(\S+) of type|(?:^|\s)\.([\w.[\]="-]+): /.exec(message);
  if (mistyped) return [at(mistyped[1]?.replace(inlinedStructs, '') ?? mistyped[2] ?? '', message)];

  if (error.code === 404 && status.details?.kind === 'namespaces') return [at('metadata.namespace', message)];
  return [at('kind', message)];
}

/** Go's decoder names the structs that others inline as though they were fields; those have small initials. */
const inlinedStructs = /(?<=^|\.)[A-Z]\w*\./g;

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
