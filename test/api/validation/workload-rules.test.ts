import { describe, expect, test } from 'vitest';
import { formatFieldError, validateStatusUpdate } from '../../../runtime/api/validation/index.ts';
import { changed, container, created, type Fields, kindOf, label, made, selector, template } from './objects.ts';

const finite = { ...template, spec: { ...template.spec, restartPolicy: 'Never' } };

describe('stateful sets', () => {
  const set = (fields: Fields): Fields => ({ spec: { selector, template, ...fields } });
  const mounting = { ...template, spec: { containers: [{ ...container, volumeMounts: [{ name: 'data', mountPath: '/d' }] }] } };
  const claim = { metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } };

  test.each<[string, Fields, string[]]>([
    ['claims are volumes of the pods', set({ template: mounting, volumeClaimTemplates: [claim] }), []],
    [
      'what no claim brings is not there',
      set({ template: mounting }),
      ['spec.template.spec.containers[0].volumeMounts[0].name: Not found: "data"'],
    ],
    [
      'claims are judged',
      set({ volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: {} }] }),
      [
        'spec.volumeClaimTemplates[0].spec.accessModes: Required value: at least 1 access mode is required',
        'spec.volumeClaimTemplates[0].spec.resources[storage]: Required value',
      ],
    ],
    ['the name of the service', set({ serviceName: 'A' }), [`spec.serviceName: Invalid value: "A": ${label}`]],
    [
      'the pods of the template',
      set({ template: { ...template, spec: { containers: [] } } }),
      ['spec.template.spec.containers: Required value'],
    ],
  ])('%s', (_, fields, errors) => {
    expect(created('apps/v1', 'StatefulSet', fields)).toEqual(errors);
  });

  test('what was stored before there were such rules can still be changed', () => {
    const wrong = { serviceName: 'A', template: { ...template, spec: { containers: [] } }, volumeClaimTemplates: [{ spec: {} }] };
    expect(changed('apps/v1', 'StatefulSet', set(wrong), set({ ...wrong, replicas: 3 }))).toEqual([]);
  });
});

test.each<[string, string, Fields, string[]]>([
  ['a percentage that is none counts as 0', 'Deployment', { strategy: { rollingUpdate: { maxSurge: '5', maxUnavailable: 0 } } }, []],
  [
    'numbers that are none count as 0',
    'Deployment',
    { strategy: { rollingUpdate: { maxSurge: 'all', maxUnavailable: 0 } } },
    ['spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0'],
  ],
])('%s', (_, kind, fields, errors) => {
  const percent = /a valid percent string must be/;
  expect(created('apps/v1', kind, { spec: { selector, template, ...fields } }).filter((error) => !percent.test(error))).toEqual(errors);
});

test('the revision to go back to, which stands in an annotation', () => {
  const metadata = { annotations: { 'deprecated.deployment.rollback.to': '-3' } };
  expect(created('apps/v1', 'Deployment', { metadata, spec: { selector, template } })).toEqual([
    'spec.rollback.version: Invalid value: -3: must be greater than or equal to 0',
  ]);
});

test('revisions hold objects, which stay', () => {
  const revision = (data: unknown, number = 1): Fields => ({ data, revision: number });
  for (const data of [true, 0, [], 'text']) {
    expect(created('apps/v1', 'ControllerRevision', revision(data))).toEqual(['data: Required value: data must be a valid JSON object']);
  }
  expect(created('apps/v1', 'ControllerRevision', { revision: -1 })).toEqual([
    'revision: Invalid value: -1: must be greater than or equal to 0',
    'data: Required value: data is mandatory',
  ]);
  expect(changed('apps/v1', 'ControllerRevision', revision({ a: 1 }), revision({ a: 1 }, 2))).toEqual([]);
  expect(changed('apps/v1', 'ControllerRevision', revision({ a: 1 }), revision('b'))).toEqual([
    'data: Invalid value: "b": field is immutable',
  ]);
});

test('faults of a changed ReplicaSet or DaemonSet stand twice among the causes', () => {
  const fault = 'spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0';
  for (const kind of ['ReplicaSet', 'DaemonSet']) {
    expect(changed('apps/v1', kind, { spec: { selector, template } }, { spec: { selector, template, minReadySeconds: -1 } })).toEqual([
      fault,
      fault,
    ]);
  }
});

