import type { IPAddress, ServiceCIDR } from '../generated/types/networking/v1.ts';
import { canonicalCidrProblems, dns1123SubdomainProblems, parseLooseCidr } from '../names/index.ts';
import { checkImmutable, checkPathSegment, type Errors, immutableMessage, reportInvalid } from './checks.ts';
import { invalid, required } from './field-error.ts';
import { inGo, parentReferenceType, serviceCidrSpecType } from './internal-types.ts';
import { Path } from './path.ts';

/** The addresses of services: kinds IPAddress and ServiceCIDR of `pkg/apis/networking/validation`. */

const specPath = Path.of('spec');
const parentPath = specPath.child('parentRef');
const cidrsPath = specPath.child('cidrs');

export function validateIpAddress({ spec }: IPAddress, errors: Errors): void {
  const parent = spec?.parentRef;
  if (parent === undefined) {
    errors.push(required(parentPath));
    return;
  }
  const { group = '', resource = '', name = '', namespace = '' } = parent;
  if (group !== '') reportInvalid(dns1123SubdomainProblems(group), group, parentPath.child('group'), errors);
  checkPathSegment(resource, parentPath.child('resource'), errors);
  checkPathSegment(name, parentPath.child('name'), errors);
  if (namespace !== '') checkPathSegment(namespace, parentPath.child('namespace'), errors);
}

export function validateIpAddressUpdate(address: IPAddress, old: IPAddress, errors: Errors): void {
  validateIpAddress(address, errors);
  checkImmutable(address.spec?.parentRef, old.spec?.parentRef, parentPath, errors, parentReferenceType);
}

export function validateServiceCidr({ spec }: ServiceCIDR, errors: Errors): void {
  const cidrs = spec?.cidrs ?? [];
  if (cidrs.length === 0) {
    errors.push(required(cidrsPath, 'at least one CIDR required'));
    return;
  }
  if (cidrs.length > 2) {
    errors.push(invalid(cidrsPath, inGo(serviceCidrSpecType, spec), 'may only hold up to 2 values'));
    return;
  }
  for (const [index, cidr] of cidrs.entries()) reportInvalid(canonicalCidrProblems(cidr), cidr, cidrsPath.index(index), errors);
  const [first, second] = cidrs.map((cidr) => parseLooseCidr(cidr)?.family);
  if (first !== undefined && first === second) {
    const detail = 'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64';
    errors.push(invalid(cidrsPath, cidrs, detail));
  }
}

/** Ranges stay; one of the other family may be added to a single one. */
export function validateServiceCidrUpdate(range: ServiceCIDR, old: ServiceCIDR, errors: Errors): void {
  const now = range.spec?.cidrs ?? [];
  const before = old.spec?.cidrs ?? [];
  const isGrowing = before.length === 1 && now.length === 2;
  if (before.length !== now.length && !isGrowing) {
    errors.push(invalid(cidrsPath, now.length === 0 ? null : now, immutableMessage));
    return;
  }
  for (const [index, cidr] of before.entries()) {
    if (cidr !== now[index]) errors.push(invalid(cidrsPath.index(index), now[index], immutableMessage));
  }
  if (isGrowing) validateServiceCidr(range, errors);
}
