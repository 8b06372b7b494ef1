import { expect } from 'vitest';
import { type Patch, patches } from './api-patches.ts';
import { behaviour, type Scope, type Watching } from './behaviour.ts';
import { ask, call, eventually, type Json } from './cluster.ts';

/** A resource and objects of it. */
interface Subject {
  /** `/apis/batch/v1` or `/api/v1` */
  readonly version: string;
  readonly resource: string;
  readonly namespaced: boolean;
  /** An object to create but for its name and labels. */
  readonly object: Json | ((namespace: string) => Json);
  /** How the names are made when any name will not do. */
  name?(index: number): string;
  /** What patches and an update change besides a label, of resources where that may be changed. */
  readonly change?: Json;
  /** A status to merge, of resources that have one to write. */
  readonly status?: Json;
  /** Operations that must be in discovery, when not all eight. */
  readonly verbs?: readonly string[];
  /** What upstream asks beyond the operations, in the behaviour's namespace. */
  also?(scope: Scope, collection: string): Promise<void>;
}

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/**
 * Create, get, list, watch, patch, update, status, delete and deletecollection, as upstream's "should support API operations" and its
 * `framework/conformance` ask for.
 */
async function apiOperations(scope: Scope, subject: Subject): Promise<void> {
  const kind = await discover(subject);
  const namespace = subject.namespaced ? await scope.namespace() : undefined;
  const collection = `${subject.version}/${namespace === undefined ? '' : `namespaces/${namespace}/`}${subject.resource}`;
  const base = scope.unique('operations');
  const labels = { conformance: base };
  const selector = `labelSelector=${encodeURIComponent(`conformance=${base}`)}`;
  const name = (index: number) => subject.name?.(index) ?? `${base}-${index}`;
  const given = typeof subject.object === 'function' ? subject.object(namespace ?? '') : subject.object;
  const object = (index: number) => ({ ...given, metadata: { name: name(index), labels, annotations: { created: 'true' } } });
  const path = (index: number) => `${collection}/${name(index)}`;
  const everywhere = `${subject.version}/${subject.resource}`;
  scope.finally(() => call('DELETE', `${collection}?${selector}`));

  const created = await ask('POST', `${collection}?fieldValidation=Strict`, object(0));
  expect(created.metadata).toMatchObject({ name: name(0), labels, uid: expect.any(String), resourceVersion: validVersion });
  expect((await call('POST', collection, object(0))).body).toMatchObject({ code: 409, reason: 'AlreadyExists' });
  await ask('POST', collection, object(1));

  const before = await ask('GET', `${collection}?${selector}`);
  expect(before.items.map((item: Json) => item.metadata.name)).toEqual([name(0), name(1)].sort());
  expect(newer(created, before) || created.metadata.resourceVersion === before.metadata.resourceVersion).toBe(true);
  const since = { labelSelector: `conformance=${base}`, resourceVersion: before.metadata.resourceVersion };
  const watches = await Promise.all([...new Set([collection, everywhere])].map((each) => scope.watch(each, since)));

  await ask('POST', collection, object(2));
  const current = await ask('GET', path(0));
  expect(current.metadata.uid).toBe(created.metadata.uid);
  for (const each of [collection, everywhere]) {
    const list = await ask('GET', `${each}?${selector}`);
    expect(list.items.map((item: Json) => item.metadata.name)).toEqual([name(0), name(1), name(2)].sort());
  }

  const told = await change({ path: path(0), kind, apiVersion: created.apiVersion, labels, subject, from: current });
  if (subject.status !== undefined) await changeStatus(path(0), { kind, apiVersion: created.apiVersion, status: subject.status, created });

  await ask('DELETE', path(0));
  await eventually('the deleted one is gone', async () => (await call('GET', path(0))).status === 404);
  expect((await call('DELETE', path(0))).body).toMatchObject({ code: 404, reason: 'NotFound', details: { name: name(0) } });
  const left = await ask('GET', `${collection}?${selector}`);
  expect(left.items.map((item: Json) => item.metadata.name)).toEqual([name(1), name(2)].sort());
  await ask('DELETE', `${collection}?${selector}`);
  await eventually('the collection is empty', async () => (await ask('GET', `${collection}?${selector}`)).items.length === 0);

  for (const watch of watches) await expectNotifications(watch, { changed: name(0), added: name(2), told });
  await subject.also?.(scope, collection);
}

