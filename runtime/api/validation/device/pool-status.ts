import type { PoolStatus, ResourcePoolStatusRequest } from '../../generated/types/resource/v1alpha3.ts';
import { byteLength, dns1123SubdomainCaselessProblems, longNameProblems } from '../../names/index.ts';
import { checkImmutable, type Errors, reportInvalid } from '../checks.ts';
import { validateConditions } from '../conditions.ts';
import { declareImmutable, declareOptionalText, declareRange, declareText, declareUnique } from '../declared.ts';
import { invalid, required, tooLong, tooMany } from '../field-error.ts';
import { checkItems } from '../lists.ts';
import { Path } from '../path.ts';

/** `pkg/apis/resource/v1alpha3` and `pkg/apis/resource/validation` of requests for the status of pools. */

const specPath = Path.of('spec');
const statusPath = Path.of('status');
const maxLimit = 1000;
const maxPools = 1000;
const maxConditions = 10;
const maxErrorBytes = 256;
const maxNameBytes = 253;

export function validateResourcePoolStatusRequest({ spec = { driver: '' } }: Partial<ResourcePoolStatusRequest>, errors: Errors): void {
  declareText(spec.driver, dns1123SubdomainCaselessProblems, specPath.child('driver'), errors);
  if (spec.poolName !== undefined) checkPoolName(spec.poolName, specPath.child('poolName'), errors);
  declareRange(spec.limit, 1, specPath.child('limit'), errors, maxLimit);
}

export function validateResourcePoolStatusRequestUpdate(
  { spec }: Partial<ResourcePoolStatusRequest>,
  old: ResourcePoolStatusRequest,
  errors: Errors,
): void {
  declareImmutable(spec, old.spec, specPath, errors);
}

/** A request that has its answer is done with. */
export function validateResourcePoolStatusRequestStatus(
  { status }: ResourcePoolStatusRequest,
  { status: old }: ResourcePoolStatusRequest,
  errors: Errors,
): void {
  if (old !== undefined) {
    checkImmutable(status, old, statusPath, errors);
    return;
  }
  if (status === undefined) return;
  const { poolCount, pools = [], conditions = [] } = status;
  const conditionsPath = statusPath.child('conditions');
  validateConditions(conditions, conditionsPath, errors);
  if (poolCount === undefined) errors.push(required(statusPath.child('poolCount')));
  declareRange(poolCount, 0, statusPath.child('poolCount'), errors);
  checkItems(pools, maxPools, statusPath.child('pools'), errors, checkPool);
  if (conditions.length > maxConditions) errors.push(tooMany(conditionsPath, conditions.length, maxConditions));
  else declareUnique(conditions, ({ type }) => type, conditionsPath, errors);
}

const counts = ['totalDevices', 'allocatedDevices', 'availableDevices', 'unavailableDevices'] as const;

function checkPool(pool: PoolStatus, path: Path, errors: Errors): void {
  declareText(pool.driver, dns1123SubdomainCaselessProblems, path.child('driver'), errors);
  if ((pool.poolName ?? '') === '') errors.push(required(path.child('poolName')));
  else checkPoolName(pool.poolName, path.child('poolName'), errors);
  if ((pool.generation ?? 0) === 0) errors.push(required(path.child('generation')));
  else declareRange(pool.generation, 0, path.child('generation'), errors);
  declareRange(pool.resourceSliceCount, 1, path.child('resourceSliceCount'), errors);
  for (const count of counts) declareRange(pool[count], 0, path.child(count), errors);
  declareOptionalText(pool.nodeName, longNameProblems, path.child('nodeName'), errors);
  if (byteLength(pool.validationError ?? '') > maxErrorBytes) errors.push(tooLong(path.child('validationError'), maxErrorBytes));
}

/** `+k8s:format=k8s-resource-pool-name`: subdomains with slashes between them. */
function checkPoolName(name: string, path: Path, errors: Errors): void {
  if (byteLength(name) > maxNameBytes) errors.push(tooLong(path, maxNameBytes));
  for (const [index, segment] of name.split('/').entries()) {
    const prefix = `segment ${index}: `;
    if (segment === '') errors.push(invalid(path, name, `${prefix}must not be empty`));
    else
      reportInvalid(
        longNameProblems(segment).map((problem) => prefix + problem),
        segment,
        path,
        errors,
      );
  }
}
