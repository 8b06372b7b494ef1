import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { LineCounter, parseAllDocuments } from 'yaml';
import { kinds } from '../../../api/generated/kinds.ts';
import { apiVersionOf } from '../../../api/kinds/kind.ts';
import type { Json, KubeObject } from '../../../api/object.ts';
import { kubernetesYaml } from '../../../api/yaml/dialect.ts';
import { yamlFault } from '../../../apiserver/decoding/yaml-fault.ts';
import { ApiError, type Client, type ResourceRef } from '../../../client/client.ts';
import { customResourceDefinitions } from '../../../client/resources.ts';
import type { Clock } from '../../../simulation/clock.ts';
import { CommandError } from './arguments.ts';

/** An object of a manifest and where it stands. */
export interface Manifest {
  readonly file: string;
  readonly object: KubeObject;
}

/** Reads all objects of a YAML file or of a folder with such files. @throws {@link CommandError} naming the file */
export function readManifests(path: string): Manifest[] {
  return manifestFiles(path).flatMap((file) => {
    const lineCounter = new LineCounter();
    const options = { ...kubernetesYaml, lineCounter, prettyErrors: false };
    return parseAllDocuments(readFileSync(file, 'utf8'), options).flatMap((document) => {
      const [error] = document.errors;
      // In kubectl's words, but for the line: it is counted in the file, not in the document.
      if (error) throw new CommandError(`error parsing ${file}: error converting YAML to JSON: ${yamlFault(error, lineCounter).message}`);
      const object = document.toJS({ maxAliasCount: 100 }) as KubeObject | null;
      return object === null ? [] : [{ file, object }];
    });
  });
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

/** How long a custom kind may take to be served once its definition is there, in milliseconds, and how often it is asked for. */
const longestWait = 10_000;
const waitInterval = 100;

/**
 * Applies the objects in order, as `kubectl apply --server-side` does. Objects of custom kinds whose definition stands behind them, or is not
 * established yet, are applied when it is.
 * @returns the objects as the server has them now
 * @throws {@link CommandError} for the first that is refused, and for one of a kind that nobody defines
 */
export async function applyManifests(client: Client, clock: Clock, manifests: readonly Manifest[]): Promise<KubeObject[]> {
  const applied: KubeObject[] = [];
  const waiting: Manifest[] = [];
  for (const manifest of manifests) {
    const resource = await resourceOf(client, manifest.object);
    if (resource === undefined || resource === 'defined') waiting.push(manifest);
    else applied.push(await apply(client, manifest, resource));
  }
  const end = clock.now() + longestWait;
  for (const manifest of waiting) {
    let resource = await resourceOf(client, manifest.object);
    while (resource === 'defined' && clock.now() < end) {
      await clock.sleep(waitInterval);
      resource = await resourceOf(client, manifest.object);
    }
    if (resource === undefined || resource === 'defined') throw unknownKind(manifest);
    applied.push(await apply(client, manifest, resource));
  }
  return applied;
}

/** Where objects of a kind are found; `defined` while its definition is not established; nothing when there is none. */
async function resourceOf(client: Client, { apiVersion, kind }: KubeObject): Promise<ResourceRef<KubeObject> | 'defined' | undefined> {
  const builtIn = kinds.find((known) => known.kind === kind && apiVersionOf(known) === apiVersion);
  if (builtIn !== undefined) return builtIn;
  const { items } = await client.resource(customResourceDefinitions).list();
  for (const { spec, status } of items) {
    const version = spec.versions.find(({ name, served }) => served && `${spec.group}/${name}` === apiVersion);
    if (version === undefined || spec.names.kind !== kind) continue;
    const isEstablished = status?.conditions?.some((condition) => condition.type === 'Established' && condition.status === 'True');
    if (!isEstablished) return 'defined';
    return { group: spec.group, version: version.name, plural: spec.names.plural, kind, namespaced: spec.scope === 'Namespaced' };
  }
  return undefined;
}

async function apply(client: Client, { file, object }: Manifest, resource: ResourceRef<KubeObject>): Promise<KubeObject> {
  const namespace = resource.namespaced ? (object.metadata?.namespace ?? 'default') : undefined;
  try {
    // What the YAML parser gives is JSON, whatever the object's interface says.
    const body = object as unknown as Json;
    const patch = { type: 'apply', body, fieldManager: 'kubeside', force: true } as const;
    return await client.resource(resource).patch(object.metadata?.name ?? '', namespace, patch);
  } catch (error) {
    if (error instanceof ApiError) throw new CommandError(`${file}: ${error.message}`);
    throw error;
  }
}

/** In kubectl's words. */
function unknownKind({ file, object: { apiVersion = '', kind = '', metadata } }: Manifest): CommandError {
  const name = `name: ${JSON.stringify(metadata?.name ?? '')} namespace: ${JSON.stringify(metadata?.namespace ?? '')}`;
  const missing = `no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}`;
  return new CommandError(
    `resource mapping not found for ${name} from ${JSON.stringify(file)}: ${missing}\nensure CRDs are installed first`,
  );
}
