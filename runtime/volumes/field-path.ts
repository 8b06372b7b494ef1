import type { Container, Pod, ResourceFieldSelector } from '../api/generated/types/core/v1.ts';
import { parseQuantity } from '../api/quantity.ts';
import type { NodeAllocatable } from './driver.ts';

/** The value of a pod's field as the downward API gives it. @throws Error for a field it does not know. */
export function fieldValue(pod: Pod, fieldPath: string): string {
  const { metadata, spec, status } = pod;
  const [, map, key] = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(fieldPath) ?? [];
  if (key !== undefined) return (map === 'labels' ? metadata?.labels : metadata?.annotations)?.[key] ?? '';
  switch (fieldPath) {
    case 'metadata.name':
      return metadata?.name ?? '';
    case 'metadata.namespace':
      return metadata?.namespace ?? '';
    case 'metadata.uid':
      return metadata?.uid ?? '';
    case 'metadata.labels':
      return formatMap(metadata?.labels);
    case 'metadata.annotations':
      return formatMap(metadata?.annotations);
    case 'spec.nodeName':
      return spec?.nodeName ?? '';
    case 'spec.serviceAccountName':
      return spec?.serviceAccountName ?? '';
    case 'status.hostIP':
      return status?.hostIP ?? '';
    case 'status.hostIPs':
      return (status?.hostIPs ?? []).map(({ ip }) => ip).join(',');
    case 'status.podIP':
      return status?.podIP ?? '';
    case 'status.podIPs':
      return (status?.podIPs ?? []).map(({ ip }) => ip).join(',');
    default:
      throw new Error(`unsupported fieldPath: ${fieldPath}`);
  }
}

/** The value of a container's resource in units of the divisor, rounded up. */
export function resourceValue(container: Container, selector: ResourceFieldSelector, allocatable: NodeAllocatable): string {
  const [list, ...rest] = selector.resource.split('.');
  const resource = rest.join('.');
  if ((list !== 'limits' && list !== 'requests') || resource === '')
    throw new Error(`unsupported container resource : ${selector.resource}`);
  const set = container.resources?.[list]?.[resource];
  const node = resource === 'cpu' || resource === 'memory' || resource === 'ephemeral-storage' ? allocatable[resource] : '0';
  const quantity = parseQuantity(set ?? (list === 'limits' ? node : '0')).nanos;
  const divisor = parseQuantity(selector.divisor ?? '1').nanos;
  const unit = divisor === 0n ? 1_000_000_000n : divisor;
  return String((quantity + unit - 1n) / unit);
}

/** `key="value"`, one a line, in the order of the keys. */
function formatMap(map: Record<string, string> | undefined): string {
  return Object.entries(map ?? {})
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join('\n');
}
