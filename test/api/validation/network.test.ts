import { describe, expect, test } from 'vitest';
import { changed, cluster, created, type Fields } from './judge.ts';

const metadata = cluster;

describe('addresses', () => {
  const policy = (cidr: string): Fields => ({ spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr } }] }] } });
  const at = 'spec.ingress[0].from[0].ipBlock.cidr: Invalid value: ';

  test.each([
    ['10.0.0.0/8', []],
    ['10.0.0.1/8', [`${at}"10.0.0.1/8": must not have bits set beyond the prefix length`]],
    ['010.0.0.0/8', [`${at}"010.0.0.0/8": must not have leading 0s in IP or prefix length`]],
    ['10.0.0.0/08', [`${at}"10.0.0.0/08": must not have leading 0s in IP or prefix length`]],
    ['::ffff:10.0.0.0/104', [`${at}"::ffff:10.0.0.0/104": must not have an IPv4-mapped IPv6 address`]],
    ['10.0.0.0', [`${at}"10.0.0.0": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)`]],
    ['2001:DB8::/32', []],
  ])('a range %s', (cidr, errors) => {
    expect(created('networking.k8s.io/v1/NetworkPolicy', policy(cidr))).toEqual(errors);
  });

  const parentRef = { resource: 'services', name: 's', namespace: 'default' };

  test.each([
    ['10.96.0.1', []],
    ['2001:db8::1', []],
    ['2001:DB8:0::1', ['metadata.name: Invalid value: "2001:DB8:0::1": must be in canonical form ("2001:db8::1")']],
    ['010.0.0.1', ['metadata.name: Invalid value: "010.0.0.1": must not have leading 0s']],
    ['::ffff:10.0.0.1', ['metadata.name: Invalid value: "::ffff:10.0.0.1": must not be an IPv4-mapped IPv6 address']],
    ['x', ['metadata.name: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)']],
  ])('an IPAddress is named %s', (name, errors) => {
    expect(created('networking.k8s.io/v1/IPAddress', { metadata: { ...metadata, name }, spec: { parentRef } })).toEqual(errors);
  });

  test('an IPAddress belongs to something, for good', () => {
    const address = { metadata: { ...metadata, name: '10.0.0.1' }, spec: { parentRef } };
    expect(created('networking.k8s.io/v1/IPAddress', { ...address, spec: {} })).toEqual(['spec.parentRef: Required value']);
    const other = { ...parentRef, name: 't' };
    expect(changed('networking.k8s.io/v1/IPAddress', address, { ...address, spec: { parentRef: other } })).toEqual([
      'spec.parentRef: Invalid value: {"Group":"","Resource":"services","Namespace":"default","Name":"t"}: field is immutable',
    ]);
    expect(changed('networking.k8s.io/v1/IPAddress', address, { ...address, spec: { parentRef: { ...parentRef, name: '' } } })).toEqual([
      'spec.parentRef.name: Required value',
      'spec.parentRef: Invalid value: {"Group":"","Resource":"services","Namespace":"default","Name":""}: field is immutable',
    ]);
  });
});

describe('ranges of services', () => {
  const range = (...cidrs: string[]): Fields => ({ metadata, spec: { cidrs } });
  const type = 'networking.k8s.io/v1/ServiceCIDR';

  test.each([
    [[], ['spec.cidrs: Required value: at least one CIDR required']],
    [
      ['10.0.0.0/16', 'fd00::/64', '10.1.0.0/16'],
      ['spec.cidrs: Invalid value: {"CIDRs":["10.0.0.0/16","fd00::/64","10.1.0.0/16"]}: may only hold up to 2 values'],
    ],
    [['10.0.0.0/16', 'fd00::/108'], []],
    [
      ['10.0.0.0/16', '10.1.0.0/16'],
      [
        'spec.cidrs: Invalid value: ["10.0.0.0/16","10.1.0.0/16"]: may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64',
      ],
    ],
    [['10.0.0.0/16', 'x'], ['spec.cidrs[1]: Invalid value: "x": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)']],
    [['010.0.0.0/16', 'fd00::/108'], ['spec.cidrs[0]: Invalid value: "010.0.0.0/16": must not have leading 0s in IP or prefix length']],
  ])('%j', (cidrs, errors) => {
    expect(created(type, range(...cidrs))).toEqual(errors);
  });

  test('only a second one may be added', () => {
    expect(changed(type, range('10.0.0.0/16'), range('10.0.0.0/16', 'fd00::/108'))).toEqual([]);
    expect(changed(type, range('10.0.0.0/16'), range('10.1.0.0/16'))).toEqual([
      'spec.cidrs[0]: Invalid value: "10.1.0.0/16": field is immutable',
    ]);
    expect(changed(type, range('10.0.0.0/16', 'fd00::/108'), range('10.0.0.0/16'))).toEqual([
      'spec.cidrs: Invalid value: ["10.0.0.0/16"]: field is immutable',
    ]);
  });
});

