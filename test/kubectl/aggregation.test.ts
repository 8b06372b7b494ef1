import { afterAll, beforeAll, expect, vi } from 'vitest';
import { type ExtensionServer, startExtensionServer } from '../support/extension-server.ts';
import { Session } from './kubectl.ts';
import { kubectls, script, sharedCluster } from './script.ts';

const shared = sharedCluster('kubectl get, explain and api-resources of another API server');
let extension: ExtensionServer | undefined;

const unreachable = `apiVersion: v1
kind: Service
metadata: {name: nowhere, namespace: default}
spec: {selector: {app: nowhere}, ports: [{port: 443}]}
---
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1.nowhere.example.com}
spec:
  group: nowhere.example.com
  version: v1
  groupPriorityMinimum: 100
  versionPriority: 100
  insecureSkipTLSVerify: true
  service: {name: nowhere, namespace: default}
`;

beforeAll(async () => {
  const [kubectl] = kubectls;
  if (kubectl === undefined) return;
  const session = new Session(kubectl, shared.cluster().kubeconfig, shared.folder);
  const trust = await session.run('get configmap extension-apiserver-authentication -n kube-system -o json');
  const frontProxyCa = JSON.parse(trust).data['requestheader-client-ca-file'];
  extension = await startExtensionServer({ namespace: 'default', frontProxyCa });
  const { service, apiService } = extension;
  const objects = [
    { apiVersion: 'v1', kind: 'Service', ...service },
    { apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', ...apiService },
  ];
  await session.run('create -f -', objects.map((object) => JSON.stringify(object)).join('\n'));
  await session.run('create -f -', unreachable);
  // It is asked for its OpenAPI documents some time after it has been found.
  await vi.waitFor(async () => expect(await session.run('get --raw /openapi/v3')).toContain('apis/wardle.example.com/v1alpha1'), {
    timeout: 30_000,
    interval: 200,
  });
});
afterAll(() => extension?.close());

const flunders = /flunders +fl +wardle.example.com\/v1alpha1 +true +Flunder/;

script(
  'aggregated',
  shared,
  [
    {
      run: 'get apiservice v1alpha1.wardle.example.com',
      says: /^NAME +SERVICE +AVAILABLE +AGE\nv1alpha1.wardle.example.com +default\/extension +True +/,
    },
    { run: 'get apiservices', says: /v1.nowhere.example.com +default\/nowhere +False \(MissingEndpoints\) +/, eventually: true },
    { run: 'wait --for=condition=Available apiservice/v1alpha1.wardle.example.com', says: 'condition met' },
    // Before discovery came in one document, kubectl missed what the other server could not tell.
    { run: 'api-resources --api-group=wardle.example.com', until: '1.29', fails: flunders },
    { run: 'api-resources --api-group=wardle.example.com', since: '1.30', says: flunders },
    { run: 'api-versions', says: 'wardle.example.com/v1alpha1' },
    { run: 'create -f {dir}/flunder.yaml', says: 'flunder.wardle.example.com/a created' },
    { run: 'get flunders', says: /^NAME +AGE\na +/ },
    { run: 'get fl/a -o jsonpath={.spec.reference}', says: 'fischer' },
    { run: 'get wardles', says: /^NAME +AGE\na +/ },
    { run: 'get flunder none', fails: 'flunders.wardle.example.com "none" not found' },
    { run: 'get flunders --as=nobody', fails: 'User "nobody" cannot list resource "flunders" in API group "wardle.example.com"' },
    { run: 'explain flunder', says: /A flunder is good for nothing/ },
    { run: 'explain flunder.spec', says: /reference\s+<string>\n\s+The name of a fischer/ },
    {
      run: 'get nones.nowhere.example.com',
      fails: /the server (?:doesn't have a resource type|is currently unable to handle the request)/,
    },
    { run: 'delete flunder a', says: 'flunder.wardle.example.com "a" deleted' },
    { run: 'get flunders', says: 'No resources found' },
  ],
  {
    'flunder.yaml': `apiVersion: wardle.example.com/v1alpha1
kind: Flunder
metadata: {name: a}
spec: {reference: fischer}
`,
  },
);