describe('jobs', () => {
  const job = (fields: Fields, name = 'x'): Fields => ({
    metadata: { name },
    spec: { manualSelector: true, selector, template: finite, ...fields },
  });

  test.each<[string, Fields, string[]]>([
    [
      'names of the pods of an indexed job',
      job({ completionMode: 'Indexed', completions: 100 }, 'a'.repeat(61)),
      [`metadata.name: Invalid value: "${'a'.repeat(61)}": will not able to create pod with invalid DNS label: ${'a'.repeat(61)}-99`],
    ],
    ['managers', job({ managedBy: 'x' }), ['spec.managedBy: Invalid value: "x": must be a domain-prefixed path (such as "acme.io/foo")']],
    ['managers with a long name', job({ managedBy: `a.b/${'c'.repeat(60)}` }), ['spec.managedBy: Too long: may not be more than 63 bytes']],
    [
      'replacing pods',
      job({ podReplacementPolicy: 'TerminatingOrFailed', podFailurePolicy: { rules: [] } }),
      ['spec.podReplacementPolicy: Unsupported value: "TerminatingOrFailed": supported values: "Failed"'],
    ],
    [
      'limits of an index',
      job({ maxFailedIndexes: 1 }),
      [
        'spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified',
        'spec.maxFailedIndexes: Invalid value: 1: requires indexed completion mode',
      ],
    ],
  ])('%s', (_, fields, errors) => {
    expect(created('batch/v1', 'Job', fields)).toEqual(errors);
  });

  const sized = (cpu: string, fields: Fields = {}, spec: Fields = {}): Fields =>
    job({
      template: { ...finite, spec: { ...finite.spec, containers: [{ ...container, resources: { limits: { cpu } } }], ...spec } },
      ...fields,
    });

  const startTime = '2026-01-01T00:00:00Z';
  const marked = { startTime, conditions: [{ type: 'Suspended', status: 'True' }] };
  const elsewhere = sized('1', {}, { nodeSelector: { a: 'b' } });
  const image = sized('1', {}, { containers: [{ name: 'c', image: 'other', resources: { limits: { cpu: '1' } } }] });

  test.each<[string, Fields, Fields, Fields, string | undefined]>([
    ['a running job asks for what it asked for', {}, {}, sized('2'), 'spec.template'],
    ['a job that never ran asks for other things', { suspend: true }, {}, sized('2'), undefined],
    ['and goes elsewhere', { suspend: true }, {}, elsewhere, undefined],
    ['but is the same', { suspend: true }, {}, image, 'spec.template.spec'],
    ['one that ran waits until it is suspended', { suspend: true }, { startTime }, sized('2'), 'spec.template'],
    ['and until then stays where it is', { suspend: true }, { startTime }, elsewhere, 'spec.template'],
    ['then it asks for other things', { suspend: true }, marked, sized('2'), undefined],
    ['and goes elsewhere, too', { suspend: true }, marked, elsewhere, undefined],
    ['unless it still has pods', { suspend: true }, { ...marked, active: 1 }, sized('2'), 'spec.template'],
    ['with pods it may stay as it is', { suspend: true }, { active: 1 }, sized('1'), undefined],
  ])('%s', (_, spec, status, now, field) => {
    const errors = changed('batch/v1', 'Job', { ...sized('1', spec), status }, now);
    expect(errors.map((error) => error.replace(/: Invalid value: .*: field is immutable$/, ''))).toEqual(
      field === undefined ? [] : [field],
    );
  });

  test('a suspended job may have other labels', () => {
    const labelled = job({ template: { ...finite, metadata: { labels: { ...finite.metadata.labels, b: 'c' }, annotations: { d: 'e' } } } });
    expect(changed('batch/v1', 'Job', { ...sized('1', { suspend: true }), ...job({ suspend: true }) }, labelled)).toEqual([]);
  });

  test('labels that are missing are told once, and what is wrong with the spec twice', () => {
    const bare = { spec: { selector: { matchLabels: { 'controller-uid': 'u' } }, template: { spec: finite.spec }, manualSelector: false } };
    const errors = changed('batch/v1', 'Job', job({}), bare);
    expect(errors.filter((error) => error.includes('Required value: must be'))).toHaveLength(2);
    expect(errors.filter((error) => error.includes('does not match template'))).toHaveLength(2);
  });

  test('a job that was made without the newer labels does without them', () => {
    const labels = { 'controller-uid': 'u', 'job-name': 'x' };
    const template = { ...finite, metadata: { labels } };
    const older = (fields: Fields): Fields => ({ spec: { selector: { matchLabels: { 'controller-uid': 'u' } }, template, ...fields } });
    expect(created('batch/v1', 'Job', older({}))).toHaveLength(2);
    expect(changed('batch/v1', 'Job', older({}), older({ suspend: true }))).toEqual([]);
  });

  const condition = (type: string): Fields => ({ type, status: 'True' });
  const start = { startTime: '2026-01-01T00:00:00Z' };
  const done = { ...start, completionTime: '2026-01-01T00:01:00Z', conditions: [condition('SuccessCriteriaMet'), condition('Complete')] };

  test.each<[string, Fields, Fields, string[]]>([
    ['a job is done', done, start, []],
    [
      'done without a beginning, an end or a reason',
      { active: 1, conditions: [condition('Complete')] },
      {},
      [
        'status.completionTime: Required value: completionTime is required for Complete jobs',
        'status.conditions: Invalid value: cannot set Complete=True condition without the SuccessCriteriaMet=true condition',
        'status.active: Invalid value: 1: active>0 is invalid for finished job',
        'status.startTime: Required value: startTime is required for finished job',
      ],
    ],
    [
      'taken back',
      { ...start, succeeded: 1 },
      { ...done, succeeded: 2 },
      [
        'status.conditions: Invalid value: cannot disable the terminal Complete=True condition',
        'status.succeeded: Invalid value: 1: cannot decrease the succeeded counter',
        'status.conditions: Invalid value: cannot disable the SuccessCriteriaMet=True condition',
      ],
    ],
    [
      'indexes of a job that has none',
      { completedIndexes: '1', ready: 1 },
      {},
      [
        'status.completedIndexes: Invalid value: "1": error parsing completedIndexes: too large index: "1"',
        'status.completedIndexes: Invalid value: "1": cannot set non-empty completedIndexes when non-indexed completion mode',
        'status.ready: Invalid value: 1: cannot set more ready pods than active',
      ],
    ],
    [
      'pods that are counted twice',
      { uncountedTerminatedPods: { succeeded: ['u', ''], failed: ['u'] } },
      {},
      [
        'status.uncountedTerminatedPods.succeeded[1]: Invalid value: "": must not be empty',
        'status.uncountedTerminatedPods.failed[0]: Duplicate value: "u"',
      ],
    ],
  ])('%s', (_, status, old, errors) => {
    const object = (each: Fields): Fields => ({ ...job({}), metadata: { resourceVersion: '1' }, status: each });
    const found = validateStatusUpdate(
      kindOf('batch/v1', 'Job'),
      made('batch/v1', 'Job', object(status)),
      made('batch/v1', 'Job', object(old)),
    );
    expect(found.map(formatFieldError)).toEqual(errors);
  });
});

