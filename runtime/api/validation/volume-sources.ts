import type {
  AzureDiskVolumeSource,
  FCVolumeSource,
  GCEPersistentDiskVolumeSource,
  HostPathVolumeSource,
  ISCSIVolumeSource,
  NFSVolumeSource,
  QuobyteVolumeSource,
} from '../generated/types/core/v1.ts';
import { byteLength, dns1123SubdomainProblems, inclusiveRangeMessage } from '../names/index.ts';
import { checkDnsLabel, checkOptionalOneOf, checkRequired, type Errors, reportInvalid, sortedEntries } from './checks.ts';
import { forbidden, invalid, notSupported, required, tooLong } from './field-error.ts';
import type { Path } from './path.ts';
import { checkNoBacksteps } from './pod/paths.ts';

/** Kinds of volume that both pods and PersistentVolumes know. */

/** A check of one kind of volume, by the name of its field. */
export type SourceCheck<T> = (source: T, path: Path, errors: Errors) => void;

/** Names that upstream writes in errors where they are not those of the fields: of the source itself, and of one too many. */
const firstNames: Readonly<Record<string, string>> = { gcePersistentDisk: 'persistentDisk' };
const secondNames: Readonly<Record<string, string>> = { cephfs: 'cephFS', downwardAPI: 'downwarAPI' };

/**
 * Runs the check of the one source that is given. Others beside it are forbidden, but for `beside`; none at all is an error.
 * The table's order is that of upstream's checks.
 */
export function validateOneSource<T extends object>(
  sources: T,
  checks: { readonly [K in keyof T]?: SourceCheck<NonNullable<T[K]>> },
  path: Path,
  errors: Errors,
  beside?: keyof T,
): void {
  let count = 0;
  for (const name in checks) {
    const source = sources[name];
    if (source === undefined || source === null) continue;
    if (count++ > 0 && name !== beside)
      errors.push(forbidden(path.child(secondNames[name] ?? name), 'may not specify more than 1 volume type'));
    else checks[name]?.(source, path.child(firstNames[name] ?? name), errors);
  }
  if (count === 0) errors.push(required(path, 'must specify a volume type'));
}

