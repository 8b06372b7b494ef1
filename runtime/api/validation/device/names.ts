import { byteLength, identifierProblems } from '../../names/index.ts';
import { checkDnsSubdomain, type Errors, reportInvalid } from '../checks.ts';
import { invalid, required, tooLong } from '../field-error.ts';
import type { Path } from '../path.ts';
import { checkCsiDriverName } from '../volume-sources.ts';

/** Names in the API of devices, `resource.k8s.io`. */

const maxPoolName = 253;
const maxIdentifier = 32;

/** A driver is named as one of CSI is. */
export const checkDriverName = checkCsiDriverName;

/** Subdomains with slashes between them. */
export function checkPoolName(name: string, path: Path, errors: Errors): void {
  if (name === '') {
    errors.push(required(path));
    return;
  }
  if (byteLength(name) > maxPoolName) errors.push(tooLong(path, maxPoolName));
  for (const part of name.split('/')) checkDnsSubdomain(part, path, errors);
}

function checkIdentifier(name: string, path: Path, errors: Errors): void {
  if (byteLength(name) > maxIdentifier) errors.push(tooLong(path, maxIdentifier));
  reportInvalid(identifierProblems(name), name, path, errors);
}

/** The name of an attribute or a capacity, which may stand in a domain: `gpu.example.com/memory`. */
export function checkQualifiedDeviceName(name: string, path: Path, errors: Errors): void {
  const [first = '', second] = name.split('/');
  if (second === undefined) {
    checkIdentifier(first, path, errors);
    return;
  }
  if (first === '') errors.push(invalid(path, '', 'the domain must not be empty'));
  else checkDriverName(first, path, errors);
  if (second === '') errors.push(invalid(path, '', 'the name must not be empty'));
  else checkIdentifier(second, path, errors);
}

/** As {@link checkQualifiedDeviceName}, and the domain must be there. */
export function checkFullDeviceName(name: string, path: Path, errors: Errors): void {
  checkQualifiedDeviceName(name, path, errors);
  if (!name.includes('/')) errors.push(invalid(path, name, 'a fully qualified name must be a domain and a name separated by a slash'));
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const loose = /^(urn:uuid:)?\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?$|^[0-9a-f]{32}$/i;

export function checkUid(uid: string, path: Path, errors: Errors): void {
  if (uuid.test(uid)) return;
  const normalized = '`xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` with lowercase hexadecimal characters';
  if (loose.test(uid)) errors.push(invalid(path, uid, `uid must be in RFC 4122 normalized form, ${normalized}`));
  else {
    const problem = [32, 36, 38, 45].includes(uid.length) ? 'invalid UUID format' : `invalid UUID length: ${uid.length}`;
    errors.push(invalid(path, uid, `error validating uid: ${problem}`));
  }
}

/** A key as an error names it: not longer than it may be. */
export function shortened(key: string, limit: number): string {
  if (key.length <= limit) return key;
  const remaining = limit - 3;
  return `${key.slice(0, Math.floor((remaining + 1) / 2))}...${key.slice(key.length - Math.floor(remaining / 2))}`;
}
