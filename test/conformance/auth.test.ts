import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { expect } from 'vitest';
import { behaviour, pausePod } from './support/behaviour.ts';
import { ask, authentication, authorization, call, config, core, eventually, mergePatch, refusal } from './support/cluster.ts';

behaviour('[sig-auth] ServiceAccounts should guarantee kube-root-ca.crt exist in any namespace', async (scope) => {
  const namespace = await scope.namespace();
  const name = 'kube-root-ca.crt';
  const read = () => core.readNamespacedConfigMap({ namespace, name }).catch(() => undefined);
  const first = await eventually('the config map', read);
  expect(first.data?.['ca.crt']).toContain('BEGIN CERTIFICATE');
  await core.deleteNamespacedConfigMap({ namespace, name });
  await eventually('a new config map', async () => {
    const found = await read();
    return found?.metadata?.uid !== undefined && found.metadata.uid !== first.metadata?.uid;
  });
  await core.patchNamespacedConfigMap({ namespace, name, body: { data: { 'ca.crt': '' } } }, mergePatch);
  await eventually('the certificate is back', async () => (await read())?.data?.['ca.crt'] === first.data?.['ca.crt']);
});

behaviour('[sig-auth] ServiceAccounts should run through the lifecycle of a ServiceAccount', async (scope) => {
  const namespace = await scope.namespace();
  const name = 'testserviceaccount';
  const watch = await scope.watch(`/api/v1/namespaces/${namespace}/serviceaccounts`, { fieldSelector: `metadata.name=${name}` });
  await core.createNamespacedServiceAccount({ namespace, body: { metadata: { name, labels: { 'test-serviceaccount-static': 'true' } } } });
  await core.patchNamespacedServiceAccount({ namespace, name, body: { automountServiceAccountToken: false } }, mergePatch);
  const everywhere = await core.listServiceAccountForAllNamespaces({ labelSelector: 'test-serviceaccount-static=true' });
  expect(everywhere.items.filter(({ metadata }) => metadata?.namespace === namespace)).toHaveLength(1);
  await core.deleteCollectionNamespacedServiceAccount({ namespace, labelSelector: 'test-serviceaccount-static=true' });
  await watch.expect(['ADDED', 'MODIFIED', 'DELETED']);
});

behaviour('[sig-auth] ServiceAccounts should update a ServiceAccount', async (scope) => {
  const namespace = await scope.namespace();
  const body = await core.createNamespacedServiceAccount({
    namespace,
    body: { metadata: { name: 'e2e' }, automountServiceAccountToken: false },
  });
  body.automountServiceAccountToken = true;
  expect((await core.replaceNamespacedServiceAccount({ namespace, name: 'e2e', body })).automountServiceAccountToken).toBe(true);
});

behaviour('[sig-auth] ServiceAccounts should allow opting out of API token automount', async (scope) => {
  const namespace = await scope.namespace();
  for (const [name, automountServiceAccountToken] of [
    ['mount', true],
    ['nomount', false],
  ] as const) {
    await core.createNamespacedServiceAccount({ namespace, body: { metadata: { name }, automountServiceAccountToken } });
  }
  for (const [serviceAccountName, asked, mounted] of [
    ['default', undefined, true],
    ['mount', undefined, true],
    ['nomount', undefined, false],
    ['default', true, true],
    ['mount', true, true],
    ['nomount', true, true],
    ['default', false, false],
    ['mount', false, false],
    ['nomount', false, false],
  ] as const) {
    const spec = { serviceAccountName, ...(asked === undefined ? {} : { automountServiceAccountToken: asked }) };
    const pod = await core.createNamespacedPod({ namespace, body: pausePod(`pod-${serviceAccountName}-${asked ?? 'default'}`, {}, spec) });
    const paths = pod.spec?.containers[0]?.volumeMounts?.map(({ mountPath }) => mountPath) ?? [];
    expect(paths).toEqual(mounted ? ['/var/run/secrets/kubernetes.io/serviceaccount'] : []);
  }
});

behaviour(
  '[sig-auth] ServiceAccounts ServiceAccountIssuerDiscovery should support OIDC discovery of service account issuer',
  async (scope) => {
    const namespace = await scope.namespace();
    const issuer = await ask('GET', '/.well-known/openid-configuration');
    expect(issuer).toMatchObject({ response_types_supported: ['id_token'], subject_types_supported: ['public'] });
    const { keys } = await ask('GET', '/openid/v1/jwks', undefined, { Accept: '*/*' });
    const { status } = await core.createNamespacedServiceAccountToken({
      namespace,
      name: 'default',
      body: { spec: { audiences: ['oidc-discovery-test'], expirationSeconds: 600 } },
    });
    const [header, claims] = (status?.token ?? '').split('.').map((part) => Buffer.from(part, 'base64url').toString());
    expect(keys.map((key: { kid: string }) => key.kid)).toContain(JSON.parse(header ?? '').kid);
    expect(JSON.parse(claims ?? '')).toMatchObject({
      iss: issuer.issuer,
      aud: ['oidc-discovery-test'],
      sub: `system:serviceaccount:${namespace}:default`,
    });
  },
);

