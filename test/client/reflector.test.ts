import { describe, expect, it, vi } from 'vitest';
import type { WatchNotice } from '../../client/cluster/cluster.ts';
import { ObjectCache, watchedResources } from '../../client/cluster/object-cache.ts';
import { reflect } from '../../client/cluster/reflector.ts';
import type { Reply } from '../../client/cluster/request.ts';
import type { KubeObject } from '../../runtime/api/object.ts';

const named = (plural: string) => {
  const resource = watchedResources.find((candidate) => candidate.plural === plural);
  if (resource === undefined) throw new Error(plural);
  return resource;
};

const object = (name: string, resourceVersion: string, more: object = {}): KubeObject => ({
  metadata: { namespace: 'a', name, resourceVersion },
  ...more,
});

/** A server whose lists and watches are scripted; tells which requests came. */
function script(lists: readonly (readonly KubeObject[])[], watches: readonly (readonly (WatchNotice | Error)[])[]) {
  const asked: string[] = [];
  const left = { lists: [...lists], watches: [...watches] };
  return {
    asked,
    async request<T>(_method: string, path: string): Promise<Reply<T>> {
      asked.push(`list ${path}`);
      const items = left.lists.shift() ?? [];
      return { code: 200, body: { items, metadata: { resourceVersion: '10' } } as T };
    },
    async *watch(_path: string, options: { readonly query?: Readonly<Record<string, string>>; readonly signal: AbortSignal }) {
      asked.push(`watch ${options.query?.resourceVersion}`);
      const notices = left.watches.shift();
      if (notices === undefined) await new Promise((resolve) => options.signal.addEventListener('abort', resolve));
      for (const notice of notices ?? []) {
        if (notice instanceof Error) throw notice;
        yield notice;
      }
    },
  };
}

describe('following a resource', () => {
  async function follow(source: ReturnType<typeof script>, plural = 'pods') {
    vi.useFakeTimers();
    try {
      const cache = new ObjectCache();
      const stop = new AbortController();
      const unreachable = vi.fn();
      const done = reflect(source, named(plural), cache, { signal: stop.signal, onUnreachable: unreachable });
      await vi.advanceTimersByTimeAsync(60_000);
      stop.abort();
      await vi.advanceTimersByTimeAsync(0);
      await done;
      return { cache, unreachable };
    } finally {
      vi.useRealTimers();
    }
  }

  it('lists, then keeps up with what changes, and goes on where a watch ended', async () => {
    const source = script(
      [[object('x', '1'), object('y', '2')]],
      [
        [
          { type: 'ADDED', object: object('z', '11') },
          { type: 'DELETED', object: object('x', '12') },
          { type: 'BOOKMARK', object: { metadata: { resourceVersion: '20' } } },
        ],
      ],
    );
    const { cache } = await follow(source);
    expect(cache.list('pods').map(({ metadata }) => metadata?.name)).toEqual(['y', 'z']);
    expect(source.asked).toEqual(['list /api/v1/pods', 'watch 10', 'watch 20']);
  });

  it('lists anew when the version it had is gone', async () => {
    const source = script([[object('x', '1')], [object('y', '30')]], [[{ type: 'ERROR', object: { code: 410 } as KubeObject }]]);
    const { cache } = await follow(source);
    expect(cache.list('pods').map(({ metadata }) => metadata?.name)).toEqual(['y']);
    expect(source.asked).toEqual(['list /api/v1/pods', 'watch 10', 'list /api/v1/pods', 'watch 10']);
  });

  it('says that the server cannot be reached and tries on without losing what it knows', async () => {
    const source = script([[object('x', '1')]], [[new Error('ECONNREFUSED')], [new Error('ECONNREFUSED')]]);
    const { cache, unreachable } = await follow(source);
    expect(unreachable).toHaveBeenCalledTimes(2);
    expect(cache.list('pods')).toHaveLength(1);
    expect(source.asked).toEqual(['list /api/v1/pods', 'watch 10', 'watch 10', 'watch 10']);
  });

  it('keeps nothing of a secret but its name', async () => {
    const source = script([[object('s', '1', { data: { password: 'aHVudGVyMg==' } })]], []);
    const { cache } = await follow(source, 'secrets');
    expect(JSON.stringify(cache.list('secrets'))).not.toContain('aHVudGVyMg');
  });

  it('keeps of what is followed for its name the names of its keys, never the contents', async () => {
    const fieldsV1 = { 'f:data': { '.': {}, 'f:password': {} }, 'f:metadata': { 'f:labels': {} } };
    const managedFields = [{ manager: 'kubectl', operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1 }];
    const secret = { ...object('db', '5', { data: { password: 'c2VjcmV0' } }) };
    const { cache } = await follow(script([[{ ...secret, metadata: { ...secret.metadata, managedFields } }]], []), 'secrets');
    expect(cache.list('secrets')).toEqual([{ metadata: { namespace: 'a', name: 'db', resourceVersion: '5' }, keys: ['password'] }]);
  });
});
