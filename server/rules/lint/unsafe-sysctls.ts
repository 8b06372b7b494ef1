import { t } from '@vscode/l10n';
import type { Rule } from '../rule.ts';
import { perPod } from '../shapes.ts';

const safe: ReadonlySet<string> = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_wmem',
]);

export const unsafeSysctls: Rule = {
  id: 'unsafe-sysctls',
  title: 'Unsafe kernel setting',
  why: 'A node refuses such pods unless it was told to allow them.',
  severity: 'hint',
  scope: 'object',
  check: perPod((spec) =>
    spec
      .get('securityContext', 'sysctls')
      .items()
      .map((item) => item.get('name'))
      .filter((name) => name.text !== undefined && !safe.has(name.text))
      .map((at) => ({ at, message: t('{0} is not among the safe settings', at.text ?? '') })),
  ),
};
