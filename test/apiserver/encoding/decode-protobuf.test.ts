import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base64Bytes } from '../../../runtime/api/base64.ts';
import { decodeProtobuf } from '../../../runtime/apiserver/encoding/decode-protobuf.ts';
import { ProtobufError } from '../../../runtime/apiserver/encoding/protobuf-reader.ts';
// What kubectl 1.33 sends, by its command line.
import captured from './fixtures/kubectl-1.33.json' with { type: 'json' };

const bodies: Record<string, string> = captured;
const template = (name: string, container: object) => ({ metadata: { labels: { app: name } }, spec: { containers: [container] } });

describe('what kubectl sends', () => {
  it.each<[string, object]>([
    [
      'create deployment web --image=nginx --replicas=3 --port=80',
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'web', labels: { app: 'web' } },
        spec: {
          replicas: 3,
          selector: { matchLabels: { app: 'web' } },
          template: template('web', { name: 'nginx', image: 'nginx', ports: [{ containerPort: 80 }], resources: {} }),
          strategy: {},
        },
        status: {},
      },
    ],
    ['create deployment idle --image=nginx --replicas=0', { kind: 'Deployment', spec: { replicas: 0 } }],
    [
      'create job hi --image=busybox -- echo hi',
      { kind: 'Job', spec: { template: { spec: { containers: [{ command: ['echo', 'hi'] }], restartPolicy: 'Never' } } } },
    ],
    ['create secret generic s --from-literal=a=b', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { a: 'Yg==' } }],
    ['create configmap bin --from-file=k=binary --from-literal=a=', { data: { a: '' }, binaryData: { k: 'AP8B' } }],
    ['create quota q --hard=cpu=1,memory=1Gi,pods=2', { kind: 'ResourceQuota', spec: { hard: { cpu: '1', memory: '1Gi', pods: '2' } } }],
    [
      'create role r --verb=get,list --resource=pods,deployments.apps',
      {
        rules: [
          { verbs: ['get', 'list'], apiGroups: [''], resources: ['pods'] },
          { apiGroups: ['apps'], resources: ['deployments'] },
        ],
      },
    ],
    ['create token sa --duration=1h --audience=x', { kind: 'TokenRequest', spec: { audiences: ['x'], expirationSeconds: 3600 } }],
    [
      'create service nodeport np --tcp=80:http --node-port=30080',
      { spec: { ports: [{ name: '80-http', protocol: 'TCP', port: 80, targetPort: 'http', nodePort: 30080 }], type: 'NodePort' } },
    ],
    [
      'create ingress i --rule=a.b/*=svc:80,tls=sec',
      {
        spec: {
          rules: [
            {
              host: 'a.b',
              http: { paths: [{ path: '/', backend: { service: { name: 'svc', port: { number: 80 } } }, pathType: 'Prefix' }] },
            },
          ],
        },
      },
    ],
    ['create pdb p --selector=a=b --min-available=50%', { spec: { minAvailable: '50%', selector: { matchLabels: { a: 'b' } } } }],
    [
      'auth can-i create pods',
      { kind: 'SelfSubjectAccessReview', spec: { resourceAttributes: { namespace: 'default', verb: 'create', resource: 'pods' } } },
    ],
  ])('%s', (command, expected) => {
    expect(decodeProtobuf(base64Bytes(bodies[command] ?? '')).object).toMatchObject(expected);
  });

  it('leaves out what Go writes although it is zero', () => {
    const { object } = decodeProtobuf(base64Bytes(bodies['create deployment web --image=nginx --replicas=3 --port=80'] ?? ''));
    const text = JSON.stringify(object);
    expect(text).not.toContain('hostPort');
    expect(text).not.toContain('creationTimestamp');
    expect(text).not.toContain('hostNetwork');
  });
});

// A writer for the parts no captured body has.
const varint = (value: number | bigint): number[] => {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
};
const number = (field: number, value: number | bigint) => [...varint(field * 8), ...varint(value)];
const bytes = (field: number, value: readonly number[] | string) => {
  const content = typeof value === 'string' ? [...new TextEncoder().encode(value)] : value;
  return [...varint(field * 8 + 2), ...varint(content.length), ...content];
};
const body = (apiVersion: string, kind: string, raw: readonly number[]) =>
  Uint8Array.from([0x6b, 0x38, 0x73, 0, ...bytes(1, [...bytes(1, apiVersion), ...bytes(2, kind)]), ...bytes(2, raw)]);
const decode = (apiVersion: string, kind: string, raw: readonly number[]) => decodeProtobuf(body(apiVersion, kind, raw)).object;