describe('cron jobs', () => {
  const cron = (fields: Fields): Fields => ({ spec: { schedule: '0 0 * * *', jobTemplate: { spec: { template: finite } }, ...fields } });
  const inSchedule = 'spec.schedule: Invalid value: "TZ=UTC 0 0 * * *": cannot use TZ or CRON_TZ in schedule, use timeZone field instead';

  test.each<[string, Fields, string[]]>([
    ['a zone in the schedule', cron({ schedule: 'TZ=UTC 0 0 * * *' }), [inSchedule]],
    ['a zone in both', cron({ schedule: 'TZ=UTC 0 0 * * *', timeZone: 'UTC' }), [inSchedule]],
    ['a zone', cron({ timeZone: 'Europe/Berlin' }), []],
    ['another name of a zone', cron({ timeZone: 'US/Pacific' }), []],
    [
      'a zone in other letters',
      cron({ timeZone: 'europe/berlin' }),
      ['spec.timeZone: Invalid value: "europe/berlin": unknown time zone europe/berlin'],
    ],
    ['an offset', cron({ timeZone: '+0500' }), ['spec.timeZone: Invalid value: "+0500": unknown time zone +0500']],
    ['a zone that nobody knows', cron({ timeZone: '../UTC' }), ['spec.timeZone: Invalid value: "../UTC": unknown time zone ../UTC']],
    [
      'the zone of the machine',
      cron({ timeZone: 'Local' }),
      ['spec.timeZone: Invalid value: "Local": timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones'],
    ],
    [
      'a selector of its own',
      cron({ jobTemplate: { spec: { template: finite, manualSelector: true } } }),
      ['spec.jobTemplate.spec.manualSelector: Unsupported value: true: supported values: "nil", "false"'],
    ],
  ])('%s', (_, fields, errors) => {
    expect(created('batch/v1', 'CronJob', fields)).toEqual(errors);
  });

  test('a schedule that named its zone before may go on, but not name two', () => {
    const old = cron({ schedule: 'TZ=UTC 0 0 * * *' });
    expect(changed('batch/v1', 'CronJob', old, cron({ schedule: 'TZ=CET 0 0 * * *' }))).toEqual([]);
    expect(changed('batch/v1', 'CronJob', old, cron({ schedule: 'TZ=UTC 0 0 * * *', timeZone: 'UTC' }))).toEqual([
      'spec.schedule: Invalid value: "TZ=UTC 0 0 * * *": cannot use both timeZone field and TZ or CRON_TZ in schedule',
    ]);
  });
});

