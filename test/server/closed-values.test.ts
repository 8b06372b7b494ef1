import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { closedFields, closedValues } from '../../server/schemas/closed-values.ts';
import { loadDefinitions } from '../../server/schemas/generated.ts';
import { shortName } from '../../server/schemas/templates.ts';
import { Editor } from './editor.ts';

let editor: Editor;
beforeAll(async () => {
  editor = await Editor.start();
});
afterAll(() => editor.stop());

const head = (apiVersion: string, kind: string, name = 'a') => `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: ${name} }\n`;
const autoscaler = `${head('autoscaling/v2', 'HorizontalPodAutoscaler')}spec:\n  maxReplicas: 2\n  scaleTargetRef: { kind: Deployment, name: a }\n`;
const container = (more: string) => `${head('v1', 'Pod')}spec:\n  containers:\n    - { name: a, image: a, ${more} }\n`;
const custom = (more: string) => `${head('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'as.b.c')}spec:\n  ${more}\n`;
const schema = (more: string) => custom(`versions: [{ name: v1, schema: { openAPIV3Schema: { ${more} } } }]`);
const statefulSet = (more: string) => `${head('apps/v1', 'StatefulSet')}spec:\n  persistentVolumeClaimRetentionPolicy: { ${more} }\n`;
const flow = 'flowcontrol.apiserver.k8s.io/v1';
const binding = head('admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicyBinding');
const webhook = (kind: string) =>
  `${head('admissionregistration.k8s.io/v1', kind)}webhooks: [{ name: a.b.c, clientConfig: { url: "https://a" }, admissionReviewVersions: [v1], sideEffects: | }]\n`;

/** Manifests with the value of a field where the bar is. */
const places: Readonly<Record<string, string>> = {
  'meta.v1.LabelSelectorRequirement.operator': `${head('apps/v1', 'Deployment')}spec:\n  selector: { matchExpressions: [{ key: a, operator: | }] }\n`,
  'admissionregistration.v1.ParamRef.parameterNotFoundAction': `${binding}spec: { policyName: a, paramRef: { name: a, parameterNotFoundAction: | } }\n`,
  'admissionregistration.v1.MutatingWebhook.sideEffects': webhook('MutatingWebhookConfiguration'),
  'admissionregistration.v1.ValidatingWebhook.sideEffects': webhook('ValidatingWebhookConfiguration'),
  'apiextensions.v1.CustomResourceConversion.strategy': custom('conversion: { strategy: | }'),
  'apiextensions.v1.CustomResourceDefinitionSpec.scope': custom('scope: |'),
  'apiextensions.v1.CustomResourceColumnDefinition.type': custom(
    'versions: [{ name: v1, additionalPrinterColumns: [{ name: a, jsonPath: .a, type: | }] }]',
  ),
  'apiextensions.v1.JSONSchemaProps.type': schema('type: object, properties: { a: { type: | } }'),
  'apiextensions.v1.JSONSchemaProps.x-kubernetes-list-type': schema(
    'type: object, properties: { a: { type: array, x-kubernetes-list-type: | } }',
  ),
  'apiextensions.v1.JSONSchemaProps.x-kubernetes-map-type': schema('type: object, x-kubernetes-map-type: |'),
  'apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy.whenDeleted': statefulSet('whenScaled: Retain, whenDeleted: |'),
  'apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy.whenScaled': statefulSet('whenDeleted: Retain, whenScaled: |'),
  'autoscaling.v2.HPAScalingPolicy.type': `${autoscaler}  behavior: { scaleUp: { policies: [{ type: |, value: 1, periodSeconds: 1 }] } }\n`,
  'autoscaling.v2.HPAScalingRules.selectPolicy': `${autoscaler}  behavior: { scaleUp: { selectPolicy: | } }\n`,
  'autoscaling.v2.MetricSpec.type': `${autoscaler}  metrics: [{ type: | }]\n`,
  'autoscaling.v2.MetricTarget.type': `${autoscaler}  metrics: [{ type: Resource, resource: { name: cpu, target: { type: | } } }]\n`,
  'core.v1.ContainerResizePolicy.resourceName': container('resizePolicy: [{ restartPolicy: NotRequired, resourceName: | }]'),
  'core.v1.ContainerResizePolicy.restartPolicy': container('resizePolicy: [{ resourceName: cpu, restartPolicy: | }]'),
  'core.v1.ContainerRestartRule.action': container(
    'restartPolicy: Never, restartPolicyRules: [{ exitCodes: { operator: In, values: [1] }, action: | }]',
  ),
  'core.v1.ContainerRestartRuleOnExitCodes.operator': container(
    'restartPolicy: Never, restartPolicyRules: [{ action: Restart, exitCodes: { values: [1], operator: | } }]',
  ),
  'core.v1.PodCertificateProjection.keyType': `${container('tty: false')}  volumes: [{ name: a, projected: { sources: [{ podCertificate: { signerName: a.b/c, keyType: |, credentialBundlePath: a } }] } }]\n`,
  'core.v1.PodSecurityContext.seLinuxChangePolicy': `${container('tty: false')}  securityContext: { seLinuxChangePolicy: | }\n`,
  'core.v1.ServiceSpec.trafficDistribution': `${head('v1', 'Service')}spec: { ports: [{ port: 80 }], trafficDistribution: | }\n`,
  'core.v1.VolumeMount.recursiveReadOnly': container(
    'volumeMounts: [{ name: a, mountPath: /a, readOnly: true, mountPropagation: None, recursiveReadOnly: | }]',
  ),
  'flowcontrol.v1.FlowDistinguisherMethod.type': `${head(flow, 'FlowSchema')}spec: { distinguisherMethod: { type: | } }\n`,
  'flowcontrol.v1.LimitResponse.type': `${head(flow, 'PriorityLevelConfiguration')}spec: { type: Limited, limited: { limitResponse: { type: | } } }\n`,
  'flowcontrol.v1.PriorityLevelConfigurationSpec.type': `${head(flow, 'PriorityLevelConfiguration')}spec: { type: | }\n`,
  'networking.v1.IngressClassParametersReference.scope': `${head('networking.k8s.io/v1', 'IngressClass')}spec: { controller: a.b/c, parameters: { kind: A, name: a, namespace: a, scope: | } }\n`,
  'storage.v1.CSIDriverSpec.fsGroupPolicy': `${head('storage.k8s.io/v1', 'CSIDriver')}spec: { fsGroupPolicy: | }\n`,
  'storage.v1.CSIDriverSpec.volumeLifecycleModes': `${head('storage.k8s.io/v1', 'CSIDriver')}spec: { volumeLifecycleModes: [|] }\n`,
  'storage.v1.StorageClass.reclaimPolicy': `${head('storage.k8s.io/v1', 'StorageClass')}provisioner: a.b/c\nreclaimPolicy: |\n`,
};

