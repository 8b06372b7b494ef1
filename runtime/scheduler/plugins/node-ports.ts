import { type HostPort, hostPorts } from '../framework/node-info.ts';
import type { Plugin } from '../framework/plugin.ts';

/** Leaves out nodes on which a host port the pod wants is taken. */
export const nodePorts: Plugin = {
  name: 'NodePorts',
  prepare: hostPorts,
  filter(_pod, node, prepared) {
    const taken = (prepared as HostPort[]).some((wanted) => node.ports.some((used) => conflicts(wanted, used)));
    return taken ? { reasons: ["node(s) didn't have free ports for the requested pod ports"], unresolvable: false } : undefined;
  },
};

const conflicts = (a: HostPort, b: HostPort): boolean =>
  a.port === b.port && a.protocol === b.protocol && (a.address === b.address || a.address === '0.0.0.0' || b.address === '0.0.0.0');
