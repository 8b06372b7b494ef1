import type { Pod, VolumeProjection } from '../../api/generated/types/core/v1.ts';
import type { NodeAllocatable, VolumeDriver, VolumeObjects } from '../driver.ts';
import type { VolumeTree } from '../volume-tree.ts';
import { configMapPayload, defaultFileMode, downwardAPIPayload, secretPayload } from './payload.ts';

/** Volumes whose files are written from objects of the API. */
export function objectVolumes(objects: VolumeObjects, allocatable: NodeAllocatable): readonly VolumeDriver[] {
  const namespaceOf = (pod: Pod) => pod.metadata?.namespace ?? '';
  return [
    {
      requiresRepublish: true,
      supports: (volume) => volume.configMap !== undefined,
      nodePublishVolume: ({ volume: { configMap = {} }, pod }) =>
        configMapPayload(objects, namespaceOf(pod), configMap, configMap.defaultMode ?? defaultFileMode),
    },
    {
      requiresRepublish: true,
      supports: (volume) => volume.secret !== undefined,
      nodePublishVolume: ({ volume: { secret = {} }, pod }) => {
        const { secretName, ...source } = secret;
        const projection = secretName === undefined ? source : { ...source, name: secretName };
        return secretPayload(objects, namespaceOf(pod), projection, secret.defaultMode ?? defaultFileMode);
      },
    },
    {
      requiresRepublish: true,
      supports: (volume) => volume.downwardAPI !== undefined,
      nodePublishVolume: async ({ volume: { downwardAPI = {} }, pod }) =>
        downwardAPIPayload(pod, downwardAPI, allocatable, downwardAPI.defaultMode ?? defaultFileMode),
    },
    {
      requiresRepublish: true,
      supports: (volume) => volume.projected !== undefined,
      async nodePublishVolume({ volume: { projected = {} }, pod }) {
        const mode = projected.defaultMode ?? defaultFileMode;
        const tree: VolumeTree = new Map();
        for (const source of projected.sources ?? []) {
          for (const [path, file] of await projectionPayload(source, pod, mode)) tree.set(path, file);
        }
        return tree;
      },
    },
  ];

  async function projectionPayload(source: VolumeProjection, pod: Pod, mode: number): Promise<VolumeTree> {
    if (source.configMap !== undefined) return configMapPayload(objects, namespaceOf(pod), source.configMap, mode);
    if (source.secret !== undefined) return secretPayload(objects, namespaceOf(pod), source.secret, mode);
    if (source.downwardAPI !== undefined) return downwardAPIPayload(pod, source.downwardAPI, allocatable, mode);
    const token = source.serviceAccountToken;
    if (token !== undefined) {
      const read = async () =>
        new TextEncoder().encode(await objects.serviceAccountToken(pod, token.audience, token.expirationSeconds ?? 3_600));
      return new Map([[token.path, { mode: 0o600, read }]]);
    }
    throw new Error(
      'projected volume source is not supported by this node: only configMap, secret, downwardAPI and serviceAccountToken are',
    );
  }
}
