import type {
  DeviceRequest,
  DeviceToleration,
  ExactDeviceRequest,
  ResourceClaim,
  ResourceClaimSpec,
  ResourceClaimTemplate,
} from '../generated/types/resource/v1.ts';
import type { DefaultsByKind } from './defaults.ts';

/** `pkg/apis/resource/v1`. Version v1beta2 has the same form. */
export const resourceDefaults: DefaultsByKind = Object.fromEntries(
  ['v1', 'v1beta2'].flatMap((version) => [
    [`resource.k8s.io/${version}/ResourceClaim`, ({ spec }: ResourceClaim) => defaultClaim(spec)],
    [`resource.k8s.io/${version}/ResourceClaimTemplate`, ({ spec }: ResourceClaimTemplate) => defaultClaim(spec?.spec)],
  ]),
);

function defaultClaim(spec: ResourceClaimSpec | undefined): void {
  for (const request of spec?.devices?.requests ?? []) {
    for (const wanted of wantedBy(request)) {
      wanted.allocationMode ||= 'ExactCount';
      if (wanted.allocationMode === 'ExactCount') wanted.count ||= 1;
      for (const toleration of wanted.tolerations ?? []) defaultToleration(toleration);
    }
  }
}

function wantedBy({ exactly, firstAvailable = [] }: DeviceRequest): Pick<ExactDeviceRequest, 'allocationMode' | 'count' | 'tolerations'>[] {
  return exactly === undefined ? firstAvailable : [exactly, ...firstAvailable];
}

function defaultToleration(toleration: DeviceToleration): void {
  toleration.operator ||= 'Equal';
}
