import 'reflect-metadata';
import { KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Pkcs10CertificateRequestGenerator } from '@peculiar/x509';
import { expect } from 'vitest';
import { deployment } from './manifests.ts';
import { script, sharedCluster } from './script.ts';

const shared = sharedCluster('kubectl cordon, drain, top, auth, certificate', '--nodes', '5');

const budget = `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web}
spec: {minAvailable: 1, selector: {matchLabels: {app: web}}}
`;

script(
  'nodes',
  shared,
  [
    { run: 'taint nodes {node} k=v:NoSchedule', says: 'node/{node} tainted' },
    { run: 'taint nodes {node} k=v:NoSchedule', fails: 'already has k taint(s) with same effect(s) and --overwrite is false' },
    { run: 'taint nodes {node} k=w:NoSchedule --overwrite', says: 'node/{node} modified' },
    { run: 'taint nodes {node} k:NoSchedule-', says: 'node/{node} untainted' },
    { run: 'taint nodes {node} k:NoSchedule-', fails: 'taint "k:NoSchedule" not found' },
    { run: 'taint nodes {node} k=v:Bad', fails: 'invalid taint effect: Bad' },
    { run: 'apply -f {dir}/web.yaml', says: 'created' },
    { run: 'rollout status deployment/web --timeout=60s', says: 'successfully rolled out' },
    { run: 'cordon {node}', says: 'node/{node} cordoned' },
    { run: 'cordon {node}', says: 'node/{node} already cordoned' },
    { run: 'get node {node}', says: /Ready,SchedulingDisabled/ },
    { run: 'uncordon {node}', says: 'node/{node} uncordoned' },
    { run: 'create -f {dir}/budget.yaml', says: 'created' },
    { run: 'get pdb web -o jsonpath={.status.desiredHealthy}', says: '1', eventually: true },
    { run: 'run bare --image=redis --overrides={"spec":{"nodeName":"{node}"}}', says: 'pod/bare created' },
    { run: 'wait --for=condition=Ready pod/bare --timeout=30s', says: 'condition met' },
    { run: 'drain {node} --dry-run=server', fails: /Pods (that )?declare no controller/ },
    {
      run: 'drain {node} --timeout=4s --ignore-daemonsets --force --delete-emptydir-data',
      fails: /Cannot evict pod as it would violate the pod's disruption budget/,
    },
    { run: 'delete pdb web', says: 'deleted' },
    { run: 'drain {node} --timeout=60s --force', says: 'node/{node} drained' },
    { run: 'get pods -o jsonpath={.items[*].status.phase}', says: 'Pending', eventually: true },
    { run: 'uncordon {node}', says: 'node/{node} uncordoned' },
    { run: 'rollout status deployment/web --timeout=60s', says: 'successfully rolled out' },
    { run: 'drain none', fails: 'nodes "none" not found' },
    { run: 'top nodes', fails: 'Metrics API not available' },
    { run: 'top pods', fails: 'Metrics API not available' },
  ],
  {
    'web.yaml': deployment({ extra: '      nodeSelector: {kubernetes.io/hostname: {node}}\n' }),
    'budget.yaml': budget,
  },
);

const rbac = (verb: string) => `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: r, namespace: {ns}}
rules: [{apiGroups: [""], resources: [pods], verbs: [${verb}]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: r, namespace: {ns}}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: bob}]
`;

script(
  'auth',
  shared,
  [
    { run: 'auth can-i create pods', says: 'yes' },
    { run: 'auth can-i create pods --as=bob', fails: 'no' },
    { run: 'auth can-i get pods --subresource=log --as=system:serviceaccount:{ns}:default', fails: 'no' },
    { run: 'auth can-i list nothings', says: `the server doesn't have a resource type 'nothings'` },
    { run: 'auth can-i get /healthz --as=bob', says: 'yes' },
    { run: 'auth can-i --list --as=bob', says: /selfsubjectaccessreviews.authorization.k8s.io +\[\] +\[\] +\[create\]/ },
    {
      run: 'auth reconcile -f {dir}/get.yaml',
      says: /role.rbac.authorization.k8s.io\/r reconciled[\s\S]*rolebinding.rbac.authorization.k8s.io\/r reconciled/,
    },
    { run: 'auth can-i get pods --as=bob', says: 'yes' },
    { run: 'auth reconcile -f {dir}/list.yaml', says: /missing rules added/ },
    { run: 'get role r -o jsonpath={.rules[*].verbs}', says: '["get"] ["list"]' },
    { run: 'auth reconcile -f {dir}/list.yaml --remove-extra-permissions', says: /extra rules removed/ },
    { run: 'auth can-i get pods --as=bob', fails: 'no' },
    { run: 'auth can-i list pods --as=bob', says: 'yes' },
    {
      run: 'get configmaps --as=bob',
      fails: 'configmaps is forbidden: User "bob" cannot list resource "configmaps" in API group "" in the namespace "{ns}"',
    },
    { run: 'auth whoami', says: /Username +kubernetes-admin\nGroups +\[system:masters system:authenticated\]/, since: '1.28' },
    { run: 'auth whoami -o jsonpath={.status.userInfo.username} --as=bob', says: 'bob', since: '1.28' },
    // It asks in versions of the API that have been removed since.
    { run: 'auth whoami', fails: /selfsubjectreviews API is not enabled|selfsubjectreview/, until: '1.27' },
  ],
  { 'get.yaml': rbac('get'), 'list.yaml': rbac('list') },
);