describe('special messages', () => {
  it('writes times, owners’ flags and managed fields as JSON has them', () => {
    const time = [...number(1, 1893456000), ...number(2, 123456789)];
    const managed = [...bytes(1, 'kubectl'), ...bytes(4, time), ...bytes(7, bytes(1, '{"f:data":{}}'))];
    const owner = [...bytes(3, 'x'), ...number(6, 0)];
    const { metadata } = decode('v1', 'ConfigMap', bytes(1, [...bytes(8, time), ...bytes(13, owner), ...bytes(17, managed)]));
    expect(metadata).toEqual({
      creationTimestamp: '2030-01-01T00:00:00Z',
      ownerReferences: [{ name: 'x', controller: false }],
      managedFields: [{ manager: 'kubectl', time: '2030-01-01T00:00:00Z', fieldsV1: { 'f:data': {} } }],
    });
    expect(decode('coordination.k8s.io/v1', 'Lease', bytes(2, bytes(4, time)))).toMatchObject({
      spec: { renewTime: '2030-01-01T00:00:00.123456Z' },
    });
  });

  it('knows kinds that all groups share, and negative numbers', () => {
    const options = [...number(1, 0), ...bytes(2, bytes(1, 'u')), ...bytes(4, 'Foreground')];
    expect(decode('policy/v1', 'Eviction', bytes(2, options))).toMatchObject({
      deleteOptions: { gracePeriodSeconds: 0, preconditions: { uid: 'u' }, propagationPolicy: 'Foreground' },
    });
    expect(decode('v1', 'DeleteOptions', number(1, -5))).toMatchObject({ gracePeriodSeconds: -5 });
    expect(decode('scheduling.k8s.io/v1', 'PriorityClass', number(2, -10))).toMatchObject({ value: -10 });
  });

  it('puts embedded structs where JSON has them', () => {
    const volume = [...bytes(1, 'v'), ...bytes(2, bytes(2, []))];
    const probe = bytes(1, bytes(2, [...bytes(1, '/'), ...bytes(2, [...number(1, 0), ...number(2, 80)])]));
    const env = [...bytes(1, 'E'), ...bytes(3, bytes(4, [...bytes(1, bytes(1, 's')), ...bytes(2, 'k')]))];
    const { spec } = decode('v1', 'Pod', bytes(2, [...bytes(1, volume), ...bytes(2, [...bytes(10, probe), ...bytes(7, env)])]));
    expect(spec).toEqual({
      volumes: [{ name: 'v', emptyDir: {} }],
      containers: [
        { livenessProbe: { httpGet: { path: '/', port: 80 } }, env: [{ name: 'E', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }] },
      ],
    });
  });

  it('reads packed lists, and passes over unknown fields', () => {
    const context = [...number(2, 0), ...bytes(4, [...varint(7), ...varint(8)]), ...bytes(4000, 'x')];
    expect(decode('v1', 'Pod', bytes(2, bytes(14, context)))).toMatchObject({
      spec: { securityContext: { runAsUser: 0, supplementalGroups: [7, 8] } },
    });
  });

  it('keeps the mark that some editors put before a text', () => {
    const { data } = decode('v1', 'ConfigMap', bytes(2, [...bytes(1, 'k'), ...bytes(2, '\ufeffx')]));
    expect(data).toEqual({ k: '\ufeffx' });
  });

  it('does not let a map reach a prototype', () => {
    const { data } = decode('v1', 'ConfigMap', bytes(2, [...bytes(1, '__proto__'), ...bytes(2, 'x')]));
    expect(JSON.stringify(data)).toBe('{"__proto__":"x"}');
  });
});

describe('malformed bodies', () => {
  it.each<[Uint8Array, string]>([
    [new Uint8Array(), 'empty data'],
    [new TextEncoder().encode('{"kind":"Pod"}'), 'provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]'],
    [body('v1', 'Nonsense', []), 'no kind "Nonsense" is registered for version "v1"'],
    [body('v1', 'Pod', [0x0a, 0x7f]), 'unexpected EOF'],
    [body('v1', 'Pod', number(1, 1)), 'proto: wrong wireType = 0 for field metadata'],
    [body('v1', 'Pod', [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), 'proto: integer overflow'],
    [body('v1', 'ConfigMap', bytes(1, bytes(1, [0xff]))), 'proto: invalid UTF-8 string'],
  ])('%#: %s', (malformed, message) => {
    expect(() => decodeProtobuf(malformed)).toThrow(new ProtobufError(message));
  });

  it('end in a ProtobufError or an object, never anything else', () => {
    const fixtures = Object.values(bodies).map((encoded) => base64Bytes(encoded));
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.constantFrom(...fixtures), changes, fc.nat(), (fixture, edits, cut) => {
        const mutated = Uint8Array.from(fixture.subarray(0, cut % 3 === 0 ? cut % fixture.length : fixture.length));
        for (const [at, value] of edits) if (mutated.length > 0) mutated[at % mutated.length] = value;
        try {
          decodeProtobuf(mutated);
        } catch (error) {
          expect(error).toBeInstanceOf(ProtobufError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
