import { describe, expect, test } from 'vitest';
import { changed, created, type Fields, selector, template } from './objects.ts';

describe('workloads', () => {
  test.each<[string, string, Fields, string[]]>([
    ['apps/v1', 'Deployment', { spec: { selector, template } }, []],
    [
      'apps/v1',
      'Deployment',
      { spec: { selector: { matchLabels: { app: 'b' } }, template, replicas: -1, strategy: { type: 'Recreate', rollingUpdate: {} } } },
      [
        'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
        'spec.template.metadata.labels: Invalid value: {"app":"a"}: `selector` does not match template `labels`',
        "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
      ],
    ],
    [
      'apps/v1',
      'ReplicaSet',
      { spec: { selector: {}, template } },
      ['spec.selector: Invalid value: {}: empty selector is invalid for deployment'],
    ],
    [
      'apps/v1',
      'DaemonSet',
      { spec: { selector, template, updateStrategy: { rollingUpdate: { maxUnavailable: 0 } } } },
      ['spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0'],
    ],
    [
      'apps/v1',
      'StatefulSet',
      { spec: { selector, template: { ...template, spec: { ...template.spec, restartPolicy: 'Never' } } } },
      ['spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"'],
    ],
    [
      'batch/v1',
      'Job',
      { spec: { manualSelector: true, selector, template } },
      ['spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"'],
    ],
    [
      'batch/v1',
      'CronJob',
      { spec: { schedule: '61 * * * *', jobTemplate: { spec: { template: { spec: { ...template.spec, restartPolicy: 'Never' } } } } } },
      ['spec.schedule: Invalid value: "61 * * * *": end of range (61) above maximum (59): 61'],
    ],
  ])('%s %s (%#)', (apiVersion, kind, fields, errors) => {
    expect(created(apiVersion, kind, fields)).toEqual(errors);
  });

  test('selectors stay', () => {
    const other = { app: 'b' };
    const renamed = { spec: { selector: { matchLabels: other }, template: { ...template, metadata: { labels: other } } } };
    expect(changed('apps/v1', 'Deployment', { spec: { selector, template } }, renamed)).toEqual([
      'spec.selector: Invalid value: {"matchLabels":{"app":"b"}}: field is immutable',
    ]);
    const both = { matchExpressions: [{ values: ['b'], operator: 'In', key: 'app' }], matchLabels: { b: '1', app: 'b' } };
    const labels = { b: '1', ...other };
    const ordered = { spec: { selector: both, template: { ...template, metadata: { labels } } } };
    expect(changed('apps/v1', 'Deployment', { spec: { selector, template } }, ordered)).toEqual([
      'spec.selector: Invalid value: {"matchLabels":{"app":"b","b":"1"},"matchExpressions":[{"key":"app","operator":"In","values":["b"]}]}: field is immutable',
    ]);
    expect(changed('apps/v1', 'StatefulSet', { spec: { selector, template } }, { spec: { selector, template, serviceName: 's' } })).toEqual(
      [
        "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
      ],
    );
  });
});
describe('job policies', () => {
  const job = (fields: Fields): Fields => ({
    spec: {
      manualSelector: true,
      selector,
      completionMode: 'Indexed',
      completions: 5,
      template: { ...template, spec: { ...template.spec, restartPolicy: 'Never' } },
      ...fields,
    },
  });

  test.each<[Fields, string[]]>([
    [{ successPolicy: { rules: [{ succeededIndexes: '0,2-4', succeededCount: 4 }] } }, []],
    [
      { successPolicy: { rules: [{ succeededIndexes: '2,1' }] } },
      [
        'spec.successPolicy.rules[0].succeededIndexes: Invalid value: "2,1": error parsing succeededIndexes: non-increasing order, previous: 2, current: 1',
      ],
    ],
    [
      { podFailurePolicy: { rules: [{ action: 'Ignore' }] } },
      ['spec.podFailurePolicy.rules[0]: Invalid value: specifying one of OnExitCodes and OnPodConditions is required'],
    ],
    [
      { podFailurePolicy: { rules: [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [2, 0] } }] } },
      [
        'spec.podFailurePolicy.rules[0].onExitCodes.values[1]: Invalid value: 0: must not be 0 for the In operator',
        'spec.podFailurePolicy.rules[0].onExitCodes.values: Invalid value: [2,0]: must be ordered',
      ],
    ],
    [
      { completionMode: 'NonIndexed', successPolicy: { rules: [{ succeededCount: 4 }] } },
      ['spec.successPolicy: Invalid value: {"Rules":[{"SucceededIndexes":null,"SucceededCount":4}]}: requires indexed completion mode'],
    ],
  ])('%j', (fields, errors) => {
    expect(created('batch/v1', 'Job', job(fields))).toEqual(errors);
  });

  test('policies stay', () => {
    const onPodConditions = [{ type: 'DisruptionTarget' }];
    const policies = {
      podFailurePolicy: {
        rules: [
          { action: 'FailJob', onExitCodes: { operator: 'In', values: [2] } },
          { action: 'Ignore', onPodConditions },
        ],
      },
      successPolicy: { rules: [{ succeededIndexes: '0' }] },
    };
    expect(changed('batch/v1', 'Job', job({}), job(policies))).toEqual([
      'spec.podFailurePolicy: Invalid value: {"Rules":[{"Action":"FailJob","OnExitCodes":{"ContainerName":null,"Operator":"In","Values":[2]},"OnPodConditions":null},{"Action":"Ignore","OnExitCodes":null,"OnPodConditions":[{"Type":"DisruptionTarget","Status":"True"}]}]}: field is immutable',
      'spec.successPolicy: Invalid value: {"Rules":[{"SucceededIndexes":"0","SucceededCount":null}]}: field is immutable',
    ]);
  });
});
