import { expect } from 'vitest';
import { app, condition, newer, pause, proveOperations, timed } from './support/api-operations.ts';
import { ask, call, type Json } from './support/cluster.ts';

const podTemplate = { metadata: { labels: app }, spec: pause };
const jobTemplate = { spec: { template: { spec: { restartPolicy: 'OnFailure', ...pause } } } };
const deviceRequests = { devices: { requests: [{ name: 'req-0', exactly: { deviceClassName: 'e2e-no-such-class' } }] } };

const limits = (cpu: string) => ({
  type: 'Container',
  min: { cpu },
  max: { cpu: '500m' },
  default: { cpu: '500m' },
  defaultRequest: { cpu: '100m' },
});

/** The spec of a lease, with times in the first minutes of the calendar, as upstream has them. */
const lease = (acquired: number, renewed: number, rest: Json) => ({
  ...rest,
  acquireTime: `0001-01-01T00:0${Math.floor(acquired / 60)}:${String(acquired % 60).padStart(2, '0')}.000000Z`,
  renewTime: `0001-01-01T00:0${Math.floor(renewed / 60)}:${String(renewed % 60).padStart(2, '0')}.000000Z`,
});

proveOperations([
  {
    behaviour: '[sig-apps] CronJob should support CronJob API operations',
    of: 'batch/v1 cronjobs',
    namespaced: true,
    object: { spec: { schedule: '0 0 1 1 *', jobTemplate } },
    change: { spec: { schedule: '0 0 2 1 *', suspend: true } },
    status: { lastScheduleTime: '2026-01-01T00:00:00Z' },
  },
  {
    behaviour: '[sig-apps] Job should manage the lifecycle of a job',
    of: 'batch/v1 jobs',
    namespaced: true,
    object: { spec: { suspend: true, ...jobTemplate.spec } },
  },
  {
    behaviour: '[sig-apps] Job should apply changes to a job status',
    of: 'batch/v1 jobs',
    namespaced: true,
    object: { spec: { suspend: true, ...jobTemplate.spec } },
    status: { conditions: [{ ...timed, type: 'Conformance', lastProbeTime: timed.lastTransitionTime }] },
  },
  {
    behaviour: '[sig-apps] Daemon set should list and delete a collection of DaemonSets',
    of: 'apps/v1 daemonsets',
    namespaced: true,
    // No node has this label.
    object: { spec: { selector: { matchLabels: app }, template: { ...podTemplate, spec: { ...pause, nodeSelector: { never: 'here' } } } } },
    status: { conditions: [condition] },
  },
  {
    behaviour: '[sig-apps] Daemon set should verify changes to a daemon set status',
    of: 'apps/v1 daemonsets',
    namespaced: true,
    object: { spec: { selector: { matchLabels: app }, template: { ...podTemplate, spec: { ...pause, nodeSelector: { never: 'here' } } } } },
    status: { conditions: [condition] },
  },
  {
    behaviour: '[sig-apps] Deployment should validate Deployment Status endpoints',
    of: 'apps/v1 deployments',
    namespaced: true,
    object: { spec: { replicas: 0, selector: { matchLabels: app }, template: podTemplate } },
    change: { spec: { minReadySeconds: 3 } },
    status: { conditions: [condition] },
  },
  {
    behaviour: '[sig-apps] ReplicaSet should list and delete a collection of ReplicaSets',
    of: 'apps/v1 replicasets',
    namespaced: true,
    object: { spec: { replicas: 0, selector: { matchLabels: app }, template: podTemplate } },
    change: { spec: { minReadySeconds: 3 } },
    status: { conditions: [condition] },
  },
  {
    behaviour: '[sig-apps] ReplicaSet should validate Replicaset Status endpoints',
    of: 'apps/v1 replicasets',
    namespaced: true,
    object: { spec: { replicas: 0, selector: { matchLabels: app }, template: podTemplate } },
    change: { spec: { minReadySeconds: 3 } },
    status: { conditions: [condition] },
  },
  {
    behaviour:
      '[sig-apps] StatefulSet Basic StatefulSet functionality [StatefulSetBasic] should list, patch and delete a collection of StatefulSets',
    of: 'apps/v1 statefulsets',
    namespaced: true,
    object: { spec: { replicas: 0, serviceName: 'test', selector: { matchLabels: app }, template: podTemplate } },
    change: { spec: { template: { spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'pause', image: 'pause:2' }] } } } },
    status: { conditions: [condition] },
  },
  {
    behaviour: '[sig-apps] StatefulSet Basic StatefulSet functionality [StatefulSetBasic] should validate Statefulset Status endpoints',
    of: 'apps/v1 statefulsets',
    namespaced: true,
    object: { spec: { replicas: 0, serviceName: 'test', selector: { matchLabels: app }, template: podTemplate } },
    change: { spec: { template: { spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'pause', image: 'pause:2' }] } } } },
    status: { conditions: [condition] },
  },
  {
    behaviour:
      '[sig-apps] DisruptionController Listing PodDisruptionBudgets for all namespaces should list and delete a collection of PodDisruptionBudgets',
    of: 'policy/v1 poddisruptionbudgets',
    namespaced: true,
    object: { spec: { minAvailable: 1, selector: { matchLabels: { app: 'nothing' } } } },
    change: { spec: { minAvailable: '1%' } },
    also: async (scope) => {
      const [here, there] = [await scope.namespace(), await scope.namespace()];
      const label = scope.unique('budgets');
      const selector = `labelSelector=${encodeURIComponent(`foo_pdb=${label}`)}`;
      const budgets = (namespace: string) => `/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`;
      for (const [namespace, name, minAvailable] of [
        [here, 'foo', 2],
        [here, 'foo2', '1%'],
        [there, 'foo3', 2],
      ] as const) {
        const spec = { minAvailable, selector: { matchLabels: { app: 'nothing' } } };
        await ask('POST', budgets(namespace), { metadata: { name, labels: { foo_pdb: label } }, spec });
      }
      const names = async (path: string) => (await ask('GET', path)).items.map((item: Json) => item.metadata.name).sort();
      expect(await names(`/apis/policy/v1/poddisruptionbudgets?${selector}`)).toEqual(['foo', 'foo2', 'foo3']);
      expect(await names(`${budgets(here)}?${selector}`)).toEqual(['foo', 'foo2']);
      await ask('DELETE', budgets(here));
      expect(await names(budgets(here))).toEqual([]);
      expect(await names(`/apis/policy/v1/poddisruptionbudgets?${selector}`)).toEqual(['foo3']);
    },
  },
  {
    behaviour: '[sig-apps] ControllerRevision should manage the lifecycle of a ControllerRevision',
    of: 'apps/v1 controllerrevisions',
    namespaced: true,
    object: { data: { spec: { replicas: 1 } }, revision: 1 },
    change: { revision: 2 },
    also: async (scope, collection) => {
      const name = scope.unique('revision');
      const revision = await ask('POST', collection, { metadata: { name }, data: { spec: { replicas: 1 } }, revision: 1 });
      const other = await call('PUT', `${collection}/${name}`, { ...revision, data: { spec: { replicas: 2 } } });
      expect([other.status, other.body.details.causes]).toEqual([
        422,
        [{ reason: 'FieldValueInvalid', message: expect.stringContaining('field is immutable'), field: 'data' }],
      ]);
    },
  },
  {
    behaviour: '[sig-node] Lease lease API should be available',
    of: 'coordination.k8s.io/v1 leases',
    namespaced: true,
    object: { spec: lease(2, 5, { holderIdentity: 'holder', leaseDurationSeconds: 30, leaseTransitions: 0 }) },
    change: { spec: lease(50, 70, { holderIdentity: 'holder3', leaseDurationSeconds: 60, leaseTransitions: 2 }) },
    also: async (scope, collection) => {
      const name = scope.unique('lease');
      const first = lease(2, 5, { holderIdentity: 'holder', leaseDurationSeconds: 30, leaseTransitions: 0 });
      const second = lease(20, 50, { holderIdentity: 'holder2', leaseDurationSeconds: 30, leaseTransitions: 1 });
      const created = await ask('POST', collection, { metadata: { name }, spec: first });
      expect((await ask('GET', `${collection}/${name}`)).spec).toEqual(first);
      await ask('PUT', `${collection}/${name}`, { ...created, spec: second });
      const updated = await ask('GET', `${collection}/${name}`);
      expect(updated.spec).toEqual(second);
      expect(newer(created, updated)).toBe(true);
    },
  },
  {
    behaviour: '[sig-node] PodTemplates should run the lifecycle of PodTemplates',
    of: 'v1 podtemplates',
    namespaced: true,
    object: { template: podTemplate },
    change: { template: { metadata: { labels: { podtemplate: 'patched' } } } },
  },
  {
    behaviour: '[sig-node] ConfigMap should run through a ConfigMap lifecycle',
    of: 'v1 configmaps',
    namespaced: true,
    object: { data: { valueName: 'value' }, binaryData: { bytes: 'AAEC' } },
    change: { data: { valueName: 'value1' } },
  },
  {
    behaviour: '[sig-node] Secrets should patch a secret',
    of: 'v1 secrets',
    namespaced: true,
    object: { data: { key: 'dmFsdWU=' }, type: 'Opaque' },
    change: { data: { key: btoa('value1') } },
  },
  {
    behaviour: '[sig-node] RuntimeClass should support RuntimeClasses API operations',
    of: 'node.k8s.io/v1 runtimeclasses',
    namespaced: false,
    object: { handler: 'conformance-handler' },
  },
  {
    behaviour: '[sig-node] [DRA] CRUD Tests resource.k8s.io/v1 DeviceClass',
    of: 'resource.k8s.io/v1 deviceclasses',
    namespaced: false,
    object: { spec: { selectors: [{ cel: { expression: 'false' } }] } },
    change: { spec: { selectors: [{ cel: { expression: '1 == 0' } }] } },
  },
  {
    behaviour: '[sig-node] [DRA] CRUD Tests resource.k8s.io/v1 ResourceClaim',
    of: 'resource.k8s.io/v1 resourceclaims',
    namespaced: true,
    object: { spec: deviceRequests },
    // That nothing was allocated is an allocation, too.
    status: { allocation: {} },
  },
  {
    behaviour: '[sig-node] [DRA] CRUD Tests resource.k8s.io/v1 ResourceClaimTemplate',
    of: 'resource.k8s.io/v1 resourceclaimtemplates',
    namespaced: true,
    object: { spec: { spec: deviceRequests } },
  },
  {
    behaviour: '[sig-node] [DRA] CRUD Tests resource.k8s.io/v1 ResourceSlice',
    of: 'resource.k8s.io/v1 resourceslices',
    namespaced: false,
    object: {
      spec: {
        driver: 'dra.example.com',
        nodeName: 'no-such-node',
        pool: { name: 'pool', generation: 1, resourceSliceCount: 1 },
      },
    },
    change: { spec: { devices: [{ name: 'device-0' }] } },
  },
  {
    behaviour:
      '[sig-scheduling] SchedulerPreemption PriorityClass endpoints verify PriorityClass endpoints can be operated with different HTTP methods',
    of: 'scheduling.k8s.io/v1 priorityclasses',
    namespaced: false,
    object: { value: 1000, description: 'of a test' },
    change: { description: 'updated description' },
    also: async (scope, collection) => {
      const name = scope.unique('priority');
      scope.finally(() => call('DELETE', `${collection}/${name}`));
      const created = await ask('POST', collection, { metadata: { name }, value: 1000 });
      const path = `${collection}/${name}`;
      const refused = [
        await call('PATCH', path, { value: 10_000 }, { 'Content-Type': 'application/merge-patch+json' }),
        await call('PUT', path, { ...created, value: 10_000 }),
      ];
      expect(refused.map(({ status, body }) => [status, body.details.causes])).toEqual(
        refused.map(() => [
          422,
          [{ reason: 'FieldValueForbidden', message: 'Forbidden: may not be changed in an update.', field: 'value' }],
        ]),
      );
      expect((await ask('GET', path)).value).toBe(1000);
    },
  },
  {
    behaviour: '[sig-scheduling] LimitRange should list, patch and delete a LimitRange by collection',
    of: 'v1 limitranges',
    namespaced: true,
    object: { spec: { limits: [limits('50m')] } },
    change: { spec: { limits: [limits('9m')] } },
    also: async (scope, collection) => {
      const [name, other] = [scope.unique('limits'), await scope.namespace()];
      const there = `/api/v1/namespaces/${other}/limitranges`;
      for (const path of [collection, there]) {
        await ask('POST', path, { metadata: { name, labels: { 'e2e-test': name } }, spec: { limits: [limits('50m')] } });
      }
      const everywhere = `/api/v1/limitranges?labelSelector=${encodeURIComponent(`e2e-test=${name}`)}`;
      expect((await ask('GET', everywhere)).items).toHaveLength(2);
      await ask('DELETE', `${collection}?labelSelector=${encodeURIComponent(`e2e-test=${name}`)}`);
      expect((await ask('GET', everywhere)).items.map((item: Json) => item.metadata.namespace)).toEqual([other]);
    },
  },
]);
