import { expect } from 'vitest';
import { configMaps, deployment, widget, widgets } from './manifests.ts';
import { script, sharedCluster } from './script.ts';

const shared = sharedCluster('kubectl apply, diff, replace, edit');

script(
  'apply',
  shared,
  [
    { run: 'apply -f {dir}/one.yaml', says: 'deployment.apps/web created' },
    { run: 'apply -f {dir}/one.yaml', says: 'deployment.apps/web unchanged' },
    { run: 'apply -f {dir}/two.yaml --dry-run=server', says: 'deployment.apps/web configured (server dry run)' },
    { run: 'diff -f {dir}/two.yaml', fails: /^-\s+replicas: 1\n\+\s+replicas: 2$/m },
    { run: 'apply -f {dir}/two.yaml', says: 'deployment.apps/web configured' },
    { run: 'diff -f {dir}/two.yaml', hides: 'replicas' },
    { run: 'apply view-last-applied deployment web', says: /replicas: 2/ },
    { run: 'apply view-last-applied -f {dir}/one.yaml -o json', says: '"replicas": 2' },
    { run: 'apply set-last-applied -f {dir}/one.yaml', says: 'deployment.apps/web configured' },
    { run: 'apply set-last-applied -f {dir}/one.yaml', says: 'no changes required' },
    {
      run: 'apply edit-last-applied deployment/web',
      env: { KUBE_EDITOR: '{editor}', EDIT: 's/replicas: 1/replicas: 7/' },
      says: 'deployment.apps/web edited',
    },
    { run: 'apply view-last-applied deployment web', says: /replicas: 7/ },
    { run: 'apply -f -', input: deployment().replace('replicas:', 'replicsa:'), fails: 'unknown field "spec.replicsa"' },
    { run: 'apply -f -', input: deployment().replace('{app: web}}\n  template', '{app: other}}\n  template'), fails: 'field is immutable' },
    { run: 'replace -f {dir}/one.yaml', says: 'deployment.apps/web replaced' },
    { run: 'apply -f {dir}/two.yaml', says: /missing the kubectl.kubernetes.io\/last-applied-configuration annotation/ },
    { run: 'replace --force -f {dir}/one.yaml', says: /deployment.apps "web" deleted[\s\S]*deployment.apps\/web replaced/ },
    { run: 'replace -f -', input: configMaps('none'), fails: 'configmaps "none" not found' },
  ],
  { 'one.yaml': deployment(), 'two.yaml': deployment({ replicas: 2 }), 'editor.sh': '#!/bin/sh\nsed -i "$EDIT" "$1"\n' },
);

script(
  'apply by the server',
  shared,
  [
    { run: 'apply --server-side -f {dir}/one.yaml', says: 'deployment.apps/web serverside-applied' },
    { run: 'get deployment web -o jsonpath={.metadata.resourceVersion}', eventually: true, also: settled },
    {
      run: 'apply --server-side -f {dir}/two.yaml --field-manager=other',
      fails: 'Apply failed with 1 conflict: conflict with "kubectl": .spec.replicas',
    },
    { run: 'diff --server-side -f {dir}/two.yaml --field-manager=other', fails: 'conflict with "kubectl"' },
    { run: 'diff --server-side -f {dir}/two.yaml --field-manager=other --force-conflicts', fails: /\+\s+replicas: 2/ },
    { run: 'apply --server-side -f {dir}/two.yaml --field-manager=other --force-conflicts', says: 'serverside-applied' },
    {
      run: 'get deployment web -o json --show-managed-fields',
      also({ stdout }) {
        const owners = JSON.parse(stdout).metadata.managedFields.filter((entry: { fieldsV1: Record<string, object> }) =>
          Object.hasOwn(entry.fieldsV1['f:spec'] ?? {}, 'f:replicas'),
        );
        expect(owners).toMatchObject([{ manager: 'other', operation: 'Apply', apiVersion: 'apps/v1' }]);
      },
    },
    { run: 'scale deployment web --replicas=3', says: 'deployment.apps/web scaled' },
    {
      run: 'apply --server-side -f {dir}/two.yaml --field-manager=other',
      fails: /conflict with "kubectl[^"]*" with subresource "scale" using apps\/v1: .spec.replicas/,
    },
    { run: 'apply -f {dir}/one.yaml', says: 'deployment.apps/web configured' },
    { run: 'apply --server-side -f {dir}/one.yaml', says: 'serverside-applied' },
  ],
  { 'one.yaml': deployment(), 'two.yaml': deployment({ replicas: 2 }) },
);

