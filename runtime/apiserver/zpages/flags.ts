import type { InFlightLimits } from '../filters/in-flight.ts';

/** What stands behind the flags that every API server has. */
export interface FlagValues {
  readonly inFlight: InFlightLimits;
  readonly nodePorts: readonly [number, number];
  readonly serviceCidr: string;
  readonly runtimeConfig: readonly string[];
}

/**
 * The settings in effect as upstream's command line flags of kube-apiserver name and write them.
 *
 * @param further flags whose values are known to who starts the server alone
 */
export function flagsOf(
  { inFlight, nodePorts, serviceCidr, runtimeConfig }: FlagValues,
  further: Readonly<Record<string, string>>,
): ReadonlyMap<string, string> {
  const flags: Readonly<Record<string, string>> = {
    'authorization-mode': '[Node,RBAC]',
    'max-mutating-requests-inflight': String(inFlight.mutating),
    'max-requests-inflight': String(inFlight.readOnly),
    'runtime-config': runtimeConfig
      .map((version) => `${version}=true`)
      .sort()
      .join(','),
    'service-cluster-ip-range': serviceCidr,
    'service-node-port-range': nodePorts.join('-'),
    ...further,
  };
  return new Map(Object.entries(flags));
}
