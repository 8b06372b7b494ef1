import type { ResourceRequirements } from '../generated/types/core/v1.ts';
import { qualifiedNameProblems } from '../names/index.ts';
import {
  canonicalQuantity,
  compareQuantities,
  isWholeQuantity,
  parseQuantity,
  type Quantity,
  quantityMilliValue,
  quantityValue,
  zero,
} from '../quantity.ts';
import { checkDnsLabel, type Errors, negativeMessage, notPositiveMessage, reportInvalid, sortedEntries } from './checks.ts';
import { duplicate, forbidden, invalid, notFound, required } from './field-error.ts';
import type { Path } from './path.ts';

/** Names and amounts of resources: cpu, memory, hugepages-2Mi, example.com/gpu. Follows `pkg/apis/core/helper` and `validation`. */

export type ResourceList = Readonly<Record<string, string | number>>;

const standardResources = new Set([
  'cpu',
  'memory',
  'ephemeral-storage',
  'requests.cpu',
  'requests.memory',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'storage',
  'requests.storage',
  'services.nodeports',
  'services.loadbalancers',
]);
const standardContainerResources = new Set(['cpu', 'memory', 'ephemeral-storage']);
const integerResources = new Set([
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
]);

export function isHugePageName(name: string): boolean {
  return name.startsWith('hugepages-');
}

/** Names that a ResourceQuota may limit without a domain. */
export function isStandardQuotaName(name: string): boolean {
  return (name !== 'storage' && standardResources.has(name)) || isHugePageName(name) || name.startsWith('requests.hugepages-');
}

function isStandardName(name: string): boolean {
  return standardResources.has(name) || isHugePageName(name) || name.startsWith('requests.hugepages-');
}

/** Names of Kubernetes itself: those without a domain, and those of kubernetes.io. */
export function isNativeName(name: string): boolean {
  return !name.includes('/') || name.includes('kubernetes.io/');
}

/** Names of other people's resources, which must be qualified: `example.com/gpu`. */
export function isExtendedName(name: string): boolean {
  if (isNativeName(name) || name.startsWith('requests.')) return false;
  return qualifiedNameProblems(`requests.${name}`).length === 0;
}

/** Whether more of a resource may be promised than there is. */
export function isOvercommitAllowed(name: string): boolean {
  return isNativeName(name) && !isHugePageName(name);
}

/** Any resource's name. Gives whether it holds. */
export function checkResourceName(name: string, path: Path, errors: Errors): boolean {
  const problems = qualifiedNameProblems(name);
  reportInvalid(problems, name, path, errors);
  if (problems.length > 0) return false;
  if (!name.includes('/') && !isStandardName(name)) {
    errors.push(invalid(path, name, 'must be a standard resource type or fully qualified'));
    return false;
  }
  return true;
}

/** The name of a resource that a container asks for. */
export function checkContainerResourceName(name: string, path: Path, errors: Errors): void {
  checkResourceName(name, path, errors);
  if (!name.includes('/')) {
    if (!standardContainerResources.has(name) && !isHugePageName(name)) {
      errors.push(invalid(path, name, 'must be a standard resource for containers'));
    }
  } else if (!isNativeName(name) && !isExtendedName(name)) {
    errors.push(invalid(path, name, "doesn't follow extended resource name standard"));
  }
}

/** An amount must not be negative, and whole where the resource comes in pieces. */
export function checkResourceQuantity(name: string, amount: string | number, path: Path, errors: Errors): void {
  const quantity = parseQuantity(amount);
  checkNonNegativeQuantity(quantity, amount, path, errors);
  if ((integerResources.has(name) || isExtendedName(name)) && quantityMilliValue(quantity) % 1000 !== 0) {
    errors.push(invalid(path, canonicalQuantity(amount), 'must be an integer'));
  }
}

function checkNonNegativeQuantity(quantity: Quantity, amount: string | number, path: Path, errors: Errors): void {
  if (quantity.nanos < 0n) errors.push(invalid(path, canonicalQuantity(amount), negativeMessage));
}

/** An amount must not be negative; errors show it as a whole number. */
export function checkBasicQuantity(amount: string | number, path: Path, errors: Errors): boolean {
  const whole = quantityValue(amount);
  if (whole >= 0) return true;
  errors.push(invalid(path, whole, 'must be a valid resource quantity'));
  return false;
}

