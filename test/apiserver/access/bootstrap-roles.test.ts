import { expect, test } from 'vitest';
import { inProcessTransport } from '../../../runtime/apiserver/in-process.ts';
import { ensureBootstrapRoles } from '../../../runtime/bootstrap/rbac/reconcile.ts';
import { createClient } from '../../../runtime/client/http-client.ts';
import { admin, type Body } from '../api.ts';
import { rbac, ruleOf, startWithRoles } from './access.ts';

const merge = { 'content-type': 'application/merge-patch+json' };

test('every cluster has the roles and bindings of kube-apiserver, marked as such', async () => {
  const api = await startWithRoles();
  const list = async (path: string): Promise<Body[]> => (await api.send('GET', `${rbac}/${path}`)).body.items;
  const roles = await list('clusterroles');
  const names = roles.map(({ metadata }) => metadata.name);
  for (const name of ['cluster-admin', 'admin', 'edit', 'view', 'system:discovery', 'system:node', 'system:controller:job-controller']) {
    expect(names).toContain(name);
  }
  const everything = [...roles, ...(await list('clusterrolebindings')), ...(await list('roles')), ...(await list('rolebindings'))];
  for (const { metadata } of everything) {
    expect(metadata.labels['kubernetes.io/bootstrapping']).toBe('rbac-defaults');
    expect(metadata.annotations).toEqual({ 'rbac.authorization.kubernetes.io/autoupdate': 'true' });
  }
  const bindings = await list('clusterrolebindings');
  expect(bindings.find(({ metadata }) => metadata.name === 'system:public-info-viewer')).toMatchObject({
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:public-info-viewer' },
    subjects: [
      { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'system:authenticated' },
      { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'system:unauthenticated' },
    ],
  });
  for (const binding of bindings) expect(names).toContain(binding.roleRef.name);
});

test('a start mends what was taken away and leaves what was added or is nobody else’s business', async () => {
  const api = await startWithRoles();
  const again = () => ensureBootstrapRoles(createClient(inProcessTransport(api.server, admin)));
  const get = async (path: string) => (await api.send('GET', `${rbac}/${path}`)).body;
  const patch = (path: string, body: object) => api.send('PATCH', `${rbac}/${path}`, body, merge);
  const before = api.store.revision;
  await again();
  expect(api.store.revision).toBe(before);

  const mine = ruleOf('get on secrets');
  await patch('clusterroles/system:node-proxier', {
    rules: [mine],
    metadata: { labels: { 'kubernetes.io/bootstrapping': null, mine: 'yes' } },
  });
  await patch('clusterrolebindings/system:discovery', { subjects: [{ kind: 'User', name: 'eve' }] });
  await api.send('DELETE', `${rbac}/namespaces/kube-system/roles/system:controller:token-cleaner`);
  const kept = { metadata: { annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'false' } }, subjects: null };
  await patch('clusterrolebindings/system:public-info-viewer', kept);
  await again();

  const role = await get('clusterroles/system:node-proxier');
  expect(role.rules[0]).toEqual(mine);
  expect(role.rules.length).toBeGreaterThan(4);
  expect(role.metadata.labels).toEqual({ 'kubernetes.io/bootstrapping': 'rbac-defaults', mine: 'yes' });
  expect((await get('clusterrolebindings/system:discovery')).subjects.map(({ name }: Body) => name)).toEqual([
    'eve',
    'system:authenticated',
  ]);
  expect((await get('namespaces/kube-system/roles/system:controller:token-cleaner')).kind).toBe('Role');
  expect((await get('clusterrolebindings/system:public-info-viewer')).subjects).toBeUndefined();
});
