import { base64Bytes } from '../../api/base64.ts';
import type {
  ConfigMap,
  ConfigMapProjection,
  DownwardAPIProjection,
  KeyToPath,
  Pod,
  Secret,
  SecretProjection,
} from '../../api/generated/types/core/v1.ts';
import { containersOf, type NodeAllocatable, type VolumeObjects } from '../driver.ts';
import { fieldValue, resourceValue } from '../field-path.ts';
import { bytesFile, textFile, type VolumeFile, type VolumeTree } from '../volume-tree.ts';

export const defaultFileMode = 0o644;

/** The files that a ConfigMap makes. */
export async function configMapPayload(
  objects: VolumeObjects,
  namespace: string,
  source: ConfigMapProjection,
  mode: number,
): Promise<VolumeTree> {
  const name = source.name ?? '';
  const configMap: ConfigMap | undefined = await objects.configMap(namespace, name);
  if (configMap === undefined && source.optional !== true) throw new Error(`configmap "${name}" not found`);
  const entries = new Map<string, (mode: number) => VolumeFile>();
  for (const [key, text] of Object.entries(configMap?.data ?? {})) entries.set(key, (fileMode) => textFile(text, fileMode));
  for (const [key, text] of Object.entries(configMap?.binaryData ?? {}))
    entries.set(key, (fileMode) => bytesFile(base64Bytes(text), fileMode));
  return project(entries, source.items, source.optional, mode, (key) => `configmap references non-existent config key: ${key}`);
}

/** The files that a Secret makes. */
export async function secretPayload(
  objects: VolumeObjects,
  namespace: string,
  source: SecretProjection,
  mode: number,
): Promise<VolumeTree> {
  const name = source.name ?? '';
  const secret: Secret | undefined = await objects.secret(namespace, name);
  if (secret === undefined && source.optional !== true) throw new Error(`secret "${name}" not found`);
  const entries = new Map<string, (mode: number) => VolumeFile>();
  for (const [key, text] of Object.entries(secret?.data ?? {})) entries.set(key, (fileMode) => bytesFile(base64Bytes(text), fileMode));
  return project(entries, source.items, source.optional, mode, (key) => `references non-existent secret key: ${key}`);
}

/** The files that the downward API makes. */
export function downwardAPIPayload(pod: Pod, source: DownwardAPIProjection, allocatable: NodeAllocatable, mode: number): VolumeTree {
  const tree: VolumeTree = new Map();
  for (const { path, fieldRef, resourceFieldRef, mode: fileMode } of source.items ?? []) {
    if (fieldRef !== undefined) tree.set(path, textFile(fieldValue(pod, fieldRef.fieldPath), fileMode ?? mode));
    else if (resourceFieldRef !== undefined) {
      const container = containersOf(pod).find(({ name }) => name === resourceFieldRef.containerName);
      if (container === undefined) throw new Error(`container ${resourceFieldRef.containerName ?? ''} not found`);
      tree.set(path, textFile(resourceValue(container, resourceFieldRef, allocatable), fileMode ?? mode));
    }
  }
  return tree;
}

function project(
  entries: ReadonlyMap<string, (mode: number) => VolumeFile>,
  items: readonly KeyToPath[] | undefined,
  optional: boolean | undefined,
  mode: number,
  missing: (key: string) => string,
): VolumeTree {
  const tree: VolumeTree = new Map();
  if (items === undefined || items.length === 0) {
    for (const [key, make] of entries) tree.set(key, make(mode));
    return tree;
  }
  for (const item of items) {
    const make = entries.get(item.key);
    if (make !== undefined) tree.set(item.path, make(item.mode ?? mode));
    else if (optional !== true) throw new Error(missing(item.key));
  }
  return tree;
}
