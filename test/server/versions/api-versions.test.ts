import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Editor } from '../editor.ts';

let editor: Editor;
beforeEach(async () => {
  editor = await Editor.start();
});
afterEach(async () => {
  expect(editor.logged).toEqual([]);
  await editor.stop();
});

const pod = (spec: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec:\n  containers: [{ name: web, image: 'nginx:1.29' }]\n${spec}`;
const choose = (kubernetesVersion: string) => editor.choose(kubernetesVersion);

describe('a field that the chosen version does not have', () => {
  test.each([
    ['1.33', '  hostnameOverride: db\n', ['6:3-6:19 error unknown field "spec.hostnameOverride": added in Kubernetes 1.34']],
    ['1.34', '  hostnameOverride: db\n', []],
    ['newest', '  hostnameOverride: db\n', []],
    ['1.36', '  workloadRef: { name: a, podGroup: b }\n', ['6:3-6:14 error unknown field "spec.workloadRef": removed in Kubernetes 1.36']],
    ['1.35', '  workloadRef: { name: a, podGroup: b }\n', []],
    ['1.34', '  workloadRef: { name: a, podGroup: b }\n', ['6:3-6:14 error unknown field "spec.workloadRef": added in Kubernetes 1.35']],
    [
      '1.34',
      '  tolerations: [{ key: a, operator: Gt, value: "1" }]\n',
      [
        '6:37-6:39 error spec.tolerations[0].operator: Unsupported value: "Gt": supported values: "Equal", "Exists": added in Kubernetes 1.35',
      ],
    ],
  ])('%s: %j', async (version, spec, problems) => {
    await choose(version);
    expect(await editor.problems(pod(spec))).toEqual(problems);
  });
});

describe('a version that is not served', () => {
  const problemsOf = (apiVersion: string, kind: string) =>
    editor.problems(`apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: a }\n`);
  test.each([
    ['extensions/v1beta1', 'Deployment', '1.16: use apps/v1'],
    ['apps/v1beta1', 'StatefulSet', '1.16: use apps/v1'],
    ['apps/v1beta2', 'DaemonSet', '1.16: use apps/v1'],
    ['extensions/v1beta1', 'NetworkPolicy', '1.16: use networking.k8s.io/v1'],
    ['networking.k8s.io/v1beta1', 'Ingress', '1.22: use networking.k8s.io/v1'],
    ['networking.k8s.io/v1beta1', 'IngressClass', '1.22: use networking.k8s.io/v1'],
    ['policy/v1beta1', 'PodDisruptionBudget', '1.25: use policy/v1'],
    ['policy/v1beta1', 'PodSecurityPolicy', '1.25'],
    ['batch/v1beta1', 'CronJob', '1.25: use batch/v1'],
    ['batch/v2alpha1', 'CronJob', '1.21: use batch/v1'],
    ['autoscaling/v2beta1', 'HorizontalPodAutoscaler', '1.25: use autoscaling/v2'],
    ['autoscaling/v2beta2', 'HorizontalPodAutoscaler', '1.26: use autoscaling/v2'],
    ['rbac.authorization.k8s.io/v1beta1', 'ClusterRole', '1.22: use rbac.authorization.k8s.io/v1'],
    ['rbac.authorization.k8s.io/v1alpha1', 'RoleBinding', '1.22: use rbac.authorization.k8s.io/v1'],
    ['storage.k8s.io/v1beta1', 'StorageClass', '1.22: use storage.k8s.io/v1'],
    ['storage.k8s.io/v1beta1', 'CSIStorageCapacity', '1.27: use storage.k8s.io/v1'],
    ['apiextensions.k8s.io/v1beta1', 'CustomResourceDefinition', '1.22: use apiextensions.k8s.io/v1'],
    ['apiregistration.k8s.io/v1beta1', 'APIService', '1.22: use apiregistration.k8s.io/v1'],
    ['admissionregistration.k8s.io/v1beta1', 'ValidatingWebhookConfiguration', '1.22: use admissionregistration.k8s.io/v1'],
    ['certificates.k8s.io/v1beta1', 'CertificateSigningRequest', '1.22: use certificates.k8s.io/v1'],
    ['coordination.k8s.io/v1beta1', 'Lease', '1.22: use coordination.k8s.io/v1'],
    ['discovery.k8s.io/v1beta1', 'EndpointSlice', '1.25: use discovery.k8s.io/v1'],
    ['events.k8s.io/v1beta1', 'Event', '1.25: use events.k8s.io/v1'],
    ['flowcontrol.apiserver.k8s.io/v1beta1', 'FlowSchema', '1.26: use flowcontrol.apiserver.k8s.io/v1'],
    ['flowcontrol.apiserver.k8s.io/v1beta2', 'FlowSchema', '1.29: use flowcontrol.apiserver.k8s.io/v1'],
    ['flowcontrol.apiserver.k8s.io/v1beta3', 'FlowSchema', '1.32: use flowcontrol.apiserver.k8s.io/v1'],
    ['node.k8s.io/v1beta1', 'RuntimeClass', '1.25: use node.k8s.io/v1'],
    ['scheduling.k8s.io/v1beta1', 'PriorityClass', '1.22: use scheduling.k8s.io/v1'],
    ['authentication.k8s.io/v1beta1', 'TokenReview', '1.22: use authentication.k8s.io/v1'],
    ['authorization.k8s.io/v1beta1', 'SubjectAccessReview', '1.22: use authorization.k8s.io/v1'],
  ])('%s %s was removed in %s', async (apiVersion, kind, told) => {
    const range = `1:13-1:${13 + apiVersion.length}`;
    expect(await problemsOf(apiVersion, kind)).toEqual([
      `${range} error no matches for kind "${kind}" in version "${apiVersion}": removed in Kubernetes ${told}`,
    ]);
  });

  test('was served before, and will be after', async () => {
    await choose('1.31');
    expect(await problemsOf('flowcontrol.apiserver.k8s.io/v1beta3', 'FlowSchema')).toEqual([
      expect.stringContaining('spec.priorityLevelConfiguration'),
    ]);
    expect(await problemsOf('resource.k8s.io/v1', 'DeviceClass')).toEqual([
      '1:13-1:31 error no matches for kind "DeviceClass" in version "resource.k8s.io/v1": added in Kubernetes 1.34: use resource.k8s.io/v1alpha3',
    ]);
  });
});

test('what is deprecated is struck through', async () => {
  const text = `apiVersion: v1\nkind: Endpoints\nmetadata: { name: a }\n---\n${pod('  volumes: [{ name: a, gitRepo: { repository: b } }]\n')}`;
  const found = (await editor.diagnostics(await editor.open(text))).filter(({ tags }) => tags?.includes(1) || tags?.includes(2));
  expect(found.map(({ message, severity, tags }) => [message, severity, tags])).toEqual([
    ['v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice', 4, [2]],
    ['"gitRepo" is deprecated: clone in an init container into an emptyDir that the containers mount', 4, [2]],
  ]);
});

test("the setting applies at once, and the cluster's version where it says so", async () => {
  const uri = await editor.open(pod('  hostnameOverride: db\n'));
  expect(await editor.diagnostics(uri)).toEqual([]);
  await editor.tell('kubeside/cluster', { gitVersion: 'v1.32.5' });
  await expect.poll(() => editor.diagnostics(uri)).toHaveLength(1);
  await choose('1.34');
  await expect.poll(() => editor.diagnostics(uri)).toEqual([]);
});

test('completion and hover know the version', async () => {
  const labels = async (text: string) => (await editor.complete(text)).map(({ label }) => label);
  expect(await labels(pod('  hostnameOv|'))).toContain('hostnameOverride');
  expect(await editor.hover(pod('  hostname|Override: db\n'))).toContain('since 1.34');
  expect(await editor.hover('apiVersion: v1\nkind: End|points\n')).toContain('deprecated in 1.33');
  await choose('1.33');
  expect(await labels(pod('  hostnameOv|'))).not.toContain('hostnameOverride');
  expect(await labels('apiVersion: |\nkind: DeviceClass\n')).not.toContain('resource.k8s.io/v1');
});
