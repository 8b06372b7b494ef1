import { expect } from 'vitest';
import { proveOperations, timed } from './support/api-operations.ts';
import type { Scope } from './support/behaviour.ts';
import { ask, call, type Json } from './support/cluster.ts';

const webhook = {
  name: 'hook.conformance.example.com',
  admissionReviewVersions: ['v1'],
  sideEffects: 'None',
  clientConfig: { url: 'https://127.0.0.1:1/never' },
  // Selects nothing: what is called is proven elsewhere.
  rules: [{ apiGroups: ['nowhere.example.com'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['nothings'] }],
};

/** A certificate request of `CN=e2e-example, O=conformance`, in PEM. */
const certificateRequest = [
  '-----BEGIN CERTIFICATE REQUEST-----',
  'MIHnMIGOAgEAMCwxFDASBgNVBAMMC2UyZS1leGFtcGxlMRQwEgYDVQQKDAtjb25m',
  'b3JtYW5jZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABHDWADwv8Mq/Y9VPznzr',
  '8muhijptRwkxU5bRe69X5glpwA+Yv9/R3PuQdQkv9pvF7DOI3HwiPlZfHaQhodI7',
  'wTugADAKBggqhkjOPQQDAgNIADBFAiBrNtIgVPin5c7yRbD5comwI+PxYU1QAN2L',
  '4jHs453gSQIhAKm0yF4D1JqR6HE66x3TZ9qJf/djR+dGC1tmjiypR2Ed',
  '-----END CERTIFICATE REQUEST-----',
  '',
].join('\n');

/** A certificate that is its own authority, valid for a hundred years, in PEM. */
const selfSignedCertificate = [
  '-----BEGIN CERTIFICATE-----',
  'MIIBizCCATGgAwIBAgIUUq7CTd5iYexcF4PRoH/BsMd3TfswCgYIKoZIzj0EAwIw',
  'GjEYMBYGA1UEAwwPZTJlLmV4YW1wbGUuY29tMCAXDTI2MTEyNzE5NTk1MloYDzIx',
  'MjYxMTAzMTk1OTUyWjAaMRgwFgYDVQQDDA9lMmUuZXhhbXBsZS5jb20wWTATBgcq',
  'hkjOPQIBBggqhkjOPQMBBwNCAASA8TtpQlU7Cwhzo+NdmK53otnC7zlTmdvC3SNz',
  'l2sWYMYMIFmzVpTLdpMvGtZCuMRRck8tR281wBR0Ul9wzyIdo1MwUTAdBgNVHQ4E',
  'FgQUMIT0YTPcVyzBRgn2W+IHRIeUz+cwHwYDVR0jBBgwFoAUMIT0YTPcVyzBRgn2',
  'W+IHRIeUz+cwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiBbTxFx',
  'iLq9YTrGXWuFGSHOcqZa6GS8nO77tUihCnF1vgIhAO11mT3pcLdfZocDzOmkuuLy',
  'mxJJm2Jh7WscrMvqmFos',
  '-----END CERTIFICATE-----',
  '',
].join('\n');

/** The subresource `approval`, the status behind it, and requests chosen by their signer. */
async function approveCertificateRequest(scope: Scope, collection: string): Promise<void> {
  const signerName = `example.com/${scope.unique('signer')}`;
  const signed = `${collection}?fieldSelector=${encodeURIComponent(`spec.signerName=${signerName}`)}`;
  scope.finally(() => call('DELETE', signed));
  const request = Buffer.from(certificateRequest).toString('base64');
  const spec = { request, signerName, expirationSeconds: 3600, usages: ['digital signature', 'key encipherment', 'server auth'] };
  const create = () => ask('POST', collection, { metadata: { generateName: 'e2e-example-csr-' }, spec });
  const { metadata } = await create();
  await Promise.all([create(), create()]);
  const path = `${collection}/${metadata.name}`;
  expect((await ask('GET', signed)).items).toHaveLength(3);
  expect(await ask('GET', `${path}/approval`)).toMatchObject({ kind: 'CertificateSigningRequest', metadata: { uid: metadata.uid } });
  const merge = { 'Content-Type': 'application/merge-patch+json' };
  const conditions = [{ type: 'ApprovalPatch', status: 'True', reason: 'e2e' }];
  const patched = await ask(
    'PATCH',
    `${path}/approval`,
    { metadata: { annotations: { patchedapproval: 'true' } }, status: { conditions } },
    merge,
  );
  expect(patched.metadata.annotations).toMatchObject({ patchedapproval: 'true' });
  expect(patched.status.conditions).toMatchObject(conditions);
  const approved = { type: 'Approved', status: 'True', reason: 'E2E', message: 'Set from an e2e test' };
  const updated = await ask('PUT', `${path}/approval`, { ...patched, status: { conditions: [...patched.status.conditions, approved] } });
  expect(updated.status.conditions).toMatchObject([...conditions, approved]);
  const certificate = Buffer.from(selfSignedCertificate).toString('base64');
  const issued = await ask(
    'PATCH',
    `${path}/status`,
    { metadata: { annotations: { patchedstatus: 'true' } }, status: { certificate } },
    merge,
  );
  expect([issued.status.certificate, issued.metadata.annotations.patchedstatus]).toEqual([certificate, 'true']);
  const more = { type: 'StatusUpdate', status: 'True', reason: 'E2E', message: 'Set from an e2e test' };
  const told = await ask('PUT', `${path}/status`, {
    ...issued,
    status: { ...issued.status, conditions: [...issued.status.conditions, more] },
  });
  expect(told.status.conditions).toMatchObject([...conditions, approved, more]);
  await ask('DELETE', path);
  expect((await ask('GET', signed)).items).toHaveLength(2);
  await ask('DELETE', signed);
  expect((await ask('GET', signed)).items).toEqual([]);
}

proveOperations([
  {
    behaviour: '[sig-auth] Certificates API [Privileged:ClusterAdmin] should support CSR API operations',
    of: 'certificates.k8s.io/v1 certificatesigningrequests',
    namespaced: false,
    object: {
      spec: {
        request: Buffer.from(certificateRequest).toString('base64'),
        signerName: 'example.com/e2e-signer',
        expirationSeconds: 3600,
        usages: ['digital signature', 'key encipherment', 'server auth'],
      },
    },
    status: { conditions: [{ ...timed, lastUpdateTime: timed.lastTransitionTime }] },
    also: approveCertificateRequest,
  },
  {
    behaviour: '[sig-api-machinery] API priority and fairness should support FlowSchema API operations',
    of: 'flowcontrol.apiserver.k8s.io/v1 flowschemas',
    namespaced: false,
    object: {
      spec: {
        matchingPrecedence: 10_000,
        priorityLevelConfiguration: { name: 'global-default' },
        rules: [
          {
            subjects: [{ kind: 'User', user: { name: 'example-e2e-non-existent-user' } }],
            nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
          },
        ],
      },
    },
    status: { conditions: [timed] },
  },
  {
    behaviour: '[sig-api-machinery] API priority and fairness should support PriorityLevelConfiguration API operations',
    of: 'flowcontrol.apiserver.k8s.io/v1 prioritylevelconfigurations',
    namespaced: false,
    object: { spec: { type: 'Limited', limited: { nominalConcurrencyShares: 2, limitResponse: { type: 'Reject' } } } },
    status: { conditions: [timed] },
  },
  {
    behaviour:
      '[sig-api-machinery] ValidatingAdmissionPolicy [Privileged:ClusterAdmin] should support ValidatingAdmissionPolicy API operations',
    of: 'admissionregistration.k8s.io/v1 validatingadmissionpolicies',
    namespaced: false,
    object: {
      spec: {
        matchConstraints: {
          resourceRules: [{ apiGroups: ['nowhere.example.com'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['nothings'] }],
        },
        validations: [{ expression: 'object.spec.replicas <= 100' }],
      },
    },
    status: { conditions: [timed] },
  },
  {
    behaviour:
      '[sig-api-machinery] ValidatingAdmissionPolicy [Privileged:ClusterAdmin] should support ValidatingAdmissionPolicyBinding API operations',
    of: 'admissionregistration.k8s.io/v1 validatingadmissionpolicybindings',
    namespaced: false,
    object: { spec: { policyName: 'replicalimit-policy.example.com', validationActions: ['Deny'] } },
  },
  {
    behaviour:
      '[sig-api-machinery] MutatingAdmissionPolicy [Privileged:ClusterAdmin] should support MutatingAdmissionPolicy API operations',
    of: 'admissionregistration.k8s.io/v1 mutatingadmissionpolicies',
    namespaced: false,
    object: {
      spec: {
        matchConstraints: {
          resourceRules: [{ apiGroups: ['nowhere.example.com'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['nothings'] }],
        },
        reinvocationPolicy: 'Never',
        mutations: [{ patchType: 'ApplyConfiguration', applyConfiguration: { expression: 'Object{spec: Object.spec{replicas: 1}}' } }],
      },
    },
  },
  {
    behaviour:
      '[sig-api-machinery] MutatingAdmissionPolicy [Privileged:ClusterAdmin] should support MutatingAdmissionPolicyBinding API operations',
    of: 'admissionregistration.k8s.io/v1 mutatingadmissionpolicybindings',
    namespaced: false,
    object: { spec: { policyName: 'mutate-policy.example.com' } },
  },
  {
    behaviour: 'own: ValidatingWebhookConfiguration API operations',
    of: 'admissionregistration.k8s.io/v1 validatingwebhookconfigurations',
    namespaced: false,
    object: { webhooks: [webhook] },
  },
  {
    behaviour: 'own: MutatingWebhookConfiguration API operations',
    of: 'admissionregistration.k8s.io/v1 mutatingwebhookconfigurations',
    namespaced: false,
    object: { webhooks: [webhook] },
  },
  {
    behaviour: '[sig-api-machinery] ResourceQuota should manage the lifecycle of a ResourceQuota',
    of: 'v1 resourcequotas',
    namespaced: true,
    object: { spec: { hard: { cpu: '500m', memory: '500Mi' } } },
    change: { spec: { hard: { memory: '750Mi' } } },
    status: { hard: { cpu: '500m', memory: '750Mi' } },
  },
  {
    behaviour: '[sig-instrumentation] Events should manage the lifecycle of an event',
    of: 'v1 events',
    namespaced: true,
    object: (namespace) => ({
      involvedObject: { namespace },
      reason: 'Test',
      message: 'This is a test event',
      type: 'Normal',
      count: 1,
    }),
    change: { message: 'This is a test event - patched' },
    also: async (scope, collection) => {
      const name = scope.unique('event');
      const namespace = collection.split('/').at(-2);
      const created = await ask('POST', collection, { metadata: { name }, involvedObject: { namespace }, reason: 'Test', type: 'Normal' });
      const own = ({ metadata: { resourceVersion, managedFields, ...metadata }, ...rest }: Json) => ({ ...rest, metadata });
      const wanted = { ...own(created), series: { count: 100, lastObservedTime: '2017-09-19T13:49:16.000000Z' } };
      await ask('PUT', `${collection}/${name}`, wanted);
      expect(own(await ask('GET', `${collection}/${name}`))).toEqual(wanted);
    },
  },
]);
