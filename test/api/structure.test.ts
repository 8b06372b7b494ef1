import { describe, expect, test } from 'vitest';
import { checkStructure, duplicateFields, fieldComplaints } from '../../runtime/api/structure/index.ts';

const pod = 'io.k8s.api.core.v1.Pod';
const deployment = 'io.k8s.api.apps.v1.Deployment';

const crd = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition';

/** A definition of a custom resource whose schema has one property. */
function definitionOf(property: unknown) {
  return { spec: { versions: [{ schema: { openAPIV3Schema: { properties: { a: property } } } }] } };
}

describe('schemas of custom resources', () => {
  test.each([
    [{ items: { type: 5 } }, 'number', 'items.type', 'string'],
    [{ items: [1] }, 'number', 'items', 'v1.JSONSchemaProps'],
    [{ items: { properties: { id: [null] } } }, 'array', 'items.properties', 'v1.JSONSchemaProps'],
    [{ items: { items: { items: { properties: 5 } } } }, 'number', 'items.items.items.properties', 'map[string]v1.JSONSchemaProps'],
    [{ additionalProperties: { items: { maxLength: 'x' } } }, 'string', 'additionalProperties.items.maxLength', 'int64'],
    [{ dependencies: { b: [1] } }, 'number', 'dependencies', 'string'],
    [{ dependencies: 5 }, 'number', 'dependencies', 'v1.JSONSchemaDependencies'],
    [{ 'x-kubernetes-validations': 5 }, 'number', 'x-kubernetes-validations', 'v1.ValidationRules'],
    [{ enum: 5 }, 'number', 'enum', '[]v1.JSON'],
  ])('%j cannot be decoded: told is the whole way through what reads itself', (property, found, field, type) => {
    expect(checkStructure(crd, definitionOf(property)).error).toBe(
      `json: cannot unmarshal ${found} into Go struct field JSONSchemaProps.spec.versions.schema.openAPIV3Schema.properties.${field} of type ${type}`,
    );
  });

  test.each([{ additionalProperties: 'x' }, { additionalProperties: [] }])('%j cannot be decoded, in the words of the type', (property) => {
    expect(checkStructure(crd, definitionOf(property)).error).toBe('boolean or JSON schema expected');
  });

  test('what reads itself does not say where it stands to those who patch strategically', () => {
    const told = (property: unknown) => checkStructure(crd, definitionOf(property), 'conversion').error;
    expect(told({ items: { type: 5 } })).toBe('json: cannot unmarshal number into Go struct field JSONSchemaProps.type of type string');
    expect(checkStructure(pod, { metadata: { creationTimestamp: 5 } }, 'conversion').error).toBe(
      'json: cannot unmarshal number into Go value of type string',
    );
  });

  test.each([
    [{ items: { foo: 1, type: 'string' } }, { items: { type: 'string' } }],
    [{ items: 5 }, {}],
    [{ additionalProperties: true }, { additionalProperties: true }],
    [{ additionalProperties: { nullable: null, items: 'x' } }, { additionalProperties: {} }],
    [{ dependencies: { b: ['c'], d: { type: 'object' } } }, { dependencies: { b: ['c'], d: { type: 'object' } } }],
  ])('of %j is kept what the type knows, and nothing is told', (property, kept) => {
    const definition = definitionOf(property);
    expect(checkStructure(crd, definition)).toEqual({ unknownFields: [] });
    expect(definition).toEqual(definitionOf(kept));
  });
});

describe('a struct without fields', () => {
  const subresources = (status: unknown) => ({ spec: { versions: [{ subresources: { status } }] } });

  test.each([
    [[], 'array'],
    ['yes', 'string'],
    [true, 'bool'],
  ])('is not %j', (status, found) => {
    expect(checkStructure(crd, subresources(status)).error).toBe(
      `json: cannot unmarshal ${found} into Go struct field CustomResourceSubresources.spec.versions.subresources.status of type v1.CustomResourceSubresourceStatus`,
    );
  });

  test('stays where it is given, without what it does not know', () => {
    const definition = subresources({ a: 1 });
    expect(checkStructure(crd, definition).unknownFields).toEqual(['spec.versions[0].subresources.status.a']);
    expect(definition).toEqual(subresources({}));
  });

  test('is absent where it is null', () => {
    const definition = subresources(null);
    expect(checkStructure(crd, definition)).toEqual({ unknownFields: [] });
    expect(definition).toEqual({ spec: { versions: [{ subresources: {} }] } });
  });
});