const hostPathTypes = ['', 'BlockDevice', 'CharDevice', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket'];

export function validateHostPath({ path: target = '', type }: HostPathVolumeSource, path: Path, errors: Errors): void {
  if (target === '') {
    errors.push(required(path.child('path')));
    return;
  }
  checkNoBacksteps(target, path.child('path'), errors);
  checkOptionalOneOf(type, hostPathTypes, path.child('type'), errors);
}

export function validateNfs({ server, path: target = '' }: NFSVolumeSource, path: Path, errors: Errors): void {
  checkRequired(server, path.child('server'), errors);
  checkRequired(target, path.child('path'), errors);
  if (!target.startsWith('/')) errors.push(invalid(path.child('path'), target, 'must be an absolute path'));
}

const iscsiNames: Readonly<Record<string, RegExp>> = {
  iqn: /iqn\.\d{4}-\d{2}\.([a-zA-Z0-9\-.]+)(:[^,;*&$|\s]+)$/,
  eui: /^eui.[a-zA-Z0-9]{16}$/,
  naa: /^naa.[a-zA-Z0-9]{32}$/,
};

function checkIscsiName(name: string, path: Path, errors: Errors): void {
  const form = iscsiNames[name.slice(0, 3)];
  if (form === undefined) errors.push(invalid(path, name, 'must be valid format starting with iqn, eui, or naa'));
  else if (!form.test(name)) errors.push(invalid(path, name, 'must be valid format'));
}

export function validateIscsi(source: Omit<ISCSIVolumeSource, 'secretRef'> & { secretRef?: object }, path: Path, errors: Errors): void {
  const { iqn = '', lun = 0 } = source;
  checkRequired(source.targetPortal, path.child('targetPortal'), errors);
  if (iqn === '') errors.push(required(path.child('iqn')));
  else checkIscsiName(iqn, path.child('iqn'), errors);
  if (lun < 0 || lun > 255) errors.push(invalid(path.child('lun'), lun, inclusiveRangeMessage(0, 255)));
  if ((source.chapAuthDiscovery === true || source.chapAuthSession === true) && source.secretRef === undefined) {
    errors.push(required(path.child('secretRef')));
  }
  if (source.initiatorName !== undefined) checkIscsiName(source.initiatorName, path.child('initiatorname'), errors);
}

export function validateFc({ targetWWNs = [], wwids = [], lun }: FCVolumeSource, path: Path, errors: Errors): void {
  if (targetWWNs.length === 0 && wwids.length === 0) {
    errors.push(required(path.child('targetWWNs'), 'must specify either targetWWNs or wwids, but not both'));
  }
  if (targetWWNs.length === 0) return;
  if (wwids.length > 0) {
    errors.push(invalid(path.child('targetWWNs'), targetWWNs, 'targetWWNs and wwids can not be specified simultaneously'));
  }
  if (lun === undefined) errors.push(required(path.child('lun'), 'lun is required if targetWWNs is specified'));
  else if (lun < 0 || lun > 255) errors.push(invalid(path.child('lun'), lun, inclusiveRangeMessage(0, 255)));
}

export function validatePartitionedDisk(
  id: string | undefined,
  idField: string,
  partition: number | undefined,
  path: Path,
  errors: Errors,
): void {
  checkRequired(id, path.child(idField), errors);
  if (partition !== undefined && (partition < 0 || partition > 255)) {
    errors.push(invalid(path.child('partition'), partition, inclusiveRangeMessage(1, 255)));
  }
}

export function validateAzureDisk(disk: AzureDiskVolumeSource, path: Path, errors: Errors): void {
  const { diskURI = '', kind } = disk;
  checkRequired(disk.diskName, path.child('diskName'), errors);
  checkRequired(diskURI, path.child('diskURI'), errors);
  checkOptionalOneOf(disk.cachingMode, ['None', 'ReadOnly', 'ReadWrite'], path.child('cachingMode'), errors);
  checkOptionalOneOf(kind, ['Dedicated', 'Managed', 'Shared'], path.child('kind'), errors);
  if (kind === 'Managed' && !diskURI.startsWith('/subscriptions/')) {
    const form = '/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}';
    errors.push(notSupported(path.child('diskURI'), diskURI, [form]));
  } else if (kind !== undefined && kind !== 'Managed' && !diskURI.startsWith('https://')) {
    const form = 'https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd';
    errors.push(notSupported(path.child('diskURI'), diskURI, [form]));
  }
}

export function validateFlexVolume(
  volume: { readonly driver?: string; readonly options?: Readonly<Record<string, string>> },
  path: Path,
  errors: Errors,
): void {
  checkRequired(volume.driver, path.child('driver'), errors);
  for (const [key] of sortedEntries(volume.options)) {
    const domain = `.${(key.includes('/') ? key.slice(0, key.indexOf('/')) : key).toLowerCase()}`;
    if (domain.endsWith('.kubernetes.io') || domain.endsWith('.k8s.io')) {
      errors.push(invalid(path.child('options').key(key), key, 'kubernetes.io and k8s.io namespaces are reserved'));
    }
  }
}

export function validateStorageOs(volume: { volumeName?: string; volumeNamespace?: string }, path: Path, errors: Errors): void {
  const { volumeName = '', volumeNamespace = '' } = volume;
  if (volumeName === '') errors.push(required(path.child('volumeName')));
  else checkDnsLabel(volumeName, path.child('volumeName'), errors);
  if (volumeNamespace !== '') checkDnsLabel(volumeNamespace, path.child('volumeNamespace'), errors);
}

/** The name of a CSI driver. */
export function checkCsiDriverName(name: string, path: Path, errors: Errors): void {
  if (name === '') {
    errors.push(required(path));
    return;
  }
  if (byteLength(name) > 63) errors.push(tooLong(path, 63));
  reportInvalid(dns1123SubdomainProblems(name.toLowerCase()), name, path, errors);
}

/** A disk of Google's. The faults of its fields stand at another path than the disk, as upstream has it. */
export function validateGceDisk({ pdName, partition }: GCEPersistentDiskVolumeSource, path: Path, errors: Errors): void {
  validatePartitionedDisk(pdName, 'pdName', partition, path.sibling('persistentDisk'), errors);
}

const registryMessage = 'must be a host:port pair or multiple pairs separated by commas';
const hostAndPort = /^(\[[^[\]]*\]|[^:[\]]*):[^:[\]]*$/;

export function validateQuobyte({ registry = '', tenant = '', volume }: QuobyteVolumeSource, path: Path, errors: Errors): void {
  if (registry === '') errors.push(required(path.child('registry'), registryMessage));
  else if (byteLength(tenant) >= 65) {
    errors.push(required(path.child('tenant'), 'must be a UUID and may not exceed a length of 64 characters'));
  } else {
    for (const pair of registry.split(',')) {
      if (!hostAndPort.test(pair)) errors.push(invalid(path.child('registry'), registry, registryMessage));
    }
  }
  checkRequired(volume, path.child('volume'), errors);
}
