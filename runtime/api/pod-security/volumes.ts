import { type Check, type CheckPod, plural, quoteAll, quoteSorted } from './check.ts';

/** Checks of where a pod's files may come from. */

const hostPath: CheckPod = ({ spec }) => {
  const bad = (spec.volumes ?? []).filter((volume) => volume.hostPath !== undefined).map(({ name }) => name);
  if (bad.length === 0) return undefined;
  return { reason: 'hostPath volumes', detail: `${plural('volume', 'volumes', bad.length)} ${quoteAll(bad)}` };
};

const allowedSources = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
] as const;
const otherSources = [
  'hostPath',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'gitRepo',
  'nfs',
  'iscsi',
  'glusterfs',
  'rbd',
  'flexVolume',
  'cinder',
  'cephfs',
  'flocker',
  'fc',
  'azureFile',
  'vsphereVolume',
  'quobyte',
  'azureDisk',
  'photonPersistentDisk',
  'portworxVolume',
  'scaleIO',
  'storageos',
] as const;

const restricted: CheckPod = ({ spec }) => {
  const bad = (spec.volumes ?? []).filter((volume) => allowedSources.every((source) => volume[source] === undefined));
  if (bad.length === 0) return undefined;
  const types = new Set(bad.map((volume) => otherSources.find((source) => volume[source] !== undefined) ?? 'unknown'));
  const who = `${plural('volume', 'volumes', bad.length)} ${quoteAll(bad.map(({ name }) => name))} ${plural('uses', 'use', bad.length)}`;
  const what = plural('restricted volume type', 'restricted volume types', types.size);
  return { reason: 'restricted volume types', detail: `${who} ${what} ${quoteSorted(types)}` };
};

export const volumeChecks: readonly Check[] = [
  { id: 'hostPathVolumes', level: 'baseline', versions: [{ since: 0, check: hostPath }] },
  { id: 'restrictedVolumes', level: 'restricted', versions: [{ since: 0, check: restricted, overrides: ['hostPathVolumes'] }] },
];