describe('autoscalers', () => {
  const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' };
  const scaler = (fields: Fields): Fields => ({ spec: { maxReplicas: 2, scaleTargetRef: target, ...fields } });
  const utilization = { type: 'Utilization', averageUtilization: 5 };

  test.each<[string, Fields, string[]]>([
    [
      'targets have a group',
      scaler({ scaleTargetRef: { ...target, apiVersion: 'v1' } }),
      ['spec.scaleTargetRef.apiVersion: Invalid value: "v1": apiVersion must specify API group'],
    ],
    ['but for one', scaler({ scaleTargetRef: { apiVersion: 'v1', kind: 'ReplicationController', name: 'r' } }), []],
    [
      'metrics of objects',
      scaler({ metrics: [{ type: 'Object', object: { describedObject: target, metric: { name: '' }, target: { type: 'Value' } } }] }),
      [
        'spec.metrics[0].object.metric.name: Required value: must specify a metric name',
        'spec.metrics[0].object.target.averageValue: Required value: must set either a target value or averageValue',
      ],
    ],
    [
      'metrics of containers',
      scaler({ metrics: [{ type: 'ContainerResource', containerResource: { name: 'gpu', container: 'A', target: utilization } }] }),
      [
        'spec.metrics[0].containerResource.name: Invalid value: "gpu": must be a standard resource type or fully qualified',
        'spec.metrics[0].containerResource.name: Invalid value: "gpu": must be a standard resource for containers',
        `spec.metrics[0].containerResource.container: Invalid value: "A": ${label}`,
      ],
    ],
    [
      'metrics of no kind',
      scaler({ metrics: [{ type: 'Weather', resource: { name: 'cpu', target: utilization } }] }),
      [
        'spec.metrics[0].type: Unsupported value: "Weather": supported values: "ContainerResource", "External", "Object", "Pods", "Resource"',
        'spec.metrics[0].type: Unsupported value: "Weather": supported values: "ContainerResource", "External", "Object", "Pods", "Resource"',
      ],
    ],
    [
      'behaviour',
      scaler({ behavior: { scaleDown: { stabilizationWindowSeconds: -1, tolerance: '-0.5' } } }),
      [
        'spec.behavior.scaleDown.stabilizationWindowSeconds: Invalid value: -1: must be greater than or equal to zero',
        'spec.behavior.scaleDown.tolerance: Invalid value: "-500m": must be greater than or equal to 0',
      ],
    ],
  ])('%s', (_, fields, errors) => {
    expect(created('autoscaling/v2', 'HorizontalPodAutoscaler', fields)).toEqual(errors);
  });

  test('a target that was wrong is borne', () => {
    const old = scaler({ scaleTargetRef: { ...target, apiVersion: '' } });
    expect(changed('autoscaling/v2', 'HorizontalPodAutoscaler', old, { spec: { ...(old.spec as Fields), maxReplicas: 3 } })).toEqual([]);
  });
});
