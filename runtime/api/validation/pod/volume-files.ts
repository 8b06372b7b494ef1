import type { DownwardAPIVolumeFile, KeyToPath } from '../../generated/types/core/v1.ts';
import { checkRequired, type Errors } from '../checks.ts';
import { invalid, required } from '../field-error.ts';
import type { Path } from '../path.ts';
import { validateFieldRef, validateResourceFieldRef } from './field-references.ts';
import { checkFileMode, checkNonReservedPath } from './paths.ts';

/** Files of volumes that are made of other objects. */

export function validateItems(items: readonly KeyToPath[] | undefined, path: Path, errors: Errors): void {
  for (const [index, item] of (items ?? []).entries()) validateItem(item, path.index(index), errors);
}

export function validateItem({ key, path: target = '', mode }: KeyToPath, path: Path, errors: Errors): void {
  checkRequired(key, path.child('key'), errors);
  checkRequired(target, path.child('path'), errors);
  checkNonReservedPath(target, path.child('path'), errors);
  checkFileMode(mode, path.child('mode'), errors);
}

export function validateDownwardFile(file: DownwardAPIVolumeFile, path: Path, errors: Errors): void {
  const target = file.path ?? '';
  checkRequired(target, path.child('path'), errors);
  checkNonReservedPath(target, path.child('path'), errors);
  if (file.fieldRef !== undefined) {
    validateFieldRef(file.fieldRef, 'volume', path.child('fieldRef'), errors);
    if (file.resourceFieldRef !== undefined) {
      errors.push(invalid(path, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'));
    }
  } else if (file.resourceFieldRef !== undefined) {
    validateResourceFieldRef(file.resourceFieldRef, 'volume', path.child('resourceFieldRef'), errors);
  } else errors.push(required(path, 'one of fieldRef and resourceFieldRef is required'));
  checkFileMode(file.mode, path.child('mode'), errors);
}
