import { type ApiObject, type Dict, isDict } from '../api-object.ts';
import type { Conversion } from '../resource.ts';

const group = 'resource.k8s.io';
/** Fields of a request that newer versions have in `exactly`. */
const exactFields = ['deviceClassName', 'selectors', 'allocationMode', 'count', 'adminAccess', 'tolerations', 'capacity'];

/** Changes the items of a list that is found by its path, as far as it is there. */
function withItems(object: ApiObject, version: string, path: readonly string[], change: (item: Dict) => Dict): ApiObject {
  return { ...object, ...itemsChanged(object, path, change), apiVersion: `${group}/${version}` };
}

function itemsChanged(
  parent: Readonly<Record<string, unknown>>,
  [name = '', ...rest]: readonly string[],
  change: (item: Dict) => Dict,
): Dict {
  const value = parent[name];
  if (rest.length > 0) return isDict(value) ? { ...parent, [name]: itemsChanged(value, rest, change) } : { ...parent };
  return Array.isArray(value) ? { ...parent, [name]: value.map((item) => (isDict(item) ? change(item) : item)) } : { ...parent };
}

function newerRequest(request: Dict): Dict {
  const entries = Object.entries(request);
  const exactly = entries.filter(([field]) => exactFields.includes(field));
  if (exactly.length === 0) return request;
  return Object.fromEntries([...entries.filter(([field]) => !exactFields.includes(field)), ['exactly', Object.fromEntries(exactly)]]);
}

function olderRequest({ exactly, ...request }: Dict): Dict {
  return isDict(exactly) ? { ...request, ...exactly } : request;
}

/** Claims of `v1beta1` say directly in a request what newer versions say in `exactly`. `path` leads to the requests. */
function claimConversion(path: readonly string[]): Conversion {
  return {
    toStored: (object) => withItems(object, 'v1', path, newerRequest),
    fromStored: (object) => withItems(object, 'v1beta1', path, olderRequest),
  };
}

export const olderClaimConversion = claimConversion(['spec', 'devices', 'requests']);
export const olderClaimTemplateConversion = claimConversion(['spec', 'spec', 'devices', 'requests']);

/** Slices of `v1beta1` say in `basic` what newer versions say directly in a device. Upstream: `pkg/apis/resource/v1beta1/conversion.go`. */
export const olderSliceConversion: Conversion = {
  toStored: (object) =>
    withItems(object, 'v1', ['spec', 'devices'], ({ basic, ...device }) => (isDict(basic) ? { ...device, ...basic } : device)),
  fromStored: (object) => withItems(object, 'v1beta1', ['spec', 'devices'], ({ name, ...basic }) => ({ name, basic })),
};