script(
  'the token of a secret',
  shared,
  [
    { run: 'create serviceaccount robot', says: 'serviceaccount/robot created' },
    { run: 'apply -f {dir}/token.yaml', says: 'secret/robot created' },
    { run: 'describe secret robot', says: /ca.crt: +\d+ bytes\nnamespace: +\d+ bytes\ntoken: +eyJ/, eventually: true },
    {
      run: 'get secret robot -o jsonpath={.data.token}',
      also: async ({ stdout }, { namespace, folder, session, kubectl }) => {
        // The certificate of the kubeconfig would come first.
        const server = await session.run('config view --minify -o jsonpath={.clusters[0].cluster.server}');
        const token = Buffer.from(stdout, 'base64').toString();
        const options = `--kubeconfig=${join(folder, '.keep')} --server=${server} --insecure-skip-tls-verify --token=${token}`;
        const wanted = `User "system:serviceaccount:${namespace}:robot" cannot list resource "pods"`;
        const { stderr } = await session.try(`get pods -n ${namespace} ${options}`.split(' '));
        expect(stderr, kubectl.version).toContain(wanted);
      },
    },
    { run: 'get secret robot --show-labels', says: 'kubernetes.io/legacy-token-last-used=' },
    { run: 'delete serviceaccount robot', says: 'deleted' },
    { run: 'get secret robot', fails: 'secrets "robot" not found', eventually: true },
  ],
  {
    'token.yaml': `apiVersion: v1
kind: Secret
metadata: {name: robot, annotations: {kubernetes.io/service-account.name: robot}}
type: kubernetes.io/service-account-token
`,
  },
);

// A request for CN=jane with a key that is thrown away.
const request =
  'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlISk1IRUNBUUF3RHpFTk1Bc0dBMVVFQXd3RWFtRnVaVEJaTUJNR0J5cUdTTTQ5QWdFR0NDcUdTTTQ5QXdFSApBMElBQkRacVBCODAyTUxNVXlvTnFidTJuUkdERnFaK2MvTUhqaVM0eVJrZjZtZ0dTdGZ1YUMzQjNGdUZ3dElvCkFPNWlKSDFJb01ET2huWWVTazFZNFpvR0pjbWdBREFLQmdncWhrak9QUVFEQWdOSUFEQkZBaUVBK3RiYmJvOVIKRUlEcm9md0pBdS9SSmlOd3M4M1RhTDVDeDFTMGU4Q0hVaWdDSUhMTUdIdTRaOGxqcjVUN2svRG9mMXN6RWQ0Ugo5QklEQkM3VnM0M1dCNE8zCi0tLS0tRU5EIENFUlRJRklDQVRFIFJFUVVFU1QtLS0tLQo=';
const csr = (name: string, asked = request) => `apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata: {name: ${name}-{v}}
spec: {request: ${asked}, signerName: kubernetes.io/kube-apiserver-client, usages: [client auth]}
`;

/** A key of a new user, and a request for a certificate with it. */
async function newUser(commonName: string, organization: string): Promise<{ readonly key: string; readonly request: string }> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const name = [{ O: [organization] }, { CN: [commonName] }];
  const asked = await Pkcs10CertificateRequestGenerator.create({ name, keys, signingAlgorithm: algorithm });
  const key = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' });
  return { key: String(key), request: Buffer.from(asked.toString('pem')).toString('base64') };
}

const signed = await newUser('signed', 'dev');

script(
  'certificate',
  shared,
  [
    { run: 'create -f {dir}/csr.yaml', says: /one-.* created[\s\S]*two-.* created/ },
    { run: 'get csr one-{v}', says: /kubernetes-admin +<none> +Pending/ },
    { run: 'certificate approve one-{v}', says: 'certificatesigningrequest.certificates.k8s.io/one-{v} approved' },
    { run: 'certificate deny one-{v}', fails: 'certificate signing request "one-{v}" is already Approved' },
    { run: 'certificate deny two-{v}', says: 'certificatesigningrequest.certificates.k8s.io/two-{v} denied' },
    { run: 'get csr two-{v}', says: /Denied/ },
    { run: 'describe csr one-{v}', says: /Status: +Approved[\s\S]*Common Name: +jane/ },
    { run: 'certificate approve signed-{v}', says: 'approved' },
    {
      run: 'get csr signed-{v}',
      says: /kubernetes.io\/kube-apiserver-client +kubernetes-admin +<none> +Approved,Issued/,
      eventually: true,
    },
    {
      run: 'get csr signed-{v} -o jsonpath={.status.certificate}',
      also: ({ stdout }, { folder }) => writeFileSync(join(folder, 'signed.crt'), Buffer.from(stdout, 'base64')),
    },
    {
      run: 'config set-credentials signed --client-certificate={dir}/signed.crt --client-key={dir}/signed.key',
      says: 'User "signed" set.',
    },
    { run: '--user=signed auth whoami', says: /Username +signed[\s\S]*Groups +\[dev system:authenticated\]/, since: '1.28' },
    { run: '--user=signed get pods', fails: 'User "signed" cannot list resource "pods" in API group "" in the namespace "{ns}"' },
    { run: 'create rolebinding dev --clusterrole=view --group=dev', says: 'created' },
    { run: '--user=signed get pods', says: 'No resources found in {ns} namespace.' },
    { run: 'certificate approve none', fails: 'certificatesigningrequests.certificates.k8s.io "none" not found' },
  ],
  { 'csr.yaml': `${csr('one')}---\n${csr('two')}---\n${csr('signed', signed.request)}`, 'signed.key': signed.key },
);