/** Finds the resource at all levels of discovery and gives its kind. */
async function discover(subject: Subject): Promise<string> {
  const [, root, group, version] = subject.version.split('/');
  if (root === 'apis') {
    const groupVersion = { groupVersion: `${group}/${version}`, version };
    const { groups } = await ask('GET', '/apis');
    expect(groups.find((entry: Json) => entry.name === group)?.versions).toContainEqual(groupVersion);
    expect((await ask('GET', `/apis/${group}`)).versions).toContainEqual(groupVersion);
  }
  const { resources } = await ask('GET', subject.version);
  const resource = resources.find((entry: Json) => entry.name === subject.resource);
  expect(resource).toMatchObject({ namespaced: subject.namespaced, kind: expect.any(String) });
  expect(resource.verbs).toEqual(expect.arrayContaining([...(subject.verbs ?? verbs)]));
  if (subject.status !== undefined) {
    const status = resources.find((entry: Json) => entry.name === `${subject.resource}/status`);
    expect(status?.verbs).toEqual(expect.arrayContaining(['get', 'patch', 'update']));
  }
  return resource.kind;
}

/** Patches in every way and updates, and gives the annotations that watches must tell of, in order. */
async function change(the: {
  path: string;
  kind: string;
  apiVersion: string;
  labels: Json;
  subject: Subject;
  from: Json;
}): Promise<string[]> {
  let latest = the.from;
  const told: string[] = [];
  for (const patch of patches) {
    const value = patch.name;
    const labelled = { metadata: { labels: { ...the.labels, patch: value }, annotations: { patched: value } } };
    const body = patch.body({ apiVersion: the.apiVersion, kind: the.kind, name: the.from.metadata.name, change: labelled });
    const patched = await send(patch, the.path, body);
    expect(patched.metadata.labels).toMatchObject({ ...the.labels, patch: value });
    expect(patched.metadata.annotations).toMatchObject({ created: 'true', patched: value });
    expect(newer(latest, patched), `the resource version after a ${value}`).toBe(true);
    latest = patched;
    told.push(value);
  }
  if (the.subject.change !== undefined) {
    const patched = await ask('PATCH', the.path, the.subject.change, { 'Content-Type': 'application/strategic-merge-patch+json' });
    expect(patched).toMatchObject(the.subject.change);
    latest = patched;
  }
  // Controllers may write in between; whoever loses reads and writes again.
  const updated = await eventually('an update without conflict', async () => {
    const current = await ask('GET', the.path);
    const annotations = { ...current.metadata.annotations, patched: 'updated' };
    const answer = await call('PUT', the.path, { ...current, metadata: { ...current.metadata, annotations } });
    return answer.status === 409 ? undefined : answer;
  });
  expect(updated.status, updated.text).toBe(200);
  expect(updated.body.metadata.annotations).toMatchObject({ created: 'true', patched: 'updated' });
  expect(newer(latest, updated.body), 'the resource version after an update').toBe(true);
  expect((await ask('GET', the.path)).metadata.annotations).toMatchObject({ patched: 'updated' });
  return [...told, 'updated'];
}

