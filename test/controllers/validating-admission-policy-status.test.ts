import { afterEach, beforeEach, expect, test } from 'vitest';
import { customResourceDefinitions, validatingAdmissionPolicies } from '../../runtime/client/resources.ts';
import { createWorld, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld({ nodes: 0 });
});
afterEach(() => world.stop());

const spec = (expression: string) => ({
  failurePolicy: 'Fail',
  matchConstraints: {
    resourceRules: [{ apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['deployments'] }],
  },
  validations: [{ expression }],
});

test('the status of a policy says what was looked at, and what its expressions get wrong', async () => {
  const policies = world.client.resource(validatingAdmissionPolicies);
  const status = async () => {
    await world.clock.advance(1000);
    return (await policies.get('p')).status;
  };
  await policies.create({ metadata: { name: 'p' }, spec: spec('object.replicas > 1') });
  expect(await status()).toEqual({
    observedGeneration: 1,
    typeChecking: {
      expressionWarnings: [
        {
          fieldRef: 'spec.validations[0].expression',
          warning: "apps/v1, Kind=Deployment: ERROR: <input>:1:7: undefined field 'replicas'\n | object.replicas > 1\n | ......^\n",
        },
      ],
    },
  });
  await policies.update({ ...(await policies.get('p')), spec: spec('object.spec.replicas > 1') });
  expect(await status()).toEqual({ observedGeneration: 2, typeChecking: {} });
  const written = world.writes.length;
  await policies.patch('p', undefined, { type: 'merge', body: { metadata: { labels: { a: 'b' } } } });
  expect(await status()).toEqual({ observedGeneration: 2, typeChecking: {} });
  expect(world.writes.length).toBe(written);
});

test('a policy that is right from the start says so', async () => {
  const policies = world.client.resource(validatingAdmissionPolicies);
  await policies.create({ metadata: { name: 'p' }, spec: spec('object.spec.replicas > 1') });
  await world.clock.advance(1000);
  expect((await policies.get('p')).status).toEqual({ observedGeneration: 1, typeChecking: {} });
});

test('custom kinds are looked at, and those that nobody serves may hold anything', async () => {
  const schema = { type: 'object', properties: { spec: { type: 'object', properties: { size: { type: 'integer' } } } } };
  await world.client.resource(customResourceDefinitions).create({
    metadata: { name: 'widgets.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { kind: 'Widget', plural: 'widgets' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  });
  await world.clock.advance(1000);
  const policies = world.client.resource(validatingAdmissionPolicies);
  const warningsOf = async (name: string, group: string) => {
    const resourceRules = [{ apiGroups: [group], apiVersions: ['v1'], operations: ['CREATE'], resources: ['widgets'] }];
    await policies.create({ metadata: { name }, spec: { ...spec('object.spec.siz > 1'), matchConstraints: { resourceRules } } });
    const status = async () => {
      await world.clock.advance(1000);
      return (await policies.get(name)).status;
    };
    // The schemas are written out when somebody asks for them first, which takes as long as it takes.
    await expect.poll(status, { timeout: 20_000 }).toMatchObject({ observedGeneration: 1 });
    return (await status())?.typeChecking?.expressionWarnings?.map(({ warning }) => warning);
  };
  expect(await warningsOf('p', 'example.com')).toEqual([
    "example.com/v1, Kind=Widget: ERROR: <input>:1:12: undefined field 'siz'\n | object.spec.siz > 1\n | ...........^\n",
  ]);
  expect(await warningsOf('q', 'elsewhere.com')).toBeUndefined();
  expect((await policies.get('q')).status).toEqual({ observedGeneration: 1, typeChecking: {} });
});
