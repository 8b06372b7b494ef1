import { beforeAll, expect, test } from 'vitest';
import type { Api, Body } from '../api.ts';
import { apply, isIn, merge, merged, remove, type Subject, startWhole, subjects } from './subjects.ts';

let api: Api;
let withStatus: Subject[];
beforeAll(async () => {
  api = await startWhole();
  withStatus = (await subjects(api)).filter(({ subresources }) => subresources.includes('status'));
});

const patch = (path: string, manager: string, body: Body, force = false) =>
  api.send('PATCH', `${path}?fieldManager=${manager}${force ? '&force=true' : ''}`, body, apply);

/** Upstream: `TestApplyStatus` and `TestNoOpUpdateSameResourceVersion` of `test/integration/apiserver/apply`. */
test('who applies an object and who applies its status are both kept, and applying again writes nothing', async () => {
  for (const subject of await subjects(api)) {
    const { of, path, object } = subject;
    expect((await patch(path, 'creator', object)).code, of).toBe(201);
    const { body: made } = await api.send('GET', path);
    const again = await patch(path, 'creator', object);
    expect([again.code, again.body.metadata.resourceVersion], of).toEqual([200, made.metadata.resourceVersion]);
    // Nothing of what is asked for stays of certificate requests: nobody comes to own it.
    if (subject.subresources.includes('status') && subject.plural !== 'certificatesigningrequests') {
      const { apiVersion, kind, metadata } = object;
      const status = { apiVersion, kind, metadata: { name: metadata.name }, status: subject.status };
      const { code, body } = await patch(`${path}/status`, 'teller', status, true);
      expect([code, body.message], of).toEqual([200, undefined]);
      const managers = body.metadata.managedFields.map(({ manager }: { manager: string }) => manager);
      expect(managers, of).toEqual(expect.arrayContaining(['creator', 'teller']));
    }
    expect(await remove(api, subject), of).toMatchObject({ code: 404 });
  }
}, 120_000);

/** Both what they ask for and what they are told is out of reach, or cannot differ. */
const withoutConflicts: ReadonlySet<string> = new Set([
  'certificatesigningrequests',
  'storageversions',
  'servicecidrs',
  'namespaces',
  'podgroups',
  'resourcepoolstatusrequests',
  'storageversionmigrations',
]);

/** Upstream: `TestApplyResetFields`. */
test('an object does not own its status, nor a status its object', async () => {
  for (const subject of withStatus) {
    const { of, path, plural } = subject;
    const [one, two] = [
      { ...subject.object, status: subject.status },
      { ...subject.other, status: subject.otherStatus },
    ];
    expect((await patch(path, 'first', one)).code, of).toBe(201);
    const status = await patch(`${path}/status`, 'second', two);
    expect([status.code, status.body.message], of).toEqual([200, undefined]);
    if (!withoutConflicts.has(plural)) {
      expect(await patch(path, 'second', two), of).toMatchObject({ code: 409, body: { reason: 'Conflict' } });
      expect(await patch(`${path}/status`, 'first', one), of).toMatchObject({ code: 409, body: { reason: 'Conflict' } });
    }
    expect(await remove(api, subject), of).toMatchObject({ code: 404 });
  }
}, 120_000);

/** Of these, writes of the status may change the metadata, as it has always been. Upstream's `TestFieldsWipingConsistency` has the same list. */
const statusChangesMetadata: ReadonlySet<string> = new Set([
  ...[
    'customresourcedefinitions',
    'daemonsets',
    'replicasets',
    'statefulsets',
    'cronjobs',
    'jobs',
    'horizontalpodautoscalers',
    'ingresses',
  ],
  ...['nodes', 'persistentvolumes', 'persistentvolumeclaims', 'pods', 'replicationcontrollers', 'resourcequotas', 'services'],
  ...['poddisruptionbudgets', 'namespaces', 'certificatesigningrequests'],
]);

test('what a way of writing leaves alone is what it does not come to own', async () => {
  for (const subject of withStatus) {
    const { of, path, plural, object, other } = subject;
    const whole = { ...object, status: subject.status };
    expect((await patch(path, 'main', whole)).code, of).toBe(201);
    const labelled = merged(whole, { metadata: { labels: { applied: 'yes' } } });
    expect((await patch(`${path}/status`, 'teller', labelled, true)).code, of).toBe(200);
    const { body } = await api.send('GET', path);
    const fieldsOf = (manager: string): Body =>
      body.metadata.managedFields?.find((entry: { manager: string }) => entry.manager === manager)?.fieldsV1 ?? {};
    const told = fieldsOf('teller');
    const owns = [
      Object.hasOwn(fieldsOf('main'), 'f:status'),
      Object.hasOwn(told, 'f:spec'),
      told['f:metadata']?.['f:labels']?.['f:applied'] !== undefined,
    ];

    const main = await api.send('PATCH', path, { status: subject.otherStatus }, merge);
    const spec = await api.send('PATCH', `${path}/status`, { spec: other.spec }, merge);
    const metadata = await api.send('PATCH', `${path}/status`, { metadata: { labels: { patched: 'yes' } } }, merge);
    const changes = [
      isIn(subject.otherStatus, main.body.status),
      !isIn(other, object) && isIn(other.spec, spec.body.spec),
      metadata.body.metadata?.labels?.patched === 'yes',
    ];
    expect([owns, changes], of).toEqual([
      [false, false, statusChangesMetadata.has(plural)],
      [false, false, statusChangesMetadata.has(plural)],
    ]);
    expect(await remove(api, subject), of).toMatchObject({ code: 404 });
  }
}, 120_000);
