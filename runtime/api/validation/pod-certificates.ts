import { byteLength, qualifiedNameProblems } from '../names/index.ts';
import { type Errors, reportInvalid } from './checks.ts';
import { invalid, required, tooLong } from './field-error.ts';
import type { Path } from './path.ts';
import { isKubernetesSigner } from './signer-names.ts';

/** What pods may wish of who signs their certificates, in volumes and in requests. */

const hour = 3600;

/** How long a certificate may be wished for, in seconds. */
export function lifetimeLimits(signerName: string): { readonly shortest: number; readonly longest: number } {
  return { shortest: hour, longest: (isKubernetesSigner(signerName) ? 1 : 91) * 24 * hour };
}

const annotationsLimit = 256 * 1024;

/** Words of the pod to the signer, each under a domain. */
export function validateUserAnnotations(annotations: Readonly<Record<string, string>>, path: Path, errors: Errors): void {
  let size = 0;
  for (const written in annotations) {
    const key = written.toLowerCase();
    const problems = qualifiedNameProblems(key);
    if (key === '') errors.push(required(path));
    else if (problems.length > 0) reportInvalid(problems, key, path, errors);
    else if (!key.includes('/')) errors.push(invalid(path, key, 'must be a domain-prefixed key (such as "acme.io/foo")'));
    size += byteLength(written) + byteLength(annotations[written] ?? '');
  }
  if (size > annotationsLimit) errors.push(tooLong(path, annotationsLimit));
}