behaviour('own: tokens of service accounts log in and may do what RBAC allows', async (scope) => {
  const namespace = await scope.namespace();
  const { status } = await core.createNamespacedServiceAccountToken({ namespace, name: 'default', body: { spec: { audiences: [] } } });
  const review = await authentication.createTokenReview({ body: { spec: { token: status?.token ?? '' } } });
  expect(review.status).toMatchObject({ authenticated: true, user: { username: `system:serviceaccount:${namespace}:default` } });
  const cluster = config.getCurrentCluster();
  const own = new KubeConfig();
  own.loadFromClusterAndUser(
    { ...cluster, name: 'own', server: cluster?.server ?? '', skipTLSVerify: false },
    { name: 'own', token: status?.token ?? '' },
  );
  const client = own.makeApiClient(CoreV1Api);
  const refused = await refusal(client.listNamespacedPod({ namespace }));
  expect(refused).toMatchObject({
    code: 403,
    message: `pods is forbidden: User "system:serviceaccount:${namespace}:default" cannot list resource "pods" in API group "" in the namespace "${namespace}"`,
  });
  const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
  await ask('POST', `${rbac}/rolebindings`, {
    metadata: { name: 'view' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
    subjects: [{ kind: 'ServiceAccount', name: 'default', namespace }],
  });
  await eventually('the role counts', async () => await client.listNamespacedPod({ namespace }).catch(() => undefined));
  expect((await refusal(client.listNamespacedSecret({ namespace }))).code).toBe(403);
});

behaviour('[sig-auth] SubjectReview should support SubjectReview API operations', async (scope) => {
  const namespace = await scope.namespace();
  const { metadata } = await core.createNamespacedServiceAccount({ namespace, body: { metadata: { name: 'e2e' } } });
  const resourceAttributes = { verb: 'list', resource: 'configmaps', namespace, version: 'v1' };
  const user = `system:serviceaccount:${namespace}:e2e`;
  const groups = ['system:authenticated', 'system:serviceaccounts', `system:serviceaccounts:${namespace}`];
  const spec = { user, groups, uid: metadata?.uid ?? '', resourceAttributes };
  // Header by header, as each group is one of its own.
  const list = async () => {
    const impersonated = { 'Impersonate-User': user, 'Impersonate-Uid': spec.uid, 'Impersonate-Group': groups };
    return (await call('GET', `/api/v1/namespaces/${namespace}/configmaps`, undefined, impersonated)).status;
  };
  const reviews = async () => {
    const review = await authorization.createSubjectAccessReview({ body: { spec } });
    const local = await authorization.createNamespacedLocalSubjectAccessReview({ namespace, body: { metadata: { namespace }, spec } });
    return [review.status?.allowed, local.status?.allowed];
  };
  expect([await reviews(), await list()]).toEqual([[false, false], 403]);
  await ask('POST', `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`, {
    metadata: { name: 'view' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
    subjects: [{ kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: `system:serviceaccounts:${namespace}` }],
  });
  await eventually('the role counts', async () => (await list()) === 200);
  expect(await reviews()).toEqual([true, true]);
  const elsewhere = { spec, metadata: { namespace: 'default' } };
  const refused = await refusal(authorization.createNamespacedLocalSubjectAccessReview({ namespace, body: elsewhere }));
  expect(refused.code).toBe(400);
  const self = await authorization.createSelfSubjectAccessReview({ body: { spec: { resourceAttributes } } });
  expect(self.status?.allowed).toBe(true);
});

behaviour('own: SelfSubjectReview API operations', async () => {
  const { status } = await authentication.createSelfSubjectReview({ body: {} });
  expect(status?.userInfo?.username).toBeTruthy();
  expect(status?.userInfo?.groups).toContain('system:authenticated');
});

behaviour('[sig-auth] ServiceAccounts should create a serviceAccountToken and ensure a successful TokenReview', async (scope) => {
  const namespace = await scope.namespace();
  const name = 'reviewed';
  await core.createNamespacedServiceAccount({ namespace, body: { metadata: { name } } });
  const { status } = await core.createNamespacedServiceAccountToken({ namespace, name, body: { spec: { audiences: [] } } });
  expect(status?.token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  const review = await authentication.createTokenReview({ body: { spec: { token: status?.token ?? '' } } });
  expect([review.status?.error, review.status?.authenticated, review.status?.user?.username]).toEqual([
    undefined,
    true,
    `system:serviceaccount:${namespace}:${name}`,
  ]);
});
