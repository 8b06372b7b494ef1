import type { Errors } from '../checks.ts';
import { invalid } from '../field-error.ts';
import type { Path } from '../path.ts';

/** Paths of files that a manifest names. */

/** No step up to a parent directory. */
export function checkNoBacksteps(target: string, path: Path, errors: Errors): void {
  if (target.split('/').includes('..')) errors.push(invalid(path, target, "must not contain '..'"));
}

/** Relative and without a step up. */
export function checkDescendingPath(target: string, path: Path, errors: Errors): void {
  if (target.startsWith('/')) errors.push(invalid(path, target, 'must be a relative path'));
  checkNoBacksteps(target, path, errors);
}

/** As well, and not of the names that Kubernetes itself uses within a volume. */
export function checkNonReservedPath(target: string, path: Path, errors: Errors): void {
  checkDescendingPath(target, path, errors);
  if (target.startsWith('..') && !target.startsWith('../')) errors.push(invalid(path, target, "must not start with '..'"));
}

export const fileModeMessage = 'must be a number between 0 and 0777 (octal), both inclusive';

/** Permission bits. */
export function checkFileMode(mode: number | undefined, path: Path, errors: Errors): void {
  if (mode !== undefined && (mode < 0 || mode > 0o777)) errors.push(invalid(path, mode, fileModeMessage));
}
