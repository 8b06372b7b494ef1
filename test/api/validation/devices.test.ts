import { describe, expect, test } from 'vitest';
import { changed, cluster, created, type Fields, reported } from './judge.ts';

const claim = 'resource.k8s.io/v1/ResourceClaim';
const slice = 'resource.k8s.io/v1/ResourceSlice';
const deviceClass = 'resource.k8s.io/v1/DeviceClass';
const exactly = { deviceClassName: 'gpu', allocationMode: 'ExactCount', count: 1 };
const request = { name: 'r', exactly };
const claimOf = (devices: Fields, status?: Fields): Fields => ({ spec: { devices }, ...(status && { status }) });

describe('claims for devices', () => {
  test.each<[string, Fields, string[]]>([
    ['a request', { requests: [request] }, []],
    [
      'neither one nor the other',
      { requests: [{ name: 'r' }] },
      ['spec.devices.requests[0]: Required value: exactly one of `exactly` or `firstAvailable` is required'],
    ],
    [
      'all of so many',
      { requests: [{ name: 'r', exactly: { ...exactly, allocationMode: 'All' } }] },
      ["spec.devices.requests[0].exactly.count: Invalid value: 1: must not be specified when allocationMode is 'All'"],
    ],
    ['twice', { requests: [request, request] }, ['spec.devices.requests[1]: Duplicate value: "r"']],
    [
      'a constraint on others',
      { requests: [request], constraints: [{ requests: ['s'], matchAttribute: 'numa' }] },
      [
        'spec.devices.constraints[0].requests[0]: Invalid value: "s": must be the name of a request in the claim or the name of a request and a subrequest separated by \'/\'',
        'spec.devices.constraints[0].matchAttribute: Invalid value: "numa": a fully qualified name must be a domain and a name separated by a slash',
      ],
    ],
    [
      'an expression that is no condition',
      { requests: [{ name: 'r', exactly: { ...exactly, selectors: [{ cel: { expression: 'device.driver' } }] } }] },
      [
        'spec.devices.requests[0].exactly.selectors[0].cel.expression: Invalid value: "device.driver": must evaluate to bool or the unknown type, not string',
      ],
    ],
    [
      'an expression that may take too long',
      {
        requests: [
          {
            name: 'r',
            exactly: {
              ...exactly,
              selectors: [{ cel: { expression: 'lists.range(2000).all(a, lists.range(2000).all(b, a + b > 0))' } }],
            },
          },
        ],
      },
      ['spec.devices.requests[0].exactly.selectors[0].cel.expression: Forbidden: too complex, exceeds cost limit'],
    ],
    [
      'an expression on attributes',
      {
        requests: [
          {
            name: 'r',
            exactly: { ...exactly, selectors: [{ cel: { expression: 'device.attributes["gpu.example.com"].model == "a100"' } }] },
          },
        ],
      },
      [],
    ],
  ])('%s', (_title, devices, errors) => {
    expect(created(claim, claimOf(devices))).toEqual(errors);
  });

  test('stay as they were asked', () => {
    expect(changed(claim, claimOf({ requests: [request] }), claimOf({}))).toEqual([
      'spec: Invalid value: {"Devices":{"Requests":null,"Constraints":null,"Config":null}}: field is immutable',
    ]);
    const wanted = { name: 'r', exactly: { ...exactly, capacity: { requests: { b: '1', a: '2' } } } };
    const config = [{ opaque: { driver: 'd.example.com', parameters: { a: 1 } } }];
    const shown = [
      '"DeviceClassName":"gpu","Selectors":null,"AllocationMode":"ExactCount","Count":1,"AdminAccess":null,"Tolerations":null',
      '"Capacity":{"Requests":{"a":"2","b":"1"}}},"FirstAvailable":null}],"Constraints":null',
      '"Config":[{"Requests":null,"Opaque":{"Driver":"d.example.com","Parameters":{"a":1}}}]}}: field is immutable',
    ];
    expect(changed(claim, claimOf({}), claimOf({ requests: [wanted], config }))).toEqual([
      `spec: Invalid value: {"Devices":{"Requests":[{"Name":"r","Exactly":{${shown.join(',')}`,
    ]);
  });

  test('of templates show the metadata beside what is asked', () => {
    const template = (labels: Fields): Fields => ({
      metadata: { name: 't' },
      spec: { metadata: { labels }, spec: { devices: {} } },
    });
    expect(changed('resource.k8s.io/v1/ResourceClaimTemplate', template({}), template({ b: '1', a: '2' }))).toEqual([
      'spec: Invalid value: {"labels":{"a":"2","b":"1"},"Spec":{"Devices":{"Requests":null,"Constraints":null,"Config":null}}}: field is immutable',
    ]);
  });

  test('of templates are judged again when they change', () => {
    const template = (devices: Fields): Fields => ({ metadata: { name: 't' }, spec: { spec: { devices } } });
    const [first, second] = changed('resource.k8s.io/v1/ResourceClaimTemplate', template({}), template({ requests: [{ name: 'r' }] }));
    expect(first).toBe('spec.spec.devices.requests[0]: Required value: exactly one of `exactly` or `firstAvailable` is required');
    expect(second).toMatch(/^spec: Invalid value: .*: field is immutable$/);
  });

  test('are reserved once they are allocated', () => {
    const consumer = { resource: 'pods', name: 'p', uid: 'u' };
    const results = [{ request: 'r', driver: 'd', pool: 'p', device: 'gpu-0' }];
    const before = claimOf({ requests: [request] });
    expect(reported(claim, before, claimOf({ requests: [request] }, { reservedFor: [consumer] }))).toEqual([
      'status.reservedFor: Forbidden: may not be specified when `allocated` is not set',
    ]);
    const allocated = { reservedFor: [consumer], allocation: { devices: { results } } };
    expect(reported(claim, before, claimOf({ requests: [request] }, allocated))).toEqual([]);
    expect(reported(claim, before, claimOf({ requests: [request] }, { devices: [{ driver: 'd', pool: 'p', device: 'gpu-1' }] }))).toEqual([
      'status.devices[0]: Invalid value: "d/p/gpu-1": must be an allocated device in the claim',
    ]);
  });
});