script(
  'prune',
  shared,
  [
    { run: 'apply -f {dir}/both.yaml', says: /configmap\/a created\nconfigmap\/b created/ },
    {
      run: 'apply -f {dir}/a.yaml --prune -l set=one --prune-allowlist=core/v1/ConfigMap',
      says: /configmap\/a unchanged\nconfigmap\/b pruned/,
    },
    { run: 'get configmaps -l set=one -o name', says: /^configmap\/a\n$/ },
    {
      run: 'apply -f {dir}/both.yaml --prune --applyset=secret/mine -n {ns}',
      env: { KUBECTL_APPLYSET: 'true' },
      says: 'configmap/b created',
    },
    {
      run: 'apply -f {dir}/a.yaml --prune --applyset=secret/mine -n {ns} --dry-run=server',
      env: { KUBECTL_APPLYSET: 'true' },
      says: 'configmap/b pruned (server dry run)',
    },
    { run: 'apply -f {dir}/a.yaml --prune --applyset=secret/mine -n {ns}', env: { KUBECTL_APPLYSET: 'true' }, says: 'configmap/b pruned' },
    {
      run: 'get secret mine -o jsonpath={.metadata.annotations}',
      says: /"applyset.kubernetes.io\/(contains-group-kinds":"ConfigMap|contains-group-resources":"configmaps)"/,
    },
    { run: 'get configmaps -l set=one -o name', says: /^configmap\/a\n$/ },
  ],
  { 'both.yaml': configMaps('a', 'b'), 'a.yaml': configMaps('a') },
);

script(
  'edit',
  shared,
  [
    { run: 'create -f {dir}/one.yaml', says: 'created' },
    {
      run: 'edit deployment web',
      env: { KUBE_EDITOR: '{editor}', EDIT: 's/^  replicas: 1/  replicas: 3/' },
      says: 'deployment.apps/web edited',
    },
    { run: 'edit deployment web', env: { KUBE_EDITOR: '{editor}', EDIT: 's/nothing/at all/' }, says: 'Edit cancelled, no changes made.' },
    {
      run: 'edit deployment web',
      env: { KUBE_EDITOR: '{dir}/twice.sh' },
      says: /deployments.apps "web" is invalid\ndeployment.apps\/web edited|deployment.apps\/web edited\n[\s\S]*deployments.apps "web" is invalid/,
    },
    { run: 'get deployment web -o jsonpath={.spec.replicas}', says: '4' },
    {
      run: 'edit deployment web',
      env: { KUBE_EDITOR: '{editor}', EDIT: 's/^  name: web/  name: other/' },
      fails: 'At least one of apiVersion, kind and name was changed',
    },
    {
      run: 'edit deployment web --subresource=status',
      env: { KUBE_EDITOR: '{editor}', EDIT: 's/^status:/status:\\n  collisionCount: 5/' },
      says: 'deployment.apps/web edited',
    },
    { run: 'get deployment web -o jsonpath={.status.collisionCount}', says: '5', eventually: true },
  ],
  {
    'one.yaml': deployment(),
    'editor.sh': '#!/bin/sh\nsed -i "$EDIT" "$1"\n',
    // What is refused comes back with the reason on top; only then it is put right.
    'twice.sh': `#!/bin/sh
if grep -q '^# \\* spec.replicas: Invalid value: .*-1.*must be greater than or equal to 0' "$1"
then sed -i 's/^  replicas: -1/  replicas: 4/' "$1"
else sed -i 's/^  replicas: 3/  replicas: -1/' "$1"
fi
`,
  },
);

