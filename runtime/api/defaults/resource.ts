import type {
  DeviceRequest,
  DeviceToleration,
  ExactDeviceRequest,
  ResourceClaim,
  ResourceClaimSpec,
  ResourceClaimTemplate,
} from '../generated/types/resource/v1.ts';
import type { ResourcePoolStatusRequest } from '../generated/types/resource/v1alpha3.ts';
import type { DefaultsByKind } from './defaults.ts';

/** `pkg/apis/resource/v1`. Version v1beta2 has the same form, and v1beta1 has what stands in `exactly` in the request itself. */
export const resourceDefaults: DefaultsByKind = {
  ...Object.fromEntries(
    ['v1', 'v1beta2', 'v1beta1'].flatMap((version) => [
      [`resource.k8s.io/${version}/ResourceClaim`, ({ spec }: ResourceClaim) => defaultClaim(spec)],
      [`resource.k8s.io/${version}/ResourceClaimTemplate`, ({ spec }: ResourceClaimTemplate) => defaultClaim(spec?.spec)],
    ]),
  ),
  'resource.k8s.io/v1alpha3/ResourcePoolStatusRequest': ({ spec }: Partial<ResourcePoolStatusRequest>) => {
    if (spec !== undefined) spec.limit ??= 100;
  },
};

function defaultClaim(spec: ResourceClaimSpec | undefined): void {
  for (const request of spec?.devices?.requests ?? []) {
    for (const wanted of wantedBy(request)) {
      wanted.allocationMode ||= 'ExactCount';
      if (wanted.allocationMode === 'ExactCount') wanted.count ||= 1;
      for (const toleration of wanted.tolerations ?? []) defaultToleration(toleration);
    }
  }
}

type Wanted = Pick<ExactDeviceRequest, 'allocationMode' | 'count' | 'tolerations'>;

function wantedBy(request: DeviceRequest & { readonly deviceClassName?: string }): Wanted[] {
  const { exactly = request.deviceClassName === undefined ? undefined : (request as Wanted), firstAvailable = [] } = request;
  return exactly === undefined ? firstAvailable : [exactly, ...firstAvailable];
}

function defaultToleration(toleration: DeviceToleration): void {
  toleration.operator ||= 'Equal';
}
