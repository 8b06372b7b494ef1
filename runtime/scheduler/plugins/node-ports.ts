import { hostPorts, hostPortsConflict } from '../../api/host-ports.ts';
import type { Plugin, Rejection } from '../framework/plugin.ts';

const rejection: Rejection = { reasons: ["node(s) didn't have free ports for the requested pod ports"], unresolvable: false };

/** Leaves out nodes on which a host port the pod wants is taken. */
export const nodePorts: Plugin = {
  name: 'NodePorts',
  filter(pod) {
    const wanted = hostPorts(pod);
    return wanted.length === 0 ? undefined : { check: (node) => (hostPortsConflict(wanted, node.ports) ? rejection : undefined) };
  },
  wakes(event) {
    if (event.type === 'node added') return () => true;
    if (event.type !== 'pod deleted') return undefined;
    const freed = hostPorts(event.pod);
    return freed.length === 0 ? undefined : (pod) => hostPortsConflict(hostPorts(pod), freed);
  },
};