script(
  'kustomize',
  shared,
  [
    { run: 'kustomize {dir}/k', says: /name: my-settings-[a-z0-9]+[\s\S]*name: my-web/ },
    { run: 'apply -k {dir}/k', says: /configmap\/my-settings-\w+ created\ndeployment.apps\/my-web created/ },
    { run: 'apply -k {dir}/k', says: /configmap\/my-settings-\w+ unchanged\ndeployment.apps\/my-web unchanged/ },
    { run: 'diff -k {dir}/k', hides: 'my-web' },
    { run: 'get -k {dir}/k -o name', says: 'deployment.apps/my-web' },
    { run: 'delete -k {dir}/k', says: 'deployment.apps "my-web" deleted' },
    { run: 'apply -k {dir}/none', fails: 'no such file or directory' },
  ],
  {
    'k/web.yaml': deployment(),
    'k/kustomization.yaml': 'resources: [web.yaml]\nnamePrefix: my-\nconfigMapGenerator: [{name: settings, literals: [a=b]}]\n',
  },
);

script(
  'custom resources',
  shared,
  [
    { run: 'apply -f {dir}/crd.yaml', says: 'customresourcedefinition.apiextensions.k8s.io/widgets.shop{v}.example created' },
    { run: 'wait --for=condition=Established crd/widgets.shop{v}.example --timeout=20s', says: 'condition met' },
    { run: 'apply -f {dir}/widget.yaml', says: 'widget.shop{v}.example/w created', eventually: true },
    { run: 'apply -f {dir}/widget.yaml', says: 'widget.shop{v}.example/w unchanged' },
    { run: 'apply --server-side -f {dir}/widget.yaml', says: 'widget.shop{v}.example/w serverside-applied' },
    { run: 'get widgets.shop{v}.example', says: /^NAME +SIZE\nw +3\n/ },
    { run: 'scale widgets.shop{v}.example w --replicas=4', says: 'widget.shop{v}.example/w scaled' },
    {
      run: `patch widgets.shop{v}.example w --type=merge -p '{"spec":{"size":10}}'`,
      fails: 'spec.size in body should be less than or equal to 9',
    },
    {
      run: `patch widgets.shop{v}.example w -p '{"spec":{"size":1}}'`,
      fails: 'application/strategic-merge-patch+json is not supported by shop{v}.example/v1, Kind=Widget',
    },
    { run: `patch widgets.shop{v}.example w --type=merge --subresource=status -p '{"status":{"seen":true}}'`, says: 'patched' },
    { run: 'apply -f -', input: widget.replace('size:', 'siez:'), fails: 'unknown field "spec.siez"' },
    {
      run: 'explain widgets.spec --api-version=shop{v}.example/v1',
      says: /What is wanted[\s\S]*size\s+<integer>\s+How big/,
      eventually: true,
    },
    { run: 'explain widgets --recursive --api-version=shop{v}.example/v1', says: /tags\s+<\[\]string>/ },
    { run: 'describe widgets.shop{v}.example w', says: /Kind: +Widget[\s\S]*Size: +4/ },
    { run: 'delete -f {dir}/crd.yaml', says: 'customresourcedefinition.apiextensions.k8s.io "widgets.shop{v}.example" deleted' },
    { run: 'get widgets.shop{v}.example', fails: /doesn't have a resource type|could not find the requested resource/ },
  ],
  { 'crd.yaml': widgets, 'widget.yaml': widget },
);

/** The version of an object that has stopped changing does not change when the same is applied again. */
async function settled(
  { stdout }: { readonly stdout: string },
  { session, folder }: { readonly session: { run(command: string): Promise<string> }; readonly folder: string },
): Promise<void> {
  await session.run('rollout status deployment web --timeout=30s');
  const before = await session.run('get deployment web -o jsonpath={.metadata.resourceVersion}');
  await session.run(`apply --server-side -f ${folder}/one.yaml`);
  expect(await session.run('get deployment web -o jsonpath={.metadata.resourceVersion}'), stdout).toBe(before);
}
