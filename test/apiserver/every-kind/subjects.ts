import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type Answer, type Api, type Body, startApi } from '../api.ts';

interface Entry {
  /** `apps/v1 deployments`, or several of the same form. */
  readonly of: string | readonly string[];
  readonly object: Body;
  /** What another object differs in; an empty one if left out. */
  readonly other?: Body;
  readonly status?: Body;
  readonly otherStatus?: Body;
}

/** An object of a kind that is served. */
export interface Subject {
  /** `apps/v1 deployments` */
  readonly of: string;
  readonly plural: string;
  readonly kind: string;
  readonly verbs: readonly string[];
  readonly subresources: readonly string[];
  readonly collection: string;
  readonly path: string;
  /** The whole object, with its kind. */
  readonly object: Body;
  readonly other: Body;
  readonly status: Body;
  readonly otherStatus: Body;
}

export const merge = { 'content-type': 'application/merge-patch+json' };
export const apply = { 'content-type': 'application/apply-patch+yaml' };

/** They need a proof that their key is possessed, which only a key can give. */
const without: ReadonlySet<string> = new Set(['certificates.k8s.io/v1beta1 podcertificaterequests']);

const condition = (status: string) => ({
  conditions: [{ type: 'Made', status, lastTransitionTime: '2026-01-01T00:00:00Z', reason: 'Asked', message: 'as the test asks' }],
});

/** A server of all versions that there are. */
export async function startWhole(): Promise<Api> {
  const api = await startApi({ runtimeConfig: ['api/all'] });
  await api.send('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
  return api;
}

/** Every resource that can be made and patched, by discovery, with an object; throws when one lacks its object. */
export async function subjects(api: Api): Promise<Subject[]> {
  const entries: Entry[] = parse(readFileSync(join(import.meta.dirname, 'objects.yaml'), 'utf8'));
  const byName = new Map(entries.flatMap((entry) => [entry.of].flat().map((of) => [of, entry] as const)));
  const { groups } = (await api.send('GET', '/apis')).body;
  const versions = ['v1', ...groups.flatMap((group: Body) => group.versions.map((version: Body) => version.groupVersion))];
  const found: Subject[] = [];
  for (const version of versions) {
    const root = version === 'v1' ? '/api/v1' : `/apis/${version}`;
    const { resources } = (await api.send('GET', root)).body;
    for (const { name: plural, kind, namespaced, verbs } of resources) {
      const of = `${version} ${plural}`;
      if (plural.includes('/') || !verbs.includes('create') || !verbs.includes('patch') || without.has(of)) continue;
      const entry = byName.get(of);
      if (entry === undefined) throw new Error(`no object of ${of}`);
      const object = { ...entry.object, apiVersion: version, kind, metadata: { name: 'made', ...entry.object.metadata } };
      const collection = `${root}${namespaced ? '/namespaces/default' : ''}/${plural}`;
      const own = resources.map((resource: Body) => resource.name).filter((name: string) => name.startsWith(`${plural}/`));
      found.push({
        of,
        plural,
        kind,
        verbs,
        subresources: own.map((name: string) => name.slice(plural.length + 1)),
        collection,
        path: `${collection}/${object.metadata.name}`,
        object,
        other: merged(object, entry.other ?? {}),
        status: entry.status ?? condition('True'),
        otherStatus: entry.otherStatus ?? condition('False'),
      });
    }
  }
  return found;
}

/** Deletes an object at once, whatever holds it. */
export async function remove(api: Api, { path, plural }: Subject): Promise<Answer> {
  await api.send('DELETE', path, { gracePeriodSeconds: 0 });
  const { code, body } = await api.send('GET', path);
  if (code === 404) return { code, body, headers: new Headers() };
  await api.send('PATCH', path, { metadata: { finalizers: null } }, merge);
  if (plural === 'namespaces') await api.send('PUT', `${path}/finalize`, { ...body, spec: { finalizers: [] } });
  return await api.send('GET', path);
}

/** An object changed as a JSON merge patch changes it that removes nothing. */
export function merged(object: Body, change: Body): Body {
  const result = { ...object };
  for (const [name, value] of Object.entries<Body>(change)) {
    const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
    result[name] = isMap ? merged(object[name] ?? {}, value) : value;
  }
  return result;
}

/** Whether everything of one value stands in the other. */
export function isIn(wanted: Body, found: Body): boolean {
  if (typeof wanted !== 'object' || wanted === null || Array.isArray(wanted)) return JSON.stringify(wanted) === JSON.stringify(found);
  return typeof found === 'object' && found !== null && Object.entries(wanted).every(([name, value]) => isIn(value, found[name]));
}
