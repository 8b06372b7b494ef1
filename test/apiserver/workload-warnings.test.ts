import { describe, expect, test } from 'vitest';
import type { PodTemplateSpec } from '../../runtime/api/generated/types/core/v1.ts';

import type { KubeObject } from '../../runtime/api/object.ts';
import { warningsByResource } from '../../runtime/apiserver/registry/warnings/index.ts';

type Fields = Record<string, unknown>;

function warned(key: string, object: object, old?: object): readonly string[] {
  return warningsByResource[key]?.(object as KubeObject, old as KubeObject | undefined) ?? [];
}

const container = { name: 'c', image: 'i' };
const label = '[must not contain dots]';

function ofPod(spec: Fields, metadata: Fields = {}): readonly string[] {
  return warned('/pods', { metadata: { name: 'x', ...metadata }, spec: { containers: [container], ...spec } });
}

function ofContainer(fields: Fields): readonly string[] {
  return ofPod({ containers: [{ ...container, ...fields }] });
}

const unset = 'a null labelSelector results in matching no pod';
const unseccomp = 'non-functional in v1.27+; use the "seccompProfile" field instead';

describe('pods', () => {
  test.each<[string, readonly string[], string[]]>([
    ['nothing odd', ofPod({}), []],
    [
      'a name that no hostname can be',
      ofPod({}, { name: 'a.b' }),
      [`metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: ${label}`],
    ],
    [
      'labels of nodes that are on their way out',
      ofPod({
        nodeSelector: { 'beta.kubernetes.io/os': 'linux' },
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: 'beta.kubernetes.io/arch', operator: 'Exists' }] }],
            },
            preferredDuringSchedulingIgnoredDuringExecution: [
              { weight: 1, preference: { matchExpressions: [{ key: 'node-role.kubernetes.io/master', operator: 'Exists' }] } },
            ],
          },
        },
        topologySpreadConstraints: [{ topologyKey: 'failure-domain.beta.kubernetes.io/zone', labelSelector: {} }],
      }),
      [
        'spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead',
        'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].key: beta.kubernetes.io/arch is deprecated since v1.14; use "kubernetes.io/arch" instead',
        'spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference.matchExpressions[0].key: node-role.kubernetes.io/master is use "node-role.kubernetes.io/control-plane" instead',
        'spec.topologySpreadConstraints[0].topologyKey: failure-domain.beta.kubernetes.io/zone is deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
      ],
    ],
    [
      'selectors that are missing',
      ofPod({
        topologySpreadConstraints: [{ topologyKey: 'a' }],
        affinity: {
          podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'a' }] },
          podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: { topologyKey: 'a' } }] },
        },
      }),
      [
        `spec.topologySpreadConstraints[0].labelSelector: ${unset}`,
        `spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector: ${unset}`,
        `spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.labelSelector: ${unset}`,
      ],
    ],
    [
      'annotations that fields stand in place of',
      ofPod(
        {},
        { annotations: { 'seccomp.security.alpha.kubernetes.io/pod': 'x', 'container.seccomp.security.alpha.kubernetes.io/c': 'x' } },
      ),
      [
        `metadata.annotations[seccomp.security.alpha.kubernetes.io/pod]: ${unseccomp}`,
        `metadata.annotations[container.seccomp.security.alpha.kubernetes.io/c]: ${unseccomp}`,
      ],
    ],
    [
      'what stands twice',
      ofPod({
        imagePullSecrets: [{ name: 'a' }, { name: 'a' }, { name: '' }],
        hostAliases: [
          { ip: '1.1.1.1', hostnames: ['a'] },
          { ip: '1.1.1.1', hostnames: ['b'] },
        ],
      }),
      [
        'spec.hostAliases[1].ip: duplicate ip "1.1.1.1"',
        'spec.imagePullSecrets[1].name: duplicate name "a"',
        'spec.imagePullSecrets[2].name: invalid empty name ""',
      ],
    ],
    [
      'fractions of bytes',
      ofContainer({ resources: { limits: { memory: '1500m', cpu: '1500m' }, requests: { 'ephemeral-storage': '200m' } } }),
      [
        'spec.containers[0].resources.limits[memory]: fractional byte value "1500m" is invalid, must be an integer',
        'spec.containers[0].resources.requests[ephemeral-storage]: fractional byte value "200m" is invalid, must be an integer',
      ],
    ],
    [
      'variables that hide others',
      ofContainer({
        env: [
          { name: 'A', value: '1' },
          { name: 'A', value: '$(A)2' },
          { name: 'A', value: '3' },
        ],
      }),
      ['spec.containers[0].env[2]: hides previous definition of "A", which may be dropped when using apply'],
    ],
    [
      'ports that meet',
      ofContainer({
        ports: [
          { name: 'a', containerPort: 80, protocol: 'TCP' },
          { name: 'b', containerPort: 80, protocol: 'TCP' },
          { name: 'a', containerPort: 81, protocol: 'TCP', hostIP: '1.1.1.1' },
        ],
      }),
      [
        'spec.containers[0].ports[1]: duplicate port definition with spec.containers[0].ports[0]',
        'spec.containers[0].ports[2]: hostIP set without hostPort: {Name:a HostPort:0 ContainerPort:81 Protocol:TCP HostIP:1.1.1.1}',
        'spec.containers[0].ports[2]: duplicate port name "a" with spec.containers[0].ports[0], services and probes that select ports by name will use spec.containers[0].ports[0]',
      ],
    ],
    [
      'volumes that no longer work, or lay files upon each other',
      ofPod({
        volumes: [
          { name: 'a', gitRepo: { repository: 'r' } },
          {
            name: 'b',
            configMap: {
              name: 'm',
              items: [
                { key: 'k', path: 'p' },
                { key: 'l', path: 'p/q' },
              ],
            },
          },
          {
            name: 'c',
            projected: {
              sources: [
                { configMap: { name: 'm', items: [{ key: 'k', path: 'p' }] } },
                { secret: { name: 's', items: [{ key: 'k', path: 'p' }] } },
                {},
              ],
            },
          },
        ],
      }),
      [
        'spec.volumes[0].gitRepo: deprecated in v1.11, and disabled by default in v1.33+',
        'volume "b" (ConfigMap "m"): overlapping paths: "p/q" with "p"',
        'volume "c" (Projected): overlapping paths: "p" (Secret "s") with "p" (ConfigMap "m")',
        'volume "c" (Projected) has no sources provided',
      ],
    ],
    [
      'addresses that are not written as they should be',
      ofPod({ dnsConfig: { nameservers: ['1.1.1.1', '01.1.1.1'] }, hostAliases: [{ ip: '::0', hostnames: ['a'] }] }),
      [
        'spec.dnsConfig.nameservers[1]: non-standard IP address "01.1.1.1" is invalid: use "1.1.1.1"',
        'spec.hostAliases[0].ip: IPv6 address "::0" should be in RFC 5952 canonical format ("::")',
      ],
    ],
    [
      'negative grace',
      ofPod({ terminationGracePeriodSeconds: -1 }),
      ['spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1'],
    ],
  ])('%s', (_, warnings, expected) => {
    expect(warnings).toEqual(expected);
  });
});

