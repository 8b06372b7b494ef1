import { expect, it } from 'vitest';
import type { AdmissionPlugin } from '../../../runtime/apiserver/admission/admission.ts';
import type { User } from '../../../runtime/apiserver/authentication/user.ts';
import { writePrometheus } from '../../../runtime/host/node/prometheus.ts';
import { startApi } from '../api.ts';

const everyone = {
  authorize: () => ({ decision: 'allow' as const }),
  rulesFor: () => ({ resourceRules: [], nonResourceRules: [] }),
};
const user: User = { name: 'jane', groups: [] };
const tokens = [
  { token: 'jane', user },
  { token: 'boss', user: { name: 'boss', groups: ['system:masters'] } },
];
const as = (token: string) => ({ authorization: `Bearer ${token}` });
const configMaps = '/api/v1/namespaces/default/configmaps';
const metrics = async (api: Awaited<ReturnType<typeof startApi>>) => (await api.send('GET', '/metrics')).body as string;

/** Creations of config maps wait until they are let go. */
function gate() {
  const waiting: (() => void)[] = [];
  const plugin: AdmissionPlugin = {
    name: 'Gate',
    admit({ resource }) {
      if (resource.kind.plural === 'configmaps') return new Promise((resolve) => waiting.push(resolve));
    },
  };
  return { waiting, plugin };
}

it('answers 429 with Retry-After beyond the limit, and again when there is room; reads, watches and administrators pass', async () => {
  const { waiting, plugin } = gate();
  const api = await startApi({ authorizer: everyone, tokens, admission: [plugin], inFlight: { readOnly: 2, mutating: 2 } });
  const post = (name: string, token: string) => api.send('POST', configMaps, { metadata: { name } }, as(token), {});
  const first = [post('a', 'jane'), post('b', 'jane')];
  await expect.poll(() => waiting.length).toBe(2);
  const refused = await post('c', 'jane');
  expect(refused).toMatchObject({ code: 429, body: 'Too many requests, please try again later.\n' });
  expect(refused.headers.get('retry-after')).toBe('1');
  expect((await api.send('GET', configMaps, undefined, as('jane'), {})).code).toBe(200);
  const boss = post('d', 'boss');
  await expect.poll(() => waiting.length).toBe(3);
  for (const go of waiting.splice(0)) go();
  expect((await Promise.all([...first, boss])).map(({ code }) => code)).toEqual([201, 201, 201]);
  const later = post('c', 'jane');
  await expect.poll(() => waiting.length).toBe(1);
  for (const go of waiting.splice(0)) go();
  expect((await later).code).toBe(201);
});

it("tells at /metrics of requests, open watches and objects under upstream's names", async () => {
  const api = await startApi({ metricsWriter: writePrometheus });
  await api.send('POST', configMaps, { metadata: { name: 'a' } });
  await api.send('GET', `${configMaps}/missing`);
  await api.send('GET', '/readyz');
  for (const path of ['/api/v1/invented', '/readyz/invented', '/api/v1/namespaces/default/pods/p/invented']) await api.send('GET', path);
  const watch = await api.watch(`${configMaps}?watch=true`);
  const text = await metrics(api);
  const created =
    'verb="POST",dry_run="",group="",version="v1",resource="configmaps",subresource="",scope="resource",component="apiserver"';
  expect(text).toContain('# TYPE apiserver_request_total counter');
  expect(text).toContain(`apiserver_request_total{${created},code="201"} 1`);
  expect(text).toMatch(/apiserver_request_total\{verb="GET",.*resource="configmaps".*code="404"\} 1/);
  expect(text).toMatch(/apiserver_request_total\{verb="GET",.*subresource="\/readyz".*code="200"\} 1/);
  expect(text).toContain(`apiserver_request_duration_seconds_bucket{${created},le="+Inf"} 1`);
  expect(text).toContain(`apiserver_request_duration_seconds_count{${created}} 1`);
  expect(text).toContain('apiserver_storage_objects{resource="configmaps"} 1');
  expect(text).toMatch(/apiserver_current_inflight_requests\{request_kind="readOnly"\} 1\n/);
  expect(text).toMatch(/apiserver_longrunning_requests\{verb="WATCH",.*resource="configmaps".*\} 1\n/);
  expect(text).not.toContain('invented');
  expect(text).toContain('process_resident_memory_bytes ');
  await watch.cancel();
  expect(await metrics(api)).toMatch(/apiserver_longrunning_requests\{verb="WATCH",.*resource="configmaps".*\} 0\n/);
  expect((await api.send('POST', '/metrics')).body).toContain('apiserver_request_total{');
  expect(await api.send('DELETE', '/metrics')).toMatchObject({ code: 200, body: 'metrics reset\n' });
  const anew = await metrics(api);
  expect(anew).not.toContain(`apiserver_request_total{${created}`);
  expect(anew).toContain('apiserver_storage_objects{resource="configmaps"} 1');
  expect((await api.send('GET', '/metrics', undefined, {}, {})).code).toBe(403);
});

it('tells in the metrics how large answers to reads were, and of the events that watches were sent', async () => {
  const api = await startApi({ metricsWriter: writePrometheus });
  const one = { metadata: { name: 'one', namespace: 'default' }, data: { text: 'x'.repeat(2000) } };
  await api.send('POST', '/api/v1/namespaces/default/configmaps', one);
  await api.send('GET', '/api/v1/namespaces/default/configmaps/one');
  const watch = await api.watch('/api/v1/namespaces/default/configmaps?watch=1');
  await api.send('DELETE', '/api/v1/namespaces/default/configmaps/one');
  expect((await watch.next(2)).map(({ type }) => type)).toEqual(['ADDED', 'DELETED']);
  const text = await metrics(api);
  const read = 'verb="GET",group="",version="v1",resource="configmaps",subresource="",scope="resource",component="apiserver"';
  expect(text).toContain(`apiserver_response_sizes_bucket{${read},le="1000"} 0\n`);
  expect(text).toContain(`apiserver_response_sizes_bucket{${read},le="10000"} 1\n`);
  expect(text).not.toMatch(/apiserver_response_sizes\w*\{verb="(POST|DELETE|WATCH)"/);
  const watched = 'group="",version="v1",resource="configmaps"';
  expect(text).toContain(`apiserver_watch_events_total{${watched}} 2\n`);
  expect(text).toContain(`apiserver_watch_events_sizes_bucket{${watched},le="2048"} 0\n`);
  expect(text).toContain(`apiserver_watch_events_sizes_bucket{${watched},le="4096"} 2\n`);
  await watch.cancel();
});

it('tells in the metrics of its version, and of deprecated kinds that were asked for', async () => {
  const api = await startApi({ metricsWriter: writePrometheus });
  const requested = async () => (await metrics(api)).split('\n').filter((line) => line.startsWith('apiserver_requested_deprecated_apis{'));
  expect(await metrics(api)).toMatch(/^kubernetes_build_info\{major="1",minor="36",git_version="v1\.36\.0",.*\} 1$/m);
  expect(await requested()).toEqual([]);
  await api.send('GET', '/api/v1/endpoints');
  await api.send('GET', '/api/v1/namespaces/default/endpoints/x');
  expect(await requested()).toEqual([
    'apiserver_requested_deprecated_apis{group="",version="v1",resource="endpoints",subresource="",removed_release=""} 1',
  ]);
  await api.send('DELETE', '/metrics');
  expect(await requested()).toEqual([]);
});
