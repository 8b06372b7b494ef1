import type { Pod } from './generated/types/core/v1.ts';

/** A host port as it blocks others. */
export interface HostPort {
  readonly protocol: string;
  readonly address: string;
  readonly port: number;
}

const noPorts: HostPort[] = [];

/** Every host port the pod's containers want, those of sidecars included. */
export function hostPorts(pod: Pod): HostPort[] {
  const containers = [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? []).filter((c) => c.restartPolicy === 'Always')];
  if (!containers.some((container) => container.ports?.length)) return noPorts;
  return containers.flatMap((container) =>
    (container.ports ?? []).flatMap(({ hostPort, hostIP, protocol }) =>
      hostPort ? [{ port: hostPort, address: hostIP || '0.0.0.0', protocol: protocol ?? 'TCP' }] : [],
    ),
  );
}

const anywhere = '0.0.0.0';

/** Whether one of the wanted ports is among those in use: an address of all conflicts with any. */
export function hostPortsConflict(wanted: readonly HostPort[], used: readonly HostPort[]): boolean {
  return wanted.some((a) =>
    used.some(
      (b) =>
        a.port === b.port && a.protocol === b.protocol && (a.address === b.address || a.address === anywhere || b.address === anywhere),
    ),
  );
}