describe('structure', () => {
  test.each([
    [
      deployment,
      { spec: { replicas: '3' } },
      'json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [
      deployment,
      { spec: { replicas: 1.5 } },
      'json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [pod, { spec: { hostNetwork: 'yes' } }, 'json: cannot unmarshal string into Go struct field PodSpec.spec.hostNetwork of type bool'],
    [
      pod,
      { spec: { containers: 'x' } },
      'json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type []v1.Container',
    ],
    [
      pod,
      { metadata: { labels: { a: 1 } } },
      'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string',
    ],
    [
      deployment,
      { spec: { template: { spec: { containers: [{ env: [{ name: 'a', value: 1 }] }] } } } },
      'json: cannot unmarshal number into Go struct field EnvVar.spec.template.spec.containers.env.value of type string',
    ],
    [pod, { spec: 'x' }, 'json: cannot unmarshal string into Go struct field Pod.spec of type v1.PodSpec'],
    ['io.k8s.api.core.v1.Secret', { data: { k: '***' } }, 'illegal base64 data at input byte 0'],
    [
      'io.k8s.api.core.v1.Secret',
      { data: { k: [1, 256] } },
      'json: cannot unmarshal number 256 into Go struct field Secret.data of type uint8',
    ],
    ['io.k8s.api.core.v1.Secret', { data: { k: ['a'] } }, 'json: cannot unmarshal string into Go struct field Secret.data of type uint8'],
    [
      pod,
      { spec: { containers: [{ image: 1, resources: { requests: { cpu: 'lots' } } }] } },
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ],
    [
      'io.k8s.api.core.v1.Service',
      { spec: { ports: [{ targetPort: {} }] } },
      'json: cannot unmarshal object into Go struct field ServicePort.spec.ports.targetPort of type int32',
    ],
    [
      'io.k8s.api.coordination.v1.Lease',
      { spec: { renewTime: '2020-01-01T00:00:00Z' } },
      'parsing time "2020-01-01T00:00:00Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "Z" as ".000000"',
    ],
    [pod, { metadata: { creationTimestamp: 'now' } }, 'parsing time "now" as "2006-01-02T15:04:05Z07:00": cannot parse "now" as "2006"'],
  ])('%s refuses %j', (definition, object, error) => {
    expect(checkStructure(definition, object).error).toBe(error);
  });

  const container = (fields: object) => ({ spec: { containers: [fields] } });
  const admission = 'io.k8s.api.admissionregistration.v1.';
  test.each([
    [pod, { spec: { volumes: [{ emptyDir: 'x' }] } }, 'string', 'Volume.spec.volumes.VolumeSource.emptyDir', 'v1.EmptyDirVolumeSource'],
    [pod, { spec: { volumes: [{ name: 5 }] } }, 'number', 'Volume.spec.volumes.name', 'string'],
    [
      pod,
      { spec: { ephemeralContainers: [{ tty: 5 }] } },
      'number',
      'EphemeralContainer.spec.ephemeralContainers.EphemeralContainerCommon.tty',
      'bool',
    ],
    [
      pod,
      container({ livenessProbe: { httpGet: { path: 5 } } }),
      'number',
      'HTTPGetAction.spec.containers.livenessProbe.ProbeHandler.httpGet.path',
      'string',
    ],
    [
      pod,
      container({ env: [{ valueFrom: { secretKeyRef: { name: 5 } } }] }),
      'number',
      'SecretKeySelector.spec.containers.env.valueFrom.secretKeyRef.LocalObjectReference.name',
      'string',
    ],
    [
      'io.k8s.api.core.v1.PersistentVolume',
      { spec: { local: true } },
      'bool',
      'PersistentVolumeSpec.spec.PersistentVolumeSource.local',
      'v1.LocalVolumeSource',
    ],
    [
      'io.k8s.api.networking.v1.Ingress',
      { spec: { rules: [{ http: { paths: 'x' } }] } },
      'string',
      'HTTPIngressRuleValue.spec.rules.IngressRuleValue.http.paths',
      '[]v1.HTTPIngressPath',
    ],
    [
      `${admission}ValidatingWebhookConfiguration`,
      { webhooks: [{ rules: [{ operations: [5] }] }] },
      'number',
      'RuleWithOperations.webhooks.rules.operations',
      'v1.OperationType',
    ],
    [
      `${admission}ValidatingAdmissionPolicy`,
      { spec: { matchConstraints: { resourceRules: [{ scope: 5 }] } } },
      'number',
      'NamedRuleWithOperations.spec.matchConstraints.resourceRules.RuleWithOperations.Rule.scope',
      'v1.ScopeType',
    ],
    [
      'io.k8s.api.apps.v1.StatefulSet',
      { spec: { volumeClaimTemplates: [{ kind: 5 }] } },
      'number',
      'PersistentVolumeClaim.spec.volumeClaimTemplates.TypeMeta.kind',
      'string',
    ],
    [
      'io.k8s.api.resource.v1.ResourceSlice',
      { spec: { devices: [{ attributes: 5 }] } },
      'number',
      'Device.spec.devices.attributes',
      'map[v1.QualifiedName]v1.DeviceAttribute',
    ],
    [
      'io.k8s.api.authorization.v1.SubjectAccessReview',
      { spec: { extra: { a: 'x' } } },
      'string',
      'SubjectAccessReviewSpec.spec.extra',
      'v1.ExtraValue',
    ],
    ['io.k8s.api.authorization.v1.SubjectAccessReview', { spec: { uid: 5 } }, 'number', 'SubjectAccessReviewSpec.spec.uid', 'string'],
  ])('of %s %j names inlined structs and types as Go does', (definition, object, found, field, type) => {
    expect(checkStructure(definition, object).error).toBe(`json: cannot unmarshal ${found} into Go struct field ${field} of type ${type}`);
  });

  test('takes bytes as a list of numbers, too', () => {
    const secret = { data: { k: [1, 2, null, 255], none: [] } };
    expect(checkStructure('io.k8s.api.core.v1.Secret', secret)).toEqual({ unknownFields: [] });
    expect(secret.data).toEqual({ k: 'AQIA/w==', none: '' });
  });

  test('keeps an empty list that is not the same as none', () => {
    const scaler = { spec: { metrics: [], behavior: { scaleUp: { policies: [] } } } };
    checkStructure('io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler', scaler);
    expect(scaler.spec).toEqual({ behavior: { scaleUp: { policies: [] } } });
  });

  test.each([
    ['0001-01-01T00:00:02.000000Z', '0001-01-01T00:00:02.000000Z'],
    ['0099-12-31T23:30:00.123456-00:30', '0100-01-01T00:00:00.123456Z'],
    ['0004-02-29T00:00:00.000000Z', '0004-02-29T00:00:00.000000Z'],
    ['2026-01-01T00:30:00.000000+01:00', '2025-12-31T23:30:00.000000Z'],
  ])('reads %s as %s', (renewTime, wanted) => {
    const lease = { spec: { renewTime } };
    expect(checkStructure('io.k8s.api.coordination.v1.Lease', lease)).toEqual({ unknownFields: [] });
    expect(lease.spec.renewTime).toBe(wanted);
  });

  test.each(['2026-02-29T00:00:00Z', '2026-04-31T00:00:00Z', '2026-01-00T00:00:00Z'])('refuses the day of %s', (creationTimestamp) => {
    const { error } = checkStructure(pod, { metadata: { creationTimestamp } });
    expect(error).toBe(`parsing time "${creationTimestamp}": day out of range`);
  });

  test('a time in a map that is null stays so, and is read again', () => {
    const budget = { status: { disruptedPods: { p: null } } };
    for (let times = 0; times < 2; times++) {
      expect(checkStructure('io.k8s.api.policy.v1.PodDisruptionBudget', budget)).toEqual({ unknownFields: [] });
      expect(budget.status.disruptedPods).toEqual({ p: null });
    }
  });

  test('drops and names what the definition does not know', () => {
    const object = { metadata: { name: 'p', nam: 1 }, spec: { containers: [{ name: 'c', imag: 'x' }] }, extra: {} };
    expect(checkStructure(pod, object)).toEqual({ unknownFields: ['metadata.nam', 'spec.containers[0].imag', 'extra'] });
    expect(object).toEqual({ metadata: { name: 'p' }, spec: { containers: [{ name: 'c' }] } });
  });

  test('keeps, drops and rewrites as a journey through Go does', () => {
    const object = {
      metadata: { name: 'p', labels: {}, annotations: { a: null }, creationTimestamp: null },
      spec: {
        nodeName: '',
        containers: [{ name: 'c', command: [], resources: { requests: { cpu: '0.1', memory: 1024 } }, env: [{ name: 'e', value: '' }] }],
        volumes: [{ name: 'v', emptyDir: {} }],
      },
    };
    expect(checkStructure(pod, object)).toEqual({ unknownFields: [] });
    expect(object).toEqual({
      metadata: { name: 'p', annotations: { a: '' } },
      spec: {
        containers: [{ name: 'c', resources: { requests: { cpu: '100m', memory: '1024' } }, env: [{ name: 'e' }] }],
        volumes: [{ name: 'v', emptyDir: {} }],
      },
    });
    const claim = { spec: { storageClassName: '', volumeName: '' } };
    checkStructure('io.k8s.api.core.v1.PersistentVolumeClaim', claim);
    expect(claim).toEqual({ spec: { storageClassName: '' } });
  });

  test('finds fields that stand twice', () => {
    expect(duplicateFields('{"a":{"b":1,"b":2},"c":[{"d":"x","\\u0064":"{"}],"e":"\\"a\\"","a":1}')).toEqual(['a.b', 'c[0].d', 'a']);
    expect(duplicateFields('{"a":[1,2],"b":{"a":"a"}}')).toEqual([]);
  });

  test('tells unknown and duplicate fields in the order of the text, and nothing from inside of unknown ones', () => {
    const text = '{"x":{"p":1,"p":2},"a":{"y":1,"b":1,"b":2,"y":2},"x":3,"a":{"b":1},"z":0}';
    expect(fieldComplaints(text, ['z', 'a.y', 'x']).map(({ problem, path }) => `${problem} ${path}`)).toEqual([
      'unknown x',
      'unknown a.y',
      'duplicate a.b',
      'duplicate a',
      'unknown z',
    ]);
  });
});