test('the fields have no enumeration of their own, or a wider one, and each has a place here', async () => {
  const definitions = await loadDefinitions();
  const types = new Map(Object.entries(definitions).map(([name, type]) => [shortName(name), type]));
  for (const field of closedFields()) {
    const [, type = '', name = ''] = /^(\w+\.v\d\.\w+)\.(.*)$/.exec(field) ?? [];
    const property = types.get(type)?.properties?.[name];
    expect(property, field).toBeDefined();
    const listed = property?.enum ?? property?.items?.enum;
    if (listed === undefined) continue;
    const allowed = closedValues(field) ?? [];
    expect(listed, field).toEqual(expect.arrayContaining([...allowed]));
    expect(listed.length, field).toBeGreaterThan(allowed.length);
  }
  expect(Object.keys(places).sort()).toEqual([...closedFields()].sort());
});

describe('what is offered is what the API server allows', () => {
  const refused = /Unsupported value|must be one of|must be either|not a valid selector operator/;

  /** What is said against a value. */
  const wrong = async (marked: string, value: string) => {
    const problems = await editor.problems(marked.replace('|', value));
    return problems.filter((line) => line.includes(`"${value}"`) && refused.test(line));
  };
  test.each(Object.entries(places))('%s', async (field, marked) => {
    const offered = (await editor.complete(marked)).map(({ label }) => label);
    expect(offered).toEqual(closedValues(field));
    expect(await wrong(marked, 'Nonsense')).toHaveLength(1);
    for (const value of offered) expect(await wrong(marked, value)).toEqual([]);
  });
});

test('where validation allows fewer values than the schema, it has the word, and one of its own is proposed', async () => {
  const { 'storage.v1.StorageClass.reclaimPolicy': storage = '' } = places;
  const uri = await editor.open(storage.replace('|', 'Retian'));
  expect((await editor.diagnostics(uri)).map(({ message }) => message)).toEqual([
    'reclaimPolicy: Unsupported value: "Retian": supported values: "Delete", "Retain"',
  ]);
  expect(await editor.fixes(uri)).toEqual(['Change to Retain 5:16-5:22 Retain']);
  const job = (value: string) =>
    `${head('batch/v1', 'Job')}spec: { template: { spec: { restartPolicy: ${value}, containers: [{ name: a, image: a }] } } }\n`;
  expect(await editor.problems(job('Sometimes'))).toEqual([
    '4:44-4:53 error spec.template.spec.restartPolicy: Unsupported value: "Sometimes": supported values: "OnFailure", "Never"',
  ]);
});

describe('values that came with a release', () => {
  const service = places['core.v1.ServiceSpec.trafficDistribution'] ?? '';
  const rule = places['core.v1.ContainerRestartRule.action'] ?? '';
  const labels = async (marked: string) => (await editor.complete(marked)).map(({ label }) => label);
  const wrong = (marked: string, value: string) => editor.problems(marked.replace('|', value));

  test('are told of before it, and not offered', async () => {
    await editor.choose('1.32');
    expect(await labels(service)).toEqual(['PreferClose']);
    expect(await wrong(service, 'PreferSameNode')).toEqual([
      '4:53-4:67 error spec.trafficDistribution: Unsupported value: "PreferSameNode": supported values: "PreferClose": added in Kubernetes 1.33',
    ]);
    expect(await wrong(service, 'PreferClos')).toEqual([
      '4:53-4:63 error spec.trafficDistribution: Unsupported value: "PreferClos": supported values: "PreferClose"',
    ]);
    await editor.choose('1.34');
    expect(await labels(rule)).toEqual(['Restart']);
    expect((await wrong(rule, 'RestartAllContainers')).join()).toMatch(
      /restartPolicyRules\[0\]\.action: Unsupported value: "RestartAllContainers": supported values: "Restart": added in Kubernetes 1\.35$/,
    );
  });

  test('are taken from it on', async () => {
    await editor.choose('1.33');
    expect(await labels(service)).toEqual(['PreferSameZone', 'PreferSameNode', 'PreferClose']);
    expect(await wrong(service, 'PreferSameNode')).toEqual([]);
    await editor.choose('1.35');
    expect(await wrong(rule, 'RestartAllContainers')).toEqual([]);
  });

  test('say so in a hover', async () => {
    await editor.choose('newest');
    expect(await editor.hover(service.replace('Distribution: |', '|Distribution: PreferClose'))).toContain(
      'Possible values: `"PreferSameZone"` (since 1.33), `"PreferSameNode"` (since 1.33), `"PreferClose"`',
    );
  });
});
