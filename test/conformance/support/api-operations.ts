import { expect } from 'vitest';
import { behaviour, type Scope } from './behaviour.ts';
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
  /** A status to merge, of resources that have one to write. */
  readonly status?: Json;
  /** Operations that must be in discovery, when not all eight. */
  readonly verbs?: readonly string[];
}

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const merge = { 'Content-Type': 'application/merge-patch+json' };

/** Create, get, list, watch, patch, update, status, delete and deletecollection, as upstream's "should support API operations" ask for. */
async function apiOperations(scope: Scope, subject: Subject): Promise<void> {
  const discovered: Json = await ask('GET', subject.version);
  const resource = discovered.resources.find((entry: Json) => entry.name === subject.resource);
  expect(resource?.verbs).toEqual(expect.arrayContaining([...(subject.verbs ?? verbs)]));
  if (subject.status !== undefined) {
    expect(discovered.resources.map((entry: Json) => entry.name)).toContain(`${subject.resource}/status`);
  }

  const namespace = subject.namespaced ? await scope.namespace() : undefined;
  const collection = `${subject.version}/${namespace === undefined ? '' : `namespaces/${namespace}/`}${subject.resource}`;
  const base = scope.unique('operations');
  const label = { conformance: base };
  const selector = `labelSelector=${encodeURIComponent(`conformance=${base}`)}`;
  const name = (index: number) => subject.name?.(index) ?? `${base}-${index}`;
  const given = typeof subject.object === 'function' ? subject.object(namespace ?? '') : subject.object;
  const object = (index: number) => ({ ...given, metadata: { name: name(index), labels: label } });
  const path = (index: number) => `${collection}/${name(index)}`;
  scope.finally(() => call('DELETE', `${collection}?${selector}`));

  const watch = await scope.watch(collection, { labelSelector: `conformance=${base}` });
  const created = await ask('POST', collection, object(0));
  expect(created.metadata).toMatchObject({ name: name(0), labels: label, uid: expect.any(String), resourceVersion: expect.any(String) });
  expect((await call('POST', collection, object(0))).body).toMatchObject({ code: 409, reason: 'AlreadyExists' });
  for (const index of [1, 2]) await ask('POST', collection, object(index));

  expect((await ask('GET', path(0))).metadata.uid).toBe(created.metadata.uid);
  const everywhere = `${subject.version}/${subject.resource}?${selector}`;
  for (const list of [await ask('GET', `${collection}?${selector}`), await ask('GET', everywhere)]) {
    expect(list.items.map((item: Json) => item.metadata.name)).toEqual([name(0), name(1), name(2)].sort());
  }

  const patched = await ask('PATCH', path(0), { metadata: { annotations: { patched: 'true' } } }, merge);
  expect(patched.metadata.annotations).toMatchObject({ patched: 'true' });
  // Controllers may write in between; whoever loses reads and writes again.
  const updated = await eventually('an update without conflict', async () => {
    const current = await ask('GET', path(0));
    const answer = await call('PUT', path(0), {
      ...current,
      metadata: { ...current.metadata, annotations: { ...current.metadata.annotations, updated: 'true' } },
    });
    return answer.status === 409 ? undefined : answer;
  });
  expect(updated.status, updated.text).toBe(200);
  expect(updated.body.metadata.annotations).toMatchObject({ patched: 'true', updated: 'true' });

  if (subject.status !== undefined) {
    const status = await ask(
      'PATCH',
      `${path(0)}/status`,
      { metadata: { annotations: { status: 'true' } }, status: subject.status },
      merge,
    );
    expect(status.status).toMatchObject(subject.status);
    expect((await ask('GET', `${path(0)}/status`)).status).toMatchObject(amongOthers(subject.status));
    const put = await eventually('an update of the status without conflict', async () => {
      const answer = await call('PUT', `${path(0)}/status`, await ask('GET', path(0)));
      return answer.status === 409 ? undefined : answer;
    });
    expect(put.status, put.text).toBe(200);
  }

  await ask('DELETE', path(0));
  await eventually('the deleted one is gone', async () => (await call('GET', path(0))).status === 404);
  await ask('DELETE', `${collection}?${selector}`);
  await eventually('the collection is empty', async () => (await ask('GET', `${collection}?${selector}`)).items.length === 0);

  await eventually('the watch told of it all', async () => watch.seen.filter(({ type }) => type === 'DELETED').length === 3);
  const types = watch.seen.filter(({ object: { metadata } }) => metadata.name === name(0)).map(({ type }) => type);
  expect([types.at(0), types.includes('MODIFIED'), types.at(-1)]).toEqual(['ADDED', true, 'DELETED']);
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
