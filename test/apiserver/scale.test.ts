import { beforeEach, expect, test } from 'vitest';
import { type Api, startApi } from './api.ts';

const deployments = '/apis/apps/v1/namespaces/default/deployments';
const scale = `${deployments}/d/scale`;
const applyYaml = { 'content-type': 'application/apply-patch+yaml' };
const merge = { 'content-type': 'application/merge-patch+json' };
const table = 'application/json;as=Table;v=v1;g=meta.k8s.io';
const template = { metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } };
const replicasOnly = { 'f:spec': { 'f:replicas': {} } };

let api: Api;
beforeEach(async () => {
  api = await startApi();
  const spec = { replicas: 2, selector: { matchLabels: { app: 'a' } }, template };
  await api.send('POST', `${deployments}?fieldManager=creator`, { metadata: { name: 'd' }, spec });
});

interface Owner {
  readonly manager: string;
  readonly operation: string;
  readonly apiVersion: string;
  readonly subresource?: string;
  readonly time?: string;
  readonly fieldsV1: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The managers that own the replicas of the deployment. */
async function owners(): Promise<Owner[]> {
  const { body } = await api.send('GET', `${deployments}/d`);
  return body.metadata.managedFields.filter(({ fieldsV1 }: Owner) => fieldsV1['f:spec']?.['f:replicas'] !== undefined);
}

const application = (replicas: number) => ({ apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'd' }, spec: { replicas } });

test('who writes the scale owns the replicas of the object', async () => {
  expect(await owners()).toMatchObject([{ manager: 'creator' }]);
  const { body } = await api.send('PATCH', `${scale}?fieldManager=scaler`, { spec: { replicas: 3 } }, merge);
  expect(body).toMatchObject({ kind: 'Scale', spec: { replicas: 3 } });
  expect(body.metadata.managedFields).toBeUndefined();
  const [owner, ...others] = await owners();
  expect(others).toEqual([]);
  expect(owner).toEqual({
    manager: 'scaler',
    operation: 'Update',
    apiVersion: 'apps/v1',
    subresource: 'scale',
    fieldsType: 'FieldsV1',
    fieldsV1: replicasOnly,
  });
});

test('server-side apply of a scale: conflicts, force, and twice the same', async () => {
  const refused = await api.send('PATCH', `${scale}?fieldManager=hpa`, application(5), applyYaml);
  expect(refused.body).toMatchObject({
    code: 409,
    reason: 'Conflict',
    message: 'Apply failed with 1 conflict: conflict with "creator" using autoscaling/v1: .spec.replicas',
  });
  const forced = await api.send('PATCH', `${scale}?fieldManager=hpa&force=true`, application(5), applyYaml);
  expect(forced).toMatchObject({ code: 200, body: { kind: 'Scale', spec: { replicas: 5 } } });
  expect(await owners()).toMatchObject([{ manager: 'hpa', operation: 'Apply', apiVersion: 'apps/v1', subresource: 'scale' }]);
  const again = await api.send('PATCH', `${scale}?fieldManager=hpa`, application(5), applyYaml);
  expect(again.body.metadata.resourceVersion).toBe(forced.body.metadata.resourceVersion);
  expect((await api.send('PATCH', `${scale}?fieldManager=other`, application(5), applyYaml)).code).toBe(200);
  expect((await owners()).map(({ manager }) => manager)).toEqual(['hpa', 'other']);
});

test('what cannot be applied to a scale', async () => {
  expect((await api.send('PATCH', scale, application(5), applyYaml)).body.message).toContain(
    'fieldManager: Required value: is required for apply',
  );
  const wrong = { ...application(5), kind: 'Deployment' };
  expect((await api.send('PATCH', `${scale}?fieldManager=hpa`, wrong, applyYaml)).body.message).toBe(
    'invalid object type: autoscaling/v1, Kind=Deployment',
  );
  expect((await api.send('PATCH', `${scale}?fieldManager=hpa&force=1`, application(-1), applyYaml)).body.message).toBe(
    'Scale.autoscaling "d" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
  );
  const gone = await api.send(
    'PATCH',
    `${deployments}/none/scale?fieldManager=hpa`,
    { ...application(1), metadata: { name: 'none' } },
    applyYaml,
  );
  expect(gone.body).toMatchObject({ code: 404, message: 'deployments.apps "none" not found' });
});

test('a scale is laid out as a Table of its own', async () => {
  const { body } = await api.send('GET', scale, undefined, { accept: table });
  expect(body.columnDefinitions.map(({ name }: { name: string }) => name)).toEqual(['Name', 'Desired', 'Available', 'Age']);
  expect(body.rows).toMatchObject([{ cells: ['d', 2, 0, '0s'], object: { kind: 'PartialObjectMetadata', metadata: { name: 'd' } } }]);
});

test('reviews have no Table', async () => {
  const reviews = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
  const review = { spec: { resourceAttributes: { verb: 'get', resource: 'pods' } } };
  const refused = await api.send('POST', reviews, review, { accept: table });
  expect(refused.body).toMatchObject({ code: 406, reason: 'NotAcceptable' });
  expect((await api.send('POST', reviews, review, { accept: `${table},application/json` })).body).toMatchObject({
    status: { allowed: true },
  });
});
