import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { kinds } from '../../../api/generated/kinds.ts';
import { apiVersionOf } from '../../../api/kinds/kind.ts';
import type { Json, KubeObject } from '../../../api/object.ts';
import { kubernetesYaml } from '../../../api/yaml/dialect.ts';
import { ApiError, type Client, type ResourceRef } from '../../../client/client.ts';
import { CommandError } from './arguments.ts';

/** An object of a manifest and where it stands. */
export interface Manifest {
  readonly file: string;
  readonly object: KubeObject;
  readonly resource: ResourceRef<KubeObject>;
}

/** Reads all objects of YAML files and of folders with such files. @throws {@link CommandError} naming the file */
export function readManifests(paths: readonly string[]): Manifest[] {
  return paths.flatMap(manifestFiles).flatMap((file) =>
    parseAllDocuments(readFileSync(file, 'utf8'), kubernetesYaml).flatMap((document) => {
      const [error] = document.errors;
      if (error) throw new CommandError(`${file}: ${error.message.split('\n', 1)[0]}`);
      const object = document.toJS({ maxAliasCount: 100 }) as KubeObject | null;
      return object === null ? [] : [{ file, object, resource: resourceOf(object, file) }];
    }),
  );
}

function manifestFiles(path: string): string[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new CommandError(`the path ${JSON.stringify(path)} does not exist`);
  if (found.isFile()) return [path];
  return readdirSync(path)
    .filter((name) => ['.yaml', '.yml', '.json'].includes(extname(name)))
    .sort()
    .map((name) => join(path, name));
}

function resourceOf({ apiVersion, kind }: KubeObject, file: string): ResourceRef<KubeObject> {
  const row = kinds.find((k) => k.kind === kind && apiVersionOf(k) === apiVersion);
  if (!row)
    throw new CommandError(`${file}: no matches for kind ${JSON.stringify(kind ?? '')} in version ${JSON.stringify(apiVersion ?? '')}`);
  return row;
}

/**
 * Applies the objects in order, as `kubectl apply --server-side` does.
 * @returns the objects as the server has them now
 * @throws {@link CommandError} for the first that is refused
 */
export async function applyManifests(client: Client, manifests: readonly Manifest[]): Promise<KubeObject[]> {
  const applied: KubeObject[] = [];
  for (const { file, object, resource } of manifests) {
    const namespace = resource.namespaced ? (object.metadata?.namespace ?? 'default') : undefined;
    try {
      // What the YAML parser gives is JSON, whatever the object's interface says.
      const body = object as unknown as Json;
      const patch = { type: 'apply', body, fieldManager: 'kubeside', force: true } as const;
      applied.push(await client.resource(resource).patch(object.metadata?.name ?? '', namespace, patch));
    } catch (error) {
      if (error instanceof ApiError) throw new CommandError(`${file}: ${error.message}`);
      throw error;
    }
  }
  return applied;
}