describe('devices on offer', () => {
  const pool = { name: 'p', resourceSliceCount: 1, generation: 1 };
  const sliceOf = (spec: Fields): Fields => ({ metadata: cluster, spec: { driver: 'd', pool, nodeName: 'n', ...spec } });
  const deviceOf = (device: Fields): Fields => sliceOf({ devices: [{ name: 'gpu-0', ...device }] });

  test.each<[string, Fields, string[]]>([
    ['a device', deviceOf({ attributes: { model: { string: 'a100' }, 'example.com/version': { version: '1.0.0' } } }), []],
    [
      'nowhere',
      sliceOf({ nodeName: undefined }),
      ['spec: Required value: exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required'],
    ],
    [
      'here and there',
      sliceOf({ allNodes: true }),
      [
        'spec: Invalid value: "{`nodeName`, `allNodes`}": exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required, but multiple fields are set',
      ],
    ],
    [
      'attributes',
      deviceOf({ attributes: { a: {}, b: { version: 'one' } } }),
      [
        'spec.devices[0].attributes[a]: Invalid value: "": exactly one value must be specified',
        'spec.devices[0].attributes[b].version: Invalid value: "one": must be a string compatible with semver.org spec 2.0.0',
      ],
    ],
    [
      'a policy on what is not shared',
      deviceOf({ capacity: { memory: { value: '1Gi', requestPolicy: { default: '1Gi' } } } }),
      ['spec.devices[0].capacity[memory].requestPolicy: Forbidden: allowMultipleAllocations must be true'],
    ],
    [
      'steps',
      deviceOf({
        allowMultipleAllocations: true,
        capacity: { memory: { value: '8Gi', requestPolicy: { default: '3Gi', validRange: { min: '2Gi', step: '2Gi' } } } },
      }),
      [
        'spec.devices[0].capacity[memory].requestPolicy.validRange.step: Invalid value: "3Gi": value is not a multiple of a given step (2Gi) from (2Gi)',
      ],
    ],
    ...(
      [
        ['parts of units count as whole ones', { default: '1500m', validRange: { min: '1', step: '1' } }, []],
        [
          'what is the same in whole units is there twice',
          { default: '10', validValues: ['9900m', '10'] },
          ['.validValues[1]: Duplicate value: "10"'],
        ],
        [
          'what is meant without a word lies in the range',
          { default: '3', validRange: { min: '1', max: '2' } },
          ['.validRange.max: Invalid value: "3": default is more than max: 2'],
        ],
        [
          'and not below it',
          { default: '1', validRange: { min: '2' } },
          ['.validRange.min: Invalid value: "1": default is less than min: 2'],
        ],
        [
          'no step',
          { default: '1', validRange: { min: '1', step: '0' } },
          ['.validRange.step: Invalid value: "0": must be greater than zero'],
        ],
      ] as const
    ).map(([title, requestPolicy, errors]): [string, Fields, string[]] => [
      title,
      deviceOf({ allowMultipleAllocations: true, capacity: { c: { value: '100', requestPolicy } } }),
      errors.map((error) => `spec.devices[0].capacity[c].requestPolicy${error}`),
    ]),
    [
      'taints',
      deviceOf({ taints: [{ key: 'k', effect: 'Sometimes' }] }),
      ['spec.devices[0].taints[0].effect: Unsupported value: "Sometimes": supported values: "NoExecute", "NoSchedule", "None"'],
    ],
    [
      'too many',
      sliceOf({ devices: Array.from({ length: 129 }, (_, index) => ({ name: `d-${index}` })) }),
      ['spec.devices: Too many: 129: must have at most 128 items'],
    ],
  ])('%s', (_title, fields, errors) => {
    expect(created(slice, fields)).toEqual(errors);
  });

  test('stay with their driver', () => {
    expect(changed(slice, sliceOf({}), sliceOf({ driver: 'e' }))).toEqual(['spec.driver: Invalid value: "e": field is immutable']);
  });
});

test('a class names an extended resource', () => {
  expect(created(deviceClass, { metadata: cluster, spec: { extendedResourceName: 'cpu' } })).toEqual([
    'spec.extendedResourceName: Invalid value: "cpu": must be a valid extended resource name',
  ]);
});