/** An amount of which there must be some. Gives whether it holds. */
export function checkPositiveQuantity(amount: string | number, path: Path, errors: Errors): boolean {
  if (compareQuantities(parseQuantity(amount), zero) > 0) return true;
  errors.push(invalid(path, canonicalQuantity(amount), notPositiveMessage));
  return false;
}

/** What a container asks for and may have. */
export function validateResourceRequirements(
  requirements: ResourceRequirements | undefined,
  claimNames: ReadonlySet<string>,
  path: Path,
  errors: Errors,
  checkName: (name: string, path: Path, errors: Errors) => void = checkContainerResourceName,
): void {
  if (requirements === undefined) return;
  const { limits, requests } = requirements;
  let cpuOrMemory = false;
  let hugePages = false;
  const checkEntry = (name: string, amount: string | number, at: Path): void => {
    checkName(name, at, errors);
    checkResourceQuantity(name, amount, at, errors);
  };
  const checkHugePages = (name: string, amount: string | number, at: Path): void => {
    if (name === 'cpu' || name === 'memory') cpuOrMemory = true;
    if (!isHugePageName(name)) return;
    hugePages = true;
    if (!isDivisible(name, amount)) {
      const written = canonicalQuantity(amount);
      errors.push(invalid(at, written, `${written} is not positive integer multiple of ${name}`));
    }
  };
  for (const [name, amount] of sortedEntries(limits)) {
    const at = path.child('limits').key(name);
    checkEntry(name, amount, at);
    checkHugePages(name, amount, at);
  }
  for (const [name, amount] of sortedEntries(requests)) {
    const at = path.child('requests').key(name);
    checkEntry(name, amount, at);
    const limit = limits?.[name];
    if (limit !== undefined) {
      const difference = compareQuantities(parseQuantity(amount), parseQuantity(limit));
      const written = canonicalQuantity(amount);
      if (difference !== 0 && !isOvercommitAllowed(name)) {
        errors.push(invalid(path.child('requests'), written, `must be equal to ${name} limit of ${canonicalQuantity(limit)}`));
      } else if (difference > 0) {
        errors.push(invalid(path.child('requests'), written, `must be less than or equal to ${name} limit of ${canonicalQuantity(limit)}`));
      }
    } else if (!isOvercommitAllowed(name)) {
      errors.push(required(path.child('limits'), 'Limit must be set for non overcommitable resources'));
    }
    checkHugePages(name, amount, at);
  }
  if (!cpuOrMemory && hugePages) errors.push(forbidden(path, 'HugePages require cpu or memory'));
  validateClaimNames(requirements.claims ?? [], claimNames, path.child('claims'), errors);
}

function isDivisible(name: string, amount: string | number): boolean {
  const pages = name.slice('hugepages-'.length);
  try {
    const page = parseQuantity(pages).nanos;
    const { nanos } = parseQuantity(amount);
    return isWholeQuantity(parseQuantity(amount)) && page > 0n && nanos % page === 0n;
  } catch {
    return false;
  }
}

function validateClaimNames(
  claims: readonly { readonly name: string; readonly request?: string }[],
  known: ReadonlySet<string>,
  path: Path,
  errors: Errors,
): void {
  const seen = new Set<string>();
  for (const [index, { name, request }] of claims.entries()) {
    const at = path.index(index);
    if (name === undefined || name === '') {
      errors.push(required(at));
      continue;
    }
    if (seen.has(name)) errors.push(duplicate(at, name));
    else {
      let key = name;
      if (request !== undefined && request !== '') {
        checkDnsLabel(request, at.child('request'), errors);
        key = `${name}/${request}`;
      }
      if (seen.has(key)) errors.push(duplicate(at, key));
      else if (key === name) {
        for (const other of seen) if (other.startsWith(`${name}/`)) errors.push(duplicate(at, name));
      }
      seen.add(key);
    }
    if (!known.has(name)) {
      const names = known.size === 0 ? ' which is empty' : `: ${[...known].sort().join(', ')}`;
      errors.push({ ...notFound(at, name), detail: `must be one of the names in pod.spec.resourceClaims${names}` });
    }
  }
}
