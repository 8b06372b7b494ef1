import { describe, expect, test } from 'vitest';
import type { Pod } from '../../../runtime/api/generated/types/core/v1.ts';
import {
  formatFieldError,
  formatFieldErrors,
  validateEphemeralContainersUpdate,
  validatePodBinding,
  validateStatusUpdate,
} from '../../../runtime/api/validation/index.ts';
import { changed, container, created, type Fields, inContainer, kindOf, label, made, pod } from './objects.ts';

describe('pods', () => {
  test.each<[string, Fields, string[]]>([
    ['a sound one', pod({}), []],
    ['no containers', pod({ containers: [] }), ['spec.containers: Required value']],
    [
      'all errors at once',
      pod({ containers: [{ name: 'A' }, { name: 'b', image: 'i' }, { name: 'b', image: 'i' }] }),
      [
        `spec.containers[0].name: Invalid value: "A": ${label}`,
        'spec.containers[0].image: Required value',
        'spec.containers[2].name: Duplicate value: "b"',
      ],
    ],
    [
      'port',
      inContainer({ ports: [{ containerPort: 70000 }] }),
      ['spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive'],
    ],
    [
      'protocol',
      inContainer({ ports: [{ containerPort: 80, protocol: 'tcp' }] }),
      ['spec.containers[0].ports[0].protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"'],
    ],
    [
      'variable',
      inContainer({ env: [{ name: 'a=b' }, { name: 'x', value: '1', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }] }),
      [
        `spec.containers[0].env[0].name: Invalid value: "a=b": a valid environment variable name must consist only of printable ASCII characters other than '='`,
        'spec.containers[0].env[1].valueFrom: Invalid value: "": may not be specified when `value` is not empty',
      ],
    ],
    [
      'more than the limit',
      inContainer({ resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } }),
      ['spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1'],
    ],
    [
      'resource name',
      inContainer({ resources: { limits: { gpu: '1' } } }),
      [
        'spec.containers[0].resources.limits[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified',
        'spec.containers[0].resources.limits[gpu]: Invalid value: "gpu": must be a standard resource for containers',
        'spec.containers[0].resources.requests[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified',
        'spec.containers[0].resources.requests[gpu]: Invalid value: "gpu": must be a standard resource for containers',
      ],
    ],
    [
      'probe',
      inContainer({ livenessProbe: { successThreshold: 2, tcpSocket: { port: 80 }, exec: { command: ['a'] } } }),
      [
        'spec.containers[0].livenessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type',
        'spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1',
      ],
    ],
    [
      'mount',
      inContainer(
        {
          volumeMounts: [
            { name: 'v', mountPath: '/a' },
            { name: 'w', mountPath: '/a' },
          ],
        },
        { volumes: [{ name: 'v' }] },
      ),
      [
        'spec.containers[0].volumeMounts[1].name: Not found: "w"',
        'spec.containers[0].volumeMounts[1].mountPath: Invalid value: "/a": must be unique',
      ],
    ],
    [
      'two sources',
      pod({ volumes: [{ name: 'v', emptyDir: {}, configMap: { name: 'm' } }] }),
      ['spec.volumes[0].configMap: Forbidden: may not specify more than 1 volume type'],
    ],
    [
      'init container',
      pod({ initContainers: [{ ...container, name: 'i', startupProbe: { tcpSocket: { port: 1 } } }] }),
      ['spec.initContainers[0].startupProbe: Forbidden: may not be set for init containers without restartPolicy=Always'],
    ],
    [
      'sidecar',
      pod({ initContainers: [{ ...container, name: 'i', restartPolicy: 'Always', startupProbe: { tcpSocket: { port: 1 } } }] }),
      [],
    ],
    [
      'node affinity',
      pod({ affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } } }),
      [
        'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Required value: must have at least one node selector term',
      ],
    ],
    [
      'toleration',
      pod({ tolerations: [{ key: 'a', operator: 'Exists', value: 'b' }] }),
      [`spec.tolerations[0].operator: Invalid value: "b": value must be empty when \`operator\` is 'Exists'`],
    ],
    [
      'spread',
      pod({ topologySpreadConstraints: [{ maxSkew: 0, topologyKey: 'zone', whenUnsatisfiable: 'Never' }] }),
      [
        'spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero',
        'spec.topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: "Never": supported values: "DoNotSchedule", "ScheduleAnyway"',
      ],
    ],
    ['dns', pod({ dnsPolicy: 'None' }), ['spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None']],
    [
      'ephemeral container',
      pod({ ephemeralContainers: [{ name: 'e', image: 'i' }] }),
      ['spec.ephemeralContainers: Forbidden: cannot be set on create'],
    ],
  ])('%s', (_, fields, errors) => {
    expect(created('v1', 'Pod', fields)).toEqual(errors);
  });

  test('a running pod changes its image, and little else', () => {
    expect(changed('v1', 'Pod', pod({}), inContainer({ image: 'j' }))).toEqual([]);
    expect(changed('v1', 'Pod', pod({}), pod({ tolerations: [{ operator: 'Exists' }] }))).toEqual([]);
    const [error] = changed('v1', 'Pod', pod({}), pod({ nodeName: 'n' }));
    expect(error).toMatch(
      /^spec: Forbidden: pod updates may not change fields other than `spec.containers\[\*\].image`,`spec.initContainers\[\*\].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` \(only additions to existing tolerations\),`spec.terminationGracePeriodSeconds` \(allow it to be set to 1 if it was previously negative\)\n@@ -42,7 \+42,7 @@\n/,
    );
    expect(error).toContain('\n- "NodeName": "",\n+ "NodeName": "n",\n');
    expect(changed('v1', 'Pod', pod({}), pod({ containers: [container, { name: 'd', image: 'i' }] }))).toEqual([
      'spec.containers: Forbidden: pod updates may not add or remove containers',
    ]);
  });

  test('a container that has ended for good stays ended', () => {
    const status = (state: Fields): Fields =>
      pod({ restartPolicy: 'Never' }, { resourceVersion: '1' }) && {
        ...pod({ restartPolicy: 'Never' }, { resourceVersion: '1' }),
        status: { containerStatuses: [{ name: 'c', state }] },
      };
    const errors = validateStatusUpdate(
      kindOf('v1', 'Pod'),
      made('v1', 'Pod', status({ running: {} })),
      made('v1', 'Pod', status({ terminated: { exitCode: 0 } })),
    );
    expect(formatFieldErrors(errors)).toBe('status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state');
  });
});
describe('what comes through subresources', () => {
  test('a pod is bound to a node', () => {
    expect(validatePodBinding({ target: { kind: 'Pod' } }).map(formatFieldError)).toEqual([
      'target.kind: Unsupported value: "Pod": supported values: "Node", "<empty>"',
      'target.name: Required value',
    ]);
  });

  test('a container for debugging stays as it is', () => {
    const withDebugger = (image: string): Pod =>
      made('v1', 'Pod', pod({ ephemeralContainers: [{ name: 'e', image }] }, { resourceVersion: '1' })) as Pod;
    expect(validateEphemeralContainersUpdate(withDebugger('a'), withDebugger('a'))).toEqual([]);
    expect(formatFieldErrors(validateEphemeralContainersUpdate(withDebugger('b'), withDebugger('a')))).toMatch(
      /^spec.ephemeralContainers: Forbidden: existing ephemeral containers "e" may not be changed\n@@ -1,6 \+1,6 @@\n \{\n {2}"Name": "e",\n- "Image": "a",\n\+ "Image": "b",\n {2}"Command": null,\n/,
    );
  });
});