/** Patches the status in every way, reads it and updates it. */
async function changeStatus(path: string, the: { kind: string; apiVersion: string; status: Json; created: Json }): Promise<void> {
  for (const patch of patches) {
    const body = patch.body({
      apiVersion: the.apiVersion,
      kind: the.kind,
      name: the.created.metadata.name,
      change: { status: the.status },
    });
    expect((await send(patch, `${path}/status`, body)).status, `after a ${patch.name}`).toMatchObject(amongOthers(the.status));
  }
  const read = await ask('GET', `${path}/status`);
  expect(read.status).toMatchObject(amongOthers(the.status));
  expect([read.metadata.uid, read.kind]).toEqual([the.created.metadata.uid, the.kind]);
  const put = await eventually('an update of the status without conflict', async () => {
    const answer = await call('PUT', `${path}/status`, await ask('GET', path));
    return answer.status === 409 ? undefined : answer;
  });
  expect(put.status, put.text).toBe(200);
  expect(put.body.status).toMatchObject(amongOthers(the.status));
}

async function send(patch: Patch, path: string, body: unknown): Promise<Json> {
  const query = patch.name === 'apply' ? 'fieldValidation=Strict&fieldManager=conformance&force=true' : 'fieldValidation=Strict';
  return await ask('PATCH', `${path}?${query}`, body, { 'Content-Type': patch.contentType });
}

/** A watch from the list on tells of what came after it: the new object, each change in its order, and every deletion. */
async function expectNotifications(watch: Watching, the: { changed: string; added: string; told: readonly string[] }): Promise<void> {
  const deleted = () => watch.seen.filter(({ type }) => type === 'DELETED').length === 3;
  await eventually('the watch told of it all', async () => deleted());
  const of = (name: string) => watch.seen.filter(({ object }) => object.metadata.name === name);
  const changes = of(the.changed);
  expect([changes.at(0)?.type, changes.at(-1)?.type, of(the.added).at(0)?.type]).toEqual(['MODIFIED', 'DELETED', 'ADDED']);
  const annotations = changes.map(({ object }) => object.metadata.annotations.patched).filter((value) => value !== undefined);
  expect(annotations.filter((value, index) => value !== annotations[index - 1])).toEqual(the.told);
  const versions = watch.seen.map(({ object }) => BigInt(object.metadata.resourceVersion));
  expect(versions.every((version, index) => index === 0 || version > (versions[index - 1] ?? 0n))).toBe(true);
}

/** What upstream takes for a resource version: a whole number without zeros before it. */
export const validVersion = expect.stringMatching(/^[1-9]\d*$/);

/** Whether the second object has a larger resource version. */
export function newer(before: Json, after: Json): boolean {
  return BigInt(before.metadata.resourceVersion) < BigInt(after.metadata.resourceVersion);
}

/** The fields of a status, whatever conditions controllers put beside the given ones. */
function amongOthers({ conditions, ...rest }: Json): Json {
  return conditions === undefined
    ? rest
    : { ...rest, conditions: expect.arrayContaining(conditions.map((condition: Json) => expect.objectContaining(condition))) };
}

interface ShortSubject extends Omit<Subject, 'version' | 'resource'> {
  /** `apps/v1 deployments` */
  readonly of: string;
}

/** An API under a behaviour's name. */
export interface NamedSubject extends ShortSubject {
  readonly behaviour: string;
  /** Another API that the behaviour is about, too. */
  readonly and?: ShortSubject;
}

/** Makes a behaviour of each. */
export function proveOperations(subjects: readonly NamedSubject[]): void {
  for (const subject of subjects) {
    behaviour(subject.behaviour, async (scope) => {
      for (const each of [subject, ...(subject.and === undefined ? [] : [subject.and])]) {
        const [version = '', resource = ''] = each.of.split(' ');
        await apiOperations(scope, { ...each, version: version.includes('/') ? `/apis/${version}` : `/api/${version}`, resource });
      }
    });
  }
}

/** A condition to set, as kinds with few fields in their conditions have it, and with the time of its change. */
export const condition = { type: 'StatusUpdate', status: 'True', reason: 'Conformance', message: 'set by the test' };
export const timed = { ...condition, lastTransitionTime: '2026-01-01T00:00:00Z' };

export const app = { app: 'operations' };
export const pause = { containers: [{ name: 'pause', image: 'registry.k8s.io/pause:3.10.1' }] };
