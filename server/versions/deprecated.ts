import { t } from '@vscode/l10n';
import { migratedDrivers } from '../../runtime/api/volume-drivers.ts';
import { releases } from './history.ts';

/** What to write in place of deprecated fields. */
const replacements: Readonly<Record<string, () => string>> = {
  gitRepo: () => t('clone in an init container into an emptyDir that the containers mount'),
  flexVolume: () => t('use a CSI driver'),
  loadBalancerIP: () => t("use the annotations of the cloud provider's load balancer"),
  selfLink: () => t('it is never set any more'),
  tcpSocket: () => t('lifecycle hooks that use it never run: use httpGet or exec'),
  preserveUnknownFields: () => t('set x-kubernetes-preserve-unknown-fields in the schema'),
};

/** Volume types whose drivers were taken out of Kubernetes, with the CSI driver that took over. */
const migrated: Readonly<Record<string, string>> = {
  ...migratedDrivers,
  cephfs: 'cephfs.csi.ceph.com',
  rbd: 'rbd.csi.ceph.com',
};

/** Fields that a rule of its own speaks of. */
const hasRule = new Set(['serviceAccount']);

/** What to say of a field that should not be written any more; undefined of every other. */
export function deprecatedField(definition: string | undefined, field: string): string | undefined {
  const isDeprecated = definition !== undefined && (releases.deprecated[definition]?.includes(field) ?? false);
  if (!isDeprecated || hasRule.has(field)) return undefined;
  const driver = migrated[field];
  const instead = driver === undefined ? replacements[field]?.() : t('use the CSI driver {0}', driver);
  return instead === undefined ? t('"{0}" is deprecated', field) : t('"{0}" is deprecated: {1}', field, instead);
}
