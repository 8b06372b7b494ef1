import { expect, test } from 'vitest';
import { checkStructure, lossesOf, numberSpellings } from '../../runtime/api/structure/index.ts';

const deployment = 'io.k8s.api.apps.v1.Deployment';
const pod = 'io.k8s.api.core.v1.Pod';
const replicas = (literal: string) =>
  `json: cannot unmarshal number ${literal} into Go struct field DeploymentSpec.spec.replicas of type int32`;
const port = (literal: string) =>
  `json: cannot unmarshal number ${literal} into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32`;

// What sigs.k8s.io/json answers for the same texts.
test.each([
  [deployment, '{"spec":{"replicas":1.0}}', replicas('1.0')],
  [deployment, '{"spec":{"replicas" : 1e3}}', replicas('1e3')],
  [deployment, '{"spec":{"replicas":1.50}}', replicas('1.50')],
  [deployment, '{"spec":{"replicas":-0.0}}', replicas('-0.0')],
  [deployment, '{"spec":{"replicas":12345678901234567890}}', replicas('12345678901234567890')],
  [deployment, '{"spec":{"replicas":3000000000}}', replicas('3000000000')],
  [deployment, '{"spec":{"replicas":1.0,"replicas":1}}', replicas('1.0')],
  [pod, '{"spec":{"containers":[{"ports":[{"containerPort":80},{"containerPort":80.0}]}]}}', port('80.0')],
  [
    pod,
    '{"spec":{"terminationGracePeriodSeconds":9223372036854775808}}',
    'json: cannot unmarshal number 9223372036854775808 into Go struct field PodSpec.spec.terminationGracePeriodSeconds of type int64',
  ],
  [deployment, '{"spec":{"replicas":-0}}', undefined],
  [deployment, '{"metadata":{"annotations":{"a":"\\"replicas\\":1.0,[1.0"}},"spec":{"replicas":1}}', undefined],
])('%s %s', (definition, text, error) => {
  expect(checkStructure(definition, JSON.parse(text), 'json', numberSpellings(text)).error).toBe(error);
});

test('quantities are read as they are written', () => {
  const text = '{"spec":{"containers":[{"resources":{"limits":{"a":1e3,"b":1.50,"c":9007199254740993,"d":2}}}]}}';
  const object = JSON.parse(text);
  expect(checkStructure(pod, object, 'json', numberSpellings(text))).toEqual({ unknownFields: [] });
  expect(object.spec.containers[0].resources.limits).toEqual({ a: '1e3', b: '1500m', c: '9007199254740993', d: '2' });
});

test('numbers beyond a double are refused, where anything may stand as well', () => {
  const revision = 'io.k8s.api.apps.v1.ControllerRevision';
  const text = '{"data":{"a":[1,{"b":1e400}]}}';
  expect(checkStructure(revision, JSON.parse(text), 'json', numberSpellings(text)).error).toBe(
    'json: cannot unmarshal number 1e400 into Go struct field ControllerRevision.data of type float64',
  );
});

test.each([
  ['{"a":1,"b":[123456789012345,0,-7],"c":"1.5, 1e3"}', undefined],
  ['{"a":"b\\":1.0","c":[{"d":-1.0E+2}]}', [['c\x000\x00d', '-1.0E+2']]],
  ['{"a\\"":{"b":1234567890123456}}', [['a"\x00b', '1234567890123456']]],
])('spellings in %s', (text, spellings) => {
  const found = numberSpellings(text);
  expect(found && [...found]).toEqual(spellings);
});

const large = 9007199254740993n;

test('integers that are not kept to the last digit are named', () => {
  const text = `{"a":${large},"b":{"c":[9007199254740992,1e20,18446744073709551616,-1152921504606846976]}}`;
  expect(lossesOf(numberSpellings(text), JSON.parse(text))).toEqual([
    `a: ${large} is kept as 9007199254740992`,
    'b.c.3: -1152921504606846976 is kept as -1152921504606847000',
  ]);
});

test('what an object keeps as a text, and what it does not keep, is no loss', () => {
  const text = `{"spec":{"limits":[{"max":{"memory":${large}}}]},"invented":${large}}`;
  const object = JSON.parse(text);
  checkStructure('io.k8s.api.core.v1.LimitRange', object, 'json', numberSpellings(text));
  expect(object).toEqual({ spec: { limits: [{ max: { memory: String(large) } }] } });
  expect(lossesOf(numberSpellings(text), object)).toEqual([]);
});
