import { apiVersionOf } from '../../runtime/api/kinds/kind.ts';
import type { KubeObject } from '../../runtime/api/object.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { ResourceKind } from '../cluster/discovery.ts';
import { ApiFailure } from '../cluster/failure.ts';
import { collectionPath, displayName, objectPath } from '../cluster/resource-path.ts';
import type { ManifestObject, ManifestProblem } from './manifest.ts';
import { lastApplied, threeWayPatch } from './merge.ts';
import { locateFailure } from './server-errors.ts';

/** The name under which fields are owned. */
const fieldManager = 'kubeside';

type Server = Pick<Cluster, 'request' | 'kinds'>;

/** An object whose place on the server is known. */
export interface Target {
  readonly object: ManifestObject;
  readonly kind: ResourceKind;
  readonly path: string;
  /** `deployment.apps/web` */
  readonly title: string;
}

export interface Refused {
  readonly object: ManifestObject;
  readonly problems: readonly ManifestProblem[];
  /** Other managers own fields that differ; force takes them over. */
  readonly conflict: boolean;
}

export interface Checked {
  readonly accepted: readonly Target[];
  readonly refused: readonly Refused[];
}

export type Outcome = 'created' | 'configured' | 'unchanged' | 'deleted' | 'not found';

export interface Result {
  readonly title: string;
  readonly outcome: Outcome;
}

/** Finds the place of each object on the server; an unknown kind is refused where it stands. */
export async function resolveTargets(server: Server, objects: readonly ManifestObject[], defaultNamespace: string): Promise<Checked> {
  const accepted: Target[] = [];
  const refused: Refused[] = [];
  let kinds = await server.kinds();
  const find = (object: ManifestObject) => kinds.find((kind) => kind.kind === object.kind && apiVersionOf(kind) === object.apiVersion);
  // A definition may have been added since: look once more before saying that a kind is not there.
  if (objects.some((object) => find(object) === undefined)) kinds = await server.kinds(true);
  for (const object of objects) {
    const kind = find(object);
    if (kind === undefined) {
      const known = kinds.some((candidate) => apiVersionOf(candidate) === object.apiVersion);
      const message = `No matches for kind "${object.kind}" in version "${object.apiVersion}".`;
      refused.push({ object, conflict: false, problems: [{ span: object.locate(known ? 'kind' : 'apiVersion'), message }] });
      continue;
    }
    const namespace = kind.namespaced ? (object.namespace ?? defaultNamespace) : undefined;
    accepted.push({ object, kind, path: objectPath(kind, object.name, namespace), title: displayName(kind, object.name) });
  }
  return { accepted, refused };
}

/** Asks the server what it would say to each object, changing nothing. `force`: take over fields of other managers. */
export async function dryRun(server: Server, targets: readonly Target[], force: boolean): Promise<Checked> {
  const accepted: Target[] = [];
  const refused: Refused[] = [];
  const coming = new Set(targets.filter(({ kind }) => kind.kind === 'Namespace').map(({ object }) => object.name));
  for (const target of targets) {
    try {
      await send(server, target, force, true);
      accepted.push(target);
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      const namespace = error.code === 404 && error.status.details?.kind === 'namespaces' ? (error.status.details.name ?? '') : undefined;
      if (namespace !== undefined && coming.has(namespace)) accepted.push(target);
      else refused.push({ object: target.object, problems: locateFailure(error, target.object), conflict: isConflict(error) });
    }
  }
  return { accepted, refused };
}

/** Applies one object for good. Throws {@link ApiFailure} when the server refuses it. */
export async function applyOne(server: Server, target: Target, force: boolean): Promise<Result> {
  return { title: target.title, outcome: await send(server, target, force, false) };
}

/** Those of the objects that the server has. */
export async function existing(server: Server, targets: readonly Target[]): Promise<Target[]> {
  const found: Target[] = [];
  for (const target of targets) if ((await read(server, target.path)) !== undefined) found.push(target);
  return found;
}

/** Deletes one object, and what it owns in the background. */
export async function deleteOne(server: Server, target: Pick<Target, 'path' | 'title'>): Promise<Result> {
  try {
    await server.request('DELETE', target.path, {
      body: { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Background' },
    });
    return { title: target.title, outcome: 'deleted' };
  } catch (error) {
    if (error instanceof ApiFailure && error.code === 404) return { title: target.title, outcome: 'not found' };
    throw error;
  }
}

/** One line about what happened: `deployment.apps/web created, service/web unchanged`. */
export function summarize(results: readonly Result[]): string {
  if (results.length <= 4) return results.map(({ title, outcome }) => `${title} ${outcome}`).join(', ');
  const counts = new Map<Outcome, number>();
  for (const { outcome } of results) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...counts].map(([outcome, n]) => `${n} ${outcome}`).join(', ');
}

function isConflict(error: ApiFailure): boolean {
  return error.code === 409 && (error.status.details?.causes ?? []).some(({ reason }) => reason === 'FieldManagerConflict');
}

async function send(server: Server, target: Target, force: boolean, dry: boolean): Promise<Outcome> {
  const live = await read(server, target.path);
  try {
    const { body } = await server.request<KubeObject>('PATCH', target.path, {
      body: target.object.body,
      contentType: 'application/apply-patch+yaml',
      query: { fieldManager, fieldValidation: 'Strict', force: String(force), ...(dry ? { dryRun: 'All' } : {}) },
    });
    return outcomeOf(live, body);
  } catch (error) {
    // A server without server-side apply says that it does not know this kind of patch.
    if (!(error instanceof ApiFailure && error.code === 415)) throw error;
  }
  return createOrMerge(server, target, live, dry);
}

async function createOrMerge(server: Server, target: Target, live: KubeObject | undefined, dry: boolean): Promise<Outcome> {
  const query = { fieldManager, fieldValidation: 'Strict', ...(dry ? { dryRun: 'All' } : {}) };
  const wanted = annotated(target.object.body);
  if (live === undefined) {
    const namespace = /\/namespaces\/([^/]+)\/[^/]+\/[^/]+$/.exec(target.path)?.[1];
    await server.request('POST', collectionPath(target.kind, namespace && decodeURIComponent(namespace)), { body: wanted, query });
    return 'created';
  }
  const before: unknown = JSON.parse(live.metadata?.annotations?.[lastApplied] ?? '{}');
  const patch = threeWayPatch(before as Record<string, unknown>, wanted, live as Record<string, unknown>);
  const { body } = await server.request<KubeObject>('PATCH', target.path, {
    body: patch,
    contentType: 'application/merge-patch+json',
    query,
  });
  return outcomeOf(live, body);
}

function annotated(body: ManifestObject['body']): Record<string, unknown> {
  const metadata = body.metadata as { readonly annotations?: Readonly<Record<string, string>> };
  const annotations = { ...metadata.annotations, [lastApplied]: `${JSON.stringify(body)}\n` };
  return { ...body, metadata: { ...metadata, annotations } };
}

function outcomeOf(before: KubeObject | undefined, after: KubeObject): Outcome {
  if (before === undefined) return 'created';
  return before.metadata?.resourceVersion === after.metadata?.resourceVersion ? 'unchanged' : 'configured';
}

async function read(server: Server, path: string): Promise<KubeObject | undefined> {
  try {
    return (await server.request<KubeObject>('GET', path)).body;
  } catch (error) {
    if (error instanceof ApiFailure && error.code === 404) return undefined;
    throw error;
  }
}