describe('backends of an Ingress', () => {
  const ingress = (path: Fields): Fields => ({ spec: { rules: [{ http: { paths: [path] } }] } });
  const at = 'spec.rules[0].http.paths[0]';
  const service = { name: 's', port: { number: 80 } };

  test.each<[string, Fields, string[]]>([
    ['none', { path: '/', pathType: 'Prefix', backend: {} }, [`${at}.backend: Invalid value: "": resource or service backend is required`]],
    [
      'both',
      { path: '/', pathType: 'Prefix', backend: { service, resource: { kind: '', name: '' } } },
      [`${at}.backend: Invalid value: "": cannot set both resource and service backends`],
    ],
    [
      'a resource of nothing',
      { path: '/', pathType: 'Prefix', backend: { resource: { kind: '', name: '' } } },
      [`${at}.backend.resource.kind: Required value`, `${at}.backend.resource.name: Required value`],
    ],
    ['no type', { path: '/', backend: {} }, [`${at}.pathType: Required value: pathType must be specified`]],
  ])('%s', (_title, path, errors) => {
    expect(created('networking.k8s.io/v1/Ingress', ingress(path))).toEqual(errors);
  });
});

describe('slices of endpoints', () => {
  const addresses = ['10.0.0.1'];
  const named = (...names: string[]): Fields[] => names.map((name) => ({ name }));
  const many = 'abcdefghi'.split('');

  test.each<[string, Fields, string[]]>([
    [
      'addresses that are none',
      { addresses: ['10.0.0', '2001:db8::1'] },
      [
        'endpoints[0].addresses[0]: Invalid value: "10.0.0": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
        'endpoints[0].addresses: Invalid value: "2001:db8::1": must be an IPv4 address',
      ],
    ],
    [
      'many labels of old',
      { addresses, deprecatedTopology: Object.fromEntries([...'abcdefghijklmnopq'].map((key) => [key, ''])) },
      ['endpoints[0].deprecatedTopology: Too many: 17: must have at most 16 items'],
    ],
    ['hints', { addresses, hints: { forZones: named('a'), forNodes: named('n') } }, []],
    [
      'hints said twice',
      { addresses, hints: { forZones: named('a', 'a'), forNodes: named('n', 'n') } },
      ['endpoints[0].hints.forZones[1].name: Duplicate value: "a"', 'endpoints[0].hints.forNodes[1].name: Duplicate value: "n"'],
    ],
    [
      'hints without end',
      { addresses, hints: { forZones: named(...many), forNodes: named(...many) } },
      [
        'endpoints[0].hints.forZones: Too many: 9: must have at most 8 items',
        'endpoints[0].hints.forNodes: Too many: 9: must have at most 8 items',
      ],
    ],
  ])('%s', (_title, endpoint, errors) => {
    expect(created('discovery.k8s.io/v1/EndpointSlice', { addressType: 'IPv4', endpoints: [endpoint] })).toEqual(errors);
  });
});

describe('names of endpoints', () => {
  const slice = (address: string): Fields => ({ addressType: 'FQDN', endpoints: [{ addresses: [address] }] });
  const at = 'endpoints[0].addresses[0]: Invalid value: ';

  test.each([
    ['db.example.com', []],
    ['db.example.com.', []],
    ['', ['endpoints[0].addresses[0]: Required value']],
    ['db', [`${at}"db": should be a domain with at least two segments separated by dots`]],
    ['db.', [`${at}"db": should be a domain with at least two segments separated by dots`]],
    [`${'d'.repeat(64)}.com`, [`${at}"${'d'.repeat(64)}": must be no more than 63 characters`]],
  ])('%s', (address, errors) => {
    expect(created('discovery.k8s.io/v1/EndpointSlice', slice(address))).toEqual(errors);
  });

  test('all that is wrong is one failure', () => {
    const [error, ...others] = created('discovery.k8s.io/v1/EndpointSlice', slice('D'.repeat(254)));
    expect(others).toEqual([]);
    expect(error).toContain(': must be no more than 253 characters,a lowercase RFC 1123 subdomain must');
  });
});

describe('search domains of pods', () => {
  const pod = (search: string): Fields => ({ spec: { containers: [{ name: 'c', image: 'i' }], dnsConfig: { searches: [search] } } });

  test.each([
    ['_tcp.example.com', true],
    ['a_b.example.com', true],
    ['.', true],
    ['example.com.', true],
    ['tcp_.example.com', false],
    ['_', false],
    ['__tcp.example.com', false],
  ])('%s', (search, sound) => {
    expect(created('v1/Pod', pod(search)).length).toBe(sound ? 0 : 1);
  });
});
