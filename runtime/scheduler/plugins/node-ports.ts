import { type HostPort, hostPorts } from '../framework/node-info.ts';
import type { Plugin, Rejection } from '../framework/plugin.ts';

const rejection: Rejection = { reasons: ["node(s) didn't have free ports for the requested pod ports"], unresolvable: false };

/** Leaves out nodes on which a host port the pod wants is taken. */
export const nodePorts: Plugin = {
  name: 'NodePorts',
  filter(pod) {
    const wanted = hostPorts(pod);
    return wanted.length === 0 ? undefined : { check: (node) => (conflict(wanted, node.ports) ? rejection : undefined) };
  },
  wakes(event) {
    if (event.type === 'node added') return () => true;
    if (event.type !== 'pod deleted') return undefined;
    const freed = hostPorts(event.pod);
    return freed.length === 0 ? undefined : (pod) => conflict(hostPorts(pod), freed);
  },
};

const anywhere = '0.0.0.0';

function conflict(wanted: readonly HostPort[], used: readonly HostPort[]): boolean {
  return wanted.some((a) =>
    used.some(
      (b) =>
        a.port === b.port && a.protocol === b.protocol && (a.address === b.address || a.address === anywhere || b.address === anywhere),
    ),
  );
}
