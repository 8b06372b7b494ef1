import { expect } from 'vitest';
import { behaviour, type Scope } from './support/behaviour.ts';
import { ask, call, eventually, type Json } from './support/cluster.ts';

const admission = '/apis/admissionregistration.k8s.io/v1';

/** A policy over the Deployments of one namespace, and what binds it; ready when it refuses `marker`. */
async function policy(scope: Scope, spec: Json): Promise<{ readonly deployments: string }> {
  const name = scope.unique('policy');
  const namespace = await scope.namespace({ [name]: 'true' });
  const matchConstraints = {
    namespaceSelector: { matchLabels: { [name]: 'true' } },
    resourceRules: [{ apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['deployments'] }],
  };
  // A marker tells when the policy is in force without making anything.
  const validations = [{ expression: "object.metadata.name != 'marker'", message: 'marked' }, ...spec.validations];
  await ask('POST', `${admission}/validatingadmissionpolicies`, { metadata: { name }, spec: { ...spec, matchConstraints, validations } });
  scope.finally(() => call('DELETE', `${admission}/validatingadmissionpolicies/${name}`));
  await ask('POST', `${admission}/validatingadmissionpolicybindings`, {
    metadata: { name },
    spec: { policyName: name, validationActions: ['Deny'] },
  });
  scope.finally(() => call('DELETE', `${admission}/validatingadmissionpolicybindings/${name}`));
  const deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
  await eventually(
    'the policy is in force',
    async () => (await call('POST', `${deployments}?dryRun=All`, deployment('marker', 2))).status === 422,
  );
  return { deployments };
}

const labels = { app: 'policy' };

function deployment(name: string, replicas: number): Json {
  const template = { metadata: { labels }, spec: { containers: [{ name: 'pause', image: 'registry.k8s.io/pause:3.10.1' }] } };
  return { metadata: { name, labels }, spec: { replicas, selector: { matchLabels: labels }, template } };
}

behaviour('[sig-api-machinery] ValidatingAdmissionPolicy [Privileged:ClusterAdmin] should validate against a Deployment', async (scope) => {
  const { deployments } = await policy(scope, {
    validations: [
      { expression: 'object.spec.replicas > 1', messageExpression: "'wants replicas > 1, got ' + string(object.spec.replicas)" },
    ],
  });
  const refused = await call('POST', deployments, deployment('replicated', 1));
  expect(refused.body).toMatchObject({ code: 422, reason: 'Invalid', message: expect.stringContaining('wants replicas > 1, got 1') });
  await ask('POST', deployments, deployment('replicated', 2));
  const merge = { 'Content-Type': 'application/merge-patch+json' };
  expect((await call('PATCH', `${deployments}/replicated`, { spec: { replicas: 0 } }, merge)).body).toMatchObject({
    code: 422,
    message: expect.stringContaining('wants replicas > 1, got 0'),
  });
});

behaviour(
  '[sig-api-machinery] ValidatingAdmissionPolicy [Privileged:ClusterAdmin] should allow expressions to refer variables.',
  async (scope) => {
    const { deployments } = await policy(scope, {
      variables: [
        { name: 'replicas', expression: 'object.spec.replicas' },
        { name: 'oddReplicas', expression: 'variables.replicas % 2 == 1' },
      ],
      validations: [{ expression: 'variables.replicas > 1' }, { expression: 'variables.oddReplicas', message: 'even' }],
    });
    expect((await call('POST', deployments, deployment('odd', 1))).body).toMatchObject({
      code: 422,
      message: expect.stringContaining('failed expression: variables.replicas > 1'),
    });
    expect((await call('POST', deployments, deployment('odd', 2))).body).toMatchObject({
      code: 422,
      message: expect.stringContaining('even'),
    });
    await ask('POST', deployments, deployment('odd', 3));
  },
);
