import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../client/cluster/cluster.ts';
import { ApiFailure } from '../../client/cluster/failure.ts';
import type { Reply, RequestOptions } from '../../client/cluster/request.ts';
import { applyOne, dryRun, resolveTargets } from '../../client/manifest/apply.ts';
import { readManifest } from '../../client/manifest/manifest.ts';

const kinds = [
  { group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false, verbs: [], shortNames: [] },
  { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true, verbs: [], shortNames: [] },
];

/** A server that keeps what it is sent, knows namespaces, and refuses names it is told to. */
class FakeServer {
  readonly objects = new Map<string, { metadata: { resourceVersion: string } }>();
  readonly writes: string[] = [];
  readonly hasApply: boolean;
  constructor(hasApply = true) {
    this.hasApply = hasApply;
    this.objects.set('/api/v1/namespaces/default', { metadata: { resourceVersion: '1' } });
  }
  kinds: Cluster['kinds'] = async () => kinds;
  async request<T>(method: string, path: string, options: RequestOptions = {}): Promise<Reply<T>> {
    const reply = (object: unknown): Reply<T> => ({ code: 200, body: object as T });
    const live = this.objects.get(path);
    if (method === 'GET') {
      if (live === undefined) throw new ApiFailure(404, { reason: 'NotFound' });
      return reply(live);
    }
    if (method === 'PATCH' && !this.hasApply && options.contentType === 'application/apply-patch+yaml') throw new ApiFailure(415, {});
    const namespace = /\/namespaces\/([^/]+)\//.exec(path)?.[1];
    if (namespace !== undefined && !this.objects.has(`/api/v1/namespaces/${namespace}`)) {
      throw new ApiFailure(404, { message: `namespaces "${namespace}" not found`, details: { kind: 'namespaces', name: namespace } });
    }
    if (path.endsWith('/refused'))
      throw new ApiFailure(422, { message: 'invalid', details: { causes: [{ field: 'data', message: 'no' }] } });
    const made = { ...(options.body as object), metadata: { resourceVersion: String(this.objects.size + 1) } };
    if (options.query?.dryRun === undefined) {
      this.writes.push(`${method} ${path}`);
      const key = method === 'POST' ? `${path}/${(options.body as { metadata: { name: string } }).metadata.name}` : path;
      this.objects.set(key, made);
    }
    return reply(made);
  }
}

const configMap = (name: string, namespace?: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${namespace === undefined ? '' : `  namespace: ${namespace}\n`}data: {a: b}\n`;

async function check(server: FakeServer, text: string) {
  const objects = (await readManifest(text)).flatMap((document) => document.objects);
  const resolved = await resolveTargets(server, objects, 'default');
  return { resolved, checked: await dryRun(server, resolved.accepted, false) };
}

describe('applying', () => {
  it('writes nothing while it asks what the server would say', async () => {
    const server = new FakeServer();
    const { checked } = await check(server, `${configMap('a')}---\n${configMap('refused')}`);
    expect(checked.accepted.map(({ title }) => title)).toEqual(['configmap/a']);
    expect(checked.refused.map(({ problems }) => problems[0]?.message)).toEqual(['data: no']);
    expect(server.writes).toEqual([]);
  });

  it('accepts an object whose namespace comes with it, and refuses one whose namespace does not', async () => {
    const server = new FakeServer();
    const { checked } = await check(
      server,
      `apiVersion: v1\nkind: Namespace\nmetadata: {name: new}\n---\n${configMap('a', 'new')}---\n${configMap('b', 'nowhere')}`,
    );
    expect(checked.accepted.map(({ path }) => path)).toEqual(['/api/v1/namespaces/new', '/api/v1/namespaces/new/configmaps/a']);
    expect(checked.refused.map(({ problems }) => problems[0]?.message)).toEqual(['namespaces "nowhere" not found']);
  });

  it('refuses an unknown kind at its place', async () => {
    const text = configMap('a').replace('ConfigMap', 'ConfigMop');
    const { resolved } = await check(new FakeServer(), text);
    const problem = resolved.refused[0]?.problems[0];
    expect(problem?.message).toBe('No matches for kind "ConfigMop" in version "v1".');
    expect(text.slice(problem?.span.start, problem?.span.end)).toBe('ConfigMop');
  });

  it.each([true, false])('creates, then leaves alone (server-side apply: %s)', async (hasApply) => {
    const server = new FakeServer(hasApply);
    const { checked } = await check(server, configMap('a'));
    const [target] = checked.accepted;
    if (target === undefined) throw new Error('nothing was accepted');
    expect(await applyOne(server, target, false)).toEqual({ title: 'configmap/a', outcome: 'created' });
    expect(server.writes).toEqual([
      hasApply ? 'PATCH /api/v1/namespaces/default/configmaps/a' : 'POST /api/v1/namespaces/default/configmaps',
    ]);
  });
});
