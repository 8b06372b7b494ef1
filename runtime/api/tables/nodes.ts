import type { Node } from '../generated/types/core/v1.ts';
import { conditionStatus } from './cells.ts';
import { ageColumn, ageOf, column, documented, nameColumn, nameOf, type Printers, printer, wide } from './printer.ts';

const rolePrefix = 'node-role.kubernetes.io/';
const roleLabel = 'kubernetes.io/role';

/** Roles a node's labels give it, sorted. */
export function rolesOf(node: Node): string[] {
  const roles = new Set<string>();
  for (const [key, value] of Object.entries(node.metadata?.labels ?? {})) {
    if (key.startsWith(rolePrefix) && key.length > rolePrefix.length) roles.add(key.slice(rolePrefix.length));
    else if (key === roleLabel && value !== '') roles.add(value);
  }
  return [...roles].sort();
}

function statusOf(node: Node): string {
  const ready = conditionStatus(node.status?.conditions, 'Ready');
  const status = ready === undefined ? 'Unknown' : ready === 'True' ? 'Ready' : 'NotReady';
  return node.spec?.unschedulable === true ? `${status},SchedulingDisabled` : status;
}

function addressOf(node: Node, type: string): string {
  return node.status?.addresses?.find((address) => address.type === type)?.address ?? '<none>';
}

export const nodePrinters: Printers = {
  Node: printer<Node>(
    [
      nameColumn,
      column('Status', 'The status of the node'),
      column('Roles', 'The roles of the node'),
      ageColumn,
      column('Version', documented('core.v1.NodeSystemInfo', 'kubeletVersion')),
      wide('Internal-IP', documented('core.v1.NodeStatus', 'addresses')),
      wide('External-IP', documented('core.v1.NodeStatus', 'addresses')),
      wide('OS-Image', documented('core.v1.NodeSystemInfo', 'osImage')),
      wide('Kernel-Version', documented('core.v1.NodeSystemInfo', 'kernelVersion')),
      wide('Container-Runtime', documented('core.v1.NodeSystemInfo', 'containerRuntimeVersion')),
    ],
    (node, now) => {
      const info = node.status?.nodeInfo;
      return [
        nameOf(node),
        statusOf(node),
        rolesOf(node).join(',') || '<none>',
        ageOf(node, now),
        info?.kubeletVersion ?? '',
        addressOf(node, 'InternalIP'),
        addressOf(node, 'ExternalIP'),
        info?.osImage || '<unknown>',
        `${info?.kernelVersion || '<unknown>'}${info?.architecture ? ` (${info.architecture})` : ''}`,
        info?.containerRuntimeVersion || '<unknown>',
      ];
    },
  ),
};
