import type { ObjectFieldSelector, ResourceFieldSelector } from '../../generated/types/core/v1.ts';
import { canonicalQuantity, parseQuantity } from '../../quantity.ts';
import { checkQualifiedName, type Errors } from '../checks.ts';
import { invalid, notSupported, required } from '../field-error.ts';
import type { Path } from '../path.ts';

/** What a container may learn about itself: the downward API. */

const environmentFields: readonly string[] = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];
const volumeFields: readonly string[] = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid'];
const knownFields = new Set([...environmentFields, ...volumeFields, 'spec.restartPolicy', 'spec.schedulerName', 'status.phase']);
const resources: readonly string[] = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
];
const cpuDivisors: readonly string[] = ['1m', '1'];
const byteDivisors: readonly string[] = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'];
const subscripted = /^(.*)\['(.*)'\]$/;

/** A field of the pod, for a variable or a file. */
export function validateFieldRef(reference: ObjectFieldSelector, use: 'environment' | 'volume', path: Path, errors: Errors): void {
  const { apiVersion = '', fieldPath = '' } = reference;
  if (apiVersion === '') {
    errors.push(required(path.child('apiVersion')));
    return;
  }
  if (fieldPath === '') {
    errors.push(required(path.child('fieldPath')));
    return;
  }
  const [, map, key] = subscripted.exec(fieldPath) ?? [];
  if (apiVersion !== 'v1') {
    errors.push(invalid(path.child('fieldPath'), fieldPath, `error converting fieldPath: unsupported pod version: ${apiVersion}`));
  } else if (map === 'metadata.annotations' || map === 'metadata.labels') {
    checkQualifiedName(map === 'metadata.annotations' ? (key ?? '').toLowerCase() : (key ?? ''), path, errors);
  } else if (map !== undefined) {
    errors.push(
      invalid(path.child('fieldPath'), fieldPath, `error converting fieldPath: field label does not support subscript: ${fieldPath}`),
    );
  } else if (!knownFields.has(fieldPath)) {
    errors.push(invalid(path.child('fieldPath'), fieldPath, `error converting fieldPath: field label not supported: ${fieldPath}`));
  } else {
    const supported = use === 'environment' ? environmentFields : volumeFields;
    if (!supported.includes(fieldPath)) errors.push(notSupported(path.child('fieldPath'), fieldPath, supported));
  }
}

/** A resource of a container. */
export function validateResourceFieldRef(
  reference: ResourceFieldSelector,
  use: 'environment' | 'volume',
  path: Path,
  errors: Errors,
): void {
  const { containerName = '', resource = '', divisor } = reference;
  if (use === 'volume' && containerName === '') errors.push(required(path.child('containerName')));
  else if (resource === '') errors.push(required(path.child('resource')));
  else if (!resources.includes(resource) && !/^(requests|limits)\.hugepages-/.test(resource)) {
    errors.push(notSupported(path.child('resource'), resource, resources));
  }
  if (divisor === undefined || parseQuantity(divisor).nanos === 0n) return;
  const written = canonicalQuantity(divisor);
  const refuse = (detail: string): void => {
    errors.push(invalid(path.child('divisor'), resource, detail));
  };
  if (resource.endsWith('.cpu')) {
    if (!cpuDivisors.includes(written)) refuse("only divisor's values 1m and 1 are supported with the cpu resource");
  } else if (!byteDivisors.includes(written)) {
    const values = `only divisor's values ${byteDivisors.join(', ')} are supported with the`;
    if (resource.endsWith('.memory')) refuse(`${values} memory resource`);
    else if (resource.endsWith('.ephemeral-storage')) refuse(`${values} local ephemeral storage resource`);
    else if (resource.includes('.hugepages-')) refuse(`${values} hugepages resource`);
  }
}