describe('workloads', () => {
  const template: PodTemplateSpec = {
    metadata: { annotations: { 'container.apparmor.security.beta.kubernetes.io/c': 'unconfined' } },
    spec: { containers: [container], terminationGracePeriodSeconds: -1 },
  };
  const inTemplate = (path: string): string[] => [
    `${path}.metadata.annotations[container.apparmor.security.beta.kubernetes.io/c]: deprecated since v1.30; use the "appArmorProfile" field instead`,
    `${path}.spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`,
  ];
  const metadata = { name: 'a.b', generation: 2 };
  const ofName = `metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: ${label}`;
  const selector = {};

  test('templates and names', () => {
    const workload = { metadata, spec: { template } };
    expect(warned('apps/deployments', workload)).toEqual([ofName, ...inTemplate('spec.template')]);
    expect(warned('apps/deployments', workload, { metadata: { generation: 1 } })).toEqual(inTemplate('spec.template'));
    expect(warned('apps/deployments', workload, workload)).toEqual([]);
    expect(warned('apps/daemonsets', workload)).toEqual(inTemplate('spec.template'));
    expect(warned('/podtemplates', { metadata, template })).toEqual(inTemplate('template'));
  });

  test('stateful sets', () => {
    const volumeClaimTemplates = [{ spec: { resources: { requests: { storage: '1500m' } } } }];
    expect(
      warned('apps/statefulsets', { metadata, spec: { selector, template, volumeClaimTemplates, revisionHistoryLimit: -1 } }, undefined),
    ).toEqual([
      ...inTemplate('spec.template'),
      'spec.volumeClaimTemplates[0].resources.requests[storage]: fractional byte value "1500m" is invalid, must be an integer',
      'spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended',
    ]);
  });

  test.each([
    ['9Pi', true],
    ['8Pi', false],
    ['7Ei', true],
    ['9Ei', false],
    ['99999999999999999999', true],
    ['1234567890123456789', true],
    ['100E', false],
    ['1.5', true],
  ])('of a claim for %s, whose thousandths upstream counts in 64 bits: %s', (storage, isWarned) => {
    const volumeClaimTemplates = [{ spec: { resources: { requests: { storage } } } }];
    const told = warned('apps/statefulsets', { metadata, spec: { selector, volumeClaimTemplates } });
    expect(told.some((warning) => warning.includes('fractional byte value'))).toBe(isWarned);
  });

  test('jobs and cron jobs', () => {
    const spec = { completionMode: 'Indexed', completions: 100_001, parallelism: 10_001, template };
    const many =
      'In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail';
    expect(warned('batch/jobs', { metadata, spec })).toEqual([ofName, `spec: ${many}`, ...inTemplate('spec.template')]);
    const cron = { metadata, spec: { schedule: 'TZ=UTC * * * * *', jobTemplate: { spec } } };
    const ofJob = [`spec.jobTemplate.spec: ${many}`, ...inTemplate('spec.jobTemplate.spec.template')];
    expect(warned('batch/cronjobs', cron)).toEqual([ofName, ...ofJob]);
    expect(warned('batch/cronjobs', cron, { spec: cron.spec })).toEqual([
      ...ofJob,
      'cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details',
    ]);
  });
});
