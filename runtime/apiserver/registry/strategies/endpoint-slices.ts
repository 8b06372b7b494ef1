import { dns1123SubdomainProblems } from '../../../api/names/index.ts';
import { semanticEqual } from '../../../api/validation/equality.ts';
import { type ApiObject, arrayAt, type Dict, isDict, stringAt } from '../api-object.ts';
import type { Strategy } from '../strategy.ts';

const hostLabel = 'kubernetes.io/hostname';

/** Rules of `pkg/registry/discovery/endpointslice`. */
export const endpointSliceStrategy: Strategy = {
  generationFields: ['endpoints', 'ports', 'addressType'],
  prepareForCreate: (slice) => dropTopology(slice, []),
  prepareForUpdate(slice, old) {
    if (!semanticEqual(slice.metadata.labels ?? {}, old.metadata.labels ?? {}))
      slice.metadata.generation = (old.metadata.generation ?? 0) + 1;
    if (!semanticEqual(slice.endpoints, old.endpoints)) dropTopology(slice, endpointsOf(old).map(topologyHost));
  },
};

function endpointsOf(slice: ApiObject): Dict[] {
  return arrayAt(slice, 'endpoints').filter(isDict);
}

function topologyHost(endpoint: Dict): string {
  return stringAt(endpoint, 'deprecatedTopology', hostLabel);
}

/** What the older version said of topology may not be written any more; a node it named before is kept where the newer version has it. */
function dropTopology(slice: ApiObject, hosts: readonly string[]): void {
  for (const endpoint of endpointsOf(slice)) {
    const host = topologyHost(endpoint);
    const isKept = endpoint.nodeName === undefined && hosts.includes(host) && dns1123SubdomainProblems(host).length === 0;
    if (isKept) endpoint.nodeName = host;
    delete endpoint.deprecatedTopology;
  }
}
