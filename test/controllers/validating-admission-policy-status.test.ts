import { afterEach, beforeEach, expect, test } from 'vitest';
import { validatingAdmissionPolicies } from '../../runtime/client/resources.ts';
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
  expect(await status()).toEqual({ observedGeneration: 2 });
  const written = world.writes.length;
  await policies.patch('p', undefined, { type: 'merge', body: { metadata: { labels: { a: 'b' } } } });
  expect(await status()).toEqual({ observedGeneration: 2 });
  expect(world.writes.length).toBe(written);
});

test('a policy that is right from the start says so', async () => {
  const policies = world.client.resource(validatingAdmissionPolicies);
  await policies.create({ metadata: { name: 'p' }, spec: spec('object.spec.replicas > 1') });
  await world.clock.advance(1000);
  expect((await policies.get('p')).status).toEqual({ observedGeneration: 1, typeChecking: {} });
});
