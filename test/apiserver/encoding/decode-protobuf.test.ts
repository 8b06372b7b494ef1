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

const prefixed = (...envelope: readonly number[]) => Uint8Array.from([0x6b, 0x38, 0x73, 0, ...envelope]);
/** A varint of ten bytes, whose last one is given. */
const longest = (last: number) => [...Array<number>(9).fill(0xff), last];
const configMap = (...raw: readonly number[]) => body('v1', 'ConfigMap', raw);

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

describe('what is unusual, and still read', () => {
  it('groups that nobody knows, one in the other, and what is in them', () => {
    const group = [0x3b, ...number(1, 5), ...bytes(2, 'x'), 0x3b, 0x3c, 0x3d, 1, 2, 3, 4, 0x39, ...Array<number>(8).fill(0), 0x3c];
    expect(decode('v1', 'ConfigMap', [...group, ...bytes(2, bytes(1, 'k'))])).toMatchObject({ data: { k: '' } });
    const deep = [...Array<number>(100_000).fill(0x3b), ...Array<number>(100_000).fill(0x3c)];
    expect(decode('v1', 'ConfigMap', deep)).toEqual({ apiVersion: 'v1', kind: 'ConfigMap' });
  });

  it('the last of a value that comes twice, and the sum of a message that comes in pieces', () => {
    const meta = [...bytes(1, bytes(1, 'a')), ...bytes(1, [...bytes(1, 'b'), ...bytes(3, 'n')]), ...bytes(1, bytes(5, 'u'))];
    expect(decode('v1', 'ConfigMap', [...meta, ...number(4, 1), ...number(4, 0)])).toMatchObject({
      metadata: { name: 'b', namespace: 'n', uid: 'u' },
      immutable: false,
    });
    expect(decode('scheduling.k8s.io/v1', 'PriorityClass', [...number(2, 5), ...number(2, 0)])).not.toHaveProperty('value');
    const spec = [...bytes(2, bytes(2, bytes(1, 'a'))), ...bytes(2, bytes(2, bytes(1, 'b')))];
    expect(decode('v1', 'Pod', spec)).toMatchObject({ spec: { containers: [{ name: 'a' }, { name: 'b' }] } });
  });

  it('a message in very many pieces, in a short time', () => {
    const pieces = Array.from({ length: 200_000 }, () => [0x0a, 0]).flat();
    const start = performance.now();
    expect(decode('v1', 'ConfigMap', [...pieces, ...bytes(1, bytes(1, 'a'))])).toMatchObject({ metadata: { name: 'a' } });
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  it('text that is no UTF-8, as Go shows it in JSON', () => {
    const entry = [...bytes(1, 'k'), ...bytes(2, [0x61, 0xe2, 0x82, 0xff, 0xed, 0xa0, 0x80, 0xc3, 0xa4])];
    expect(decode('v1', 'ConfigMap', [...bytes(2, entry), ...bytes(2, [...bytes(1, 'l'), ...bytes(2, 'x')])])).toMatchObject({
      data: { k: `a${'\ufffd'.repeat(6)}\u00e4`, l: 'x' },
    });
  });

  it('numbers that are written longer than they have to be, or are longer than they may be', () => {
    expect(decode('v1', 'ConfigMap', [0xa0, 0x80, 0x80, 0x80, 0x80, 0x00, ...longest(0x7f)])).toMatchObject({ immutable: true });
    expect(decode('scheduling.k8s.io/v1', 'PriorityClass', number(2, (1n << 60n) + 7n))).toMatchObject({ value: 7 });
    expect(decode('v1', 'DeleteOptions', number(1, (1n << 63n) - 1n))).toMatchObject({ gracePeriodSeconds: 2 ** 63 - 1024 });
  });

  it('entries of maps whose parts say to be of another type', () => {
    expect(decode('v1', 'ConfigMap', bytes(2, [0x08, 1, 0x6b, 0x10, 1, 0x76]))).toMatchObject({ data: { k: 'v' } });
  });

  it('what says nothing of its kind or how it is written, and kinds that nobody knows', () => {
    const expected = { apiVersion: 'v1', kind: 'ConfigMap' };
    const unsaid = prefixed(...bytes(2, bytes(2, bytes(1, 'k'))), ...bytes(3, 'gzip'), ...bytes(4, 'text/x'));
    expect(decodeProtobuf(unsaid, expected).object).toEqual({ ...expected, data: { k: '' } });
    expect(decodeProtobuf(body('v1', 'Nonsense', [0]), expected).object).toEqual({ apiVersion: 'v1', kind: 'Nonsense' });
    const inPieces = prefixed(...bytes(1, bytes(2, 'Secret')), ...bytes(1, bytes(1, 'v1')), ...bytes(2, [0]), ...bytes(2, []));
    expect(decodeProtobuf(inPieces, expected).object).toEqual({ apiVersion: 'v1', kind: 'Secret' });
  });

  it('times before and at the beginning of time', () => {
    const renewed = (...time: number[]) => decode('coordination.k8s.io/v1', 'Lease', bytes(2, bytes(4, time))).spec;
    expect(renewed(...number(1, 0), ...number(2, 0))).toEqual({ renewTime: '1970-01-01T00:00:00.000000Z' });
    expect(renewed(...number(1, -1), ...number(2, 1_500_000_000))).toEqual({ renewTime: '1970-01-01T00:00:00.500000Z' });
    expect(renewed(...number(1, -62135596800))).toEqual({});
    expect(renewed()).toEqual({});
  });
});

describe('malformed bodies', () => {
  it.each<[Uint8Array, string]>([
    [new Uint8Array(), 'empty data'],
    [new TextEncoder().encode('{"kind":"Pod"}'), 'provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]'],
    [Uint8Array.of(0x6b, 0x38), 'provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]'],
    [prefixed(), 'empty body'],
    [prefixed(0), 'proto: Unknown: illegal tag 0 (wire type 0)'],
    [prefixed(0x0c), 'proto: Unknown: wiretype end group for non-group'],
    [prefixed(0x08, 1), 'proto: wrong wireType = 0 for field TypeMeta'],
    [prefixed(0x15, 1, 2, 3, 4), 'proto: wrong wireType = 5 for field Raw'],
    [prefixed(0x1b), 'proto: wrong wireType = 3 for field ContentEncoding'],
    [prefixed(...bytes(1, number(2, 1))), 'proto: wrong wireType = 0 for field Kind'],
    [prefixed(0x80), 'unexpected EOF'],
    [body('v1', 'Pod', [0x0a, 0x7f]), 'unexpected EOF'],
    [body('v1', 'Pod', number(1, 1)), 'proto: wrong wireType = 0 for field ObjectMeta'],
    [body('v1', 'PodList', number(1, 1)), 'proto: wrong wireType = 0 for field ListMeta'],
    [configMap(...bytes(1, number(5, 1))), 'proto: wrong wireType = 0 for field UID'],
    [configMap(...bytes(1, bytes(7, 'x'))), 'proto: wrong wireType = 2 for field Generation'],
    [configMap(...bytes(1, [0x3a, 0x7f])), 'proto: wrong wireType = 2 for field Generation'],
    [configMap(0x23), 'proto: wrong wireType = 3 for field Immutable'],
    [configMap(...bytes(1, bytes(8, bytes(1, '')))), 'proto: wrong wireType = 2 for field Seconds'],
    [body('v1', 'Pod', longest(0xff)), 'proto: integer overflow'],
    [configMap(0x20, ...longest(0xff)), 'proto: integer overflow'],
    [configMap(0x20, 0x80, 0x80), 'unexpected EOF'],
    [configMap(0), 'proto: ConfigMap: illegal tag 0 (wire type 0)'],
    [configMap(0x07), 'proto: ConfigMap: illegal tag 0 (wire type 7)'],
    [configMap(...varint((1n << 34n) + 2n)), 'proto: ConfigMap: illegal tag -2147483648 (wire type 17179869186)'],
    [configMap(...bytes(1, [0x04])), 'proto: ObjectMeta: wiretype end group for non-group'],
    [configMap(0x0a, ...longest(1)), 'proto: negative length found during unmarshaling'],
    [configMap(0x0a, ...varint((1n << 63n) - 1n)), 'proto: negative length found during unmarshaling'],
    [configMap(0x0a, ...varint(1n << 40n)), 'unexpected EOF'],
    [configMap(0x3f), 'proto: illegal wireType 7'],
    [configMap(0x3b), 'unexpected EOF'],
    [configMap(0x3b, 0x3e), 'proto: illegal wireType 6'],
    [configMap(0x3a, ...longest(1)), 'proto: negative length found during unmarshaling'],
    [configMap(0x39, 1), 'unexpected EOF'],
    [configMap(...bytes(2, [0x04])), 'proto: unexpected end of group'],
    [configMap(...bytes(2, [0x0a, 0x7f])), 'unexpected EOF'],
    [configMap(...bytes(1, bytes(17, bytes(7, bytes(1, '{'))))), 'json: unexpected end of JSON input'],
  ])('%#: %s', (malformed, message) => {
    expect(() => decodeProtobuf(malformed)).toThrow(expect.objectContaining({ name: 'ProtobufError', message }));
  });

  it('tell what they call themselves once that is known', () => {
    expect(() => decodeProtobuf(body('apps/v1', 'Deployment', [0]))).toThrow(
      expect.objectContaining({ sent: { apiVersion: 'apps/v1', kind: 'Deployment' } }),
    );
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
