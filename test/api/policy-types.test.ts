import { describe, expect, test } from 'vitest';
import { policyTypeWarnings } from '../../runtime/api/cel/policy-types.ts';
import { kinds } from '../../runtime/api/generated/kinds.ts';
import type { ValidatingAdmissionPolicySpec } from '../../runtime/api/generated/types/admissionregistration/v1.ts';

const rule = (group: string, version: string, ...resources: string[]) => ({
  apiGroups: [group],
  apiVersions: [version],
  operations: ['*'],
  resources,
});
const deployments = rule('apps', 'v1', 'deployments');

function warningsOf(expression: string, more: Partial<ValidatingAdmissionPolicySpec> = {}, ...rules: object[]) {
  const resourceRules = (rules.length === 0 ? [deployments] : rules) as (typeof deployments)[];
  return policyTypeWarnings({ matchConstraints: { resourceRules }, validations: [{ expression }], ...more });
}
const reasons = (expression: string, more: Partial<ValidatingAdmissionPolicySpec> = {}, ...rules: object[]) =>
  warningsOf(expression, more, ...rules).map(({ warning }) => warning.replace(/^.*ERROR: (.*)\n[\s\S]*$/, '$1'));

describe('an expression is checked against the kinds of its policy', () => {
  test.each([
    ['object.foo == 1', "<input>:1:7: undefined field 'foo'"],
    ['oldObject.spec.foo == 1', "<input>:1:15: undefined field 'foo'"],
    ['object.spec.template.spec.containers.all(c, c.imag != "")', "<input>:1:46: undefined field 'imag'"],
    ['object.spec.replicas == "1"', "<input>:1:22: found no matching overload for '_==_' applied to '(int, string)'"],
    ['object.metadata.labels["a"] > 1', "<input>:1:29: found no matching overload for '_>_' applied to '(string, int)'"],
    ['object.metadata.labels["=="] == 1', "<input>:1:30: found no matching overload for '_==_' applied to '(string, int)'"],
    ['object.spec == 1', "<input>:1:13: found no matching overload for '_==_' applied to '(Deployment0.spec, int)'"],
    [
      'authorizer.requestResource.check("get").allowed()',
      "<input>:1:11: unexpected failed resolution of 'kubernetes.authorization.Authorizer'",
    ],
    ['variables.foo', "<input>:1:10: undefined field 'foo'"],
    ['has(object.spec.foo)', "<input>:1:4: undefined field 'foo'"],
  ])('%s: %s', (expression, reason) => {
    expect(reasons(expression)).toEqual([reason]);
  });

  test.each([
    'object.spec.replicas > 1 && object.metadata.name.startsWith("a")',
    'object == null || oldObject == null || object.spec != oldObject.spec',
    'has(object.metadata.labels) && "a" in object.metadata.labels && object.metadata.labels["a"] == "b"',
    'object.metadata.labels.env == "x"',
    'object.metadata.?labels[?"a"].orValue("") == "b"',
    'object.spec.template.spec.containers.all(c, has(c.resources) && c.resources.limits["cpu"] == "1")',
    'quantity(object.spec.template.spec.containers[0].resources.limits["cpu"]).isGreaterThan(quantity("1"))',
    'object.spec.strategy.rollingUpdate.maxSurge == "25%" || object.spec.strategy.rollingUpdate.maxSurge == 1',
    'object.metadata.creationTimestamp < timestamp("2026-01-01T00:00:00Z")',
    'object.metadata.__namespace__ == "x" || object.metadata.ownerReferences.exists(o, o.controller == true)',
    'object.spec.template.spec.volumes.exists(v, has(v.configMap) && v.configMap.name == "a")',
    'object.metadata.namespace == "x" && authorizer.group("").resource("pods").check("get").allowed()',
    'request.operation == "CREATE" && namespaceObject.metadata.name == "a"',
  ])('nothing is wrong with %s', (expression) => {
    expect(warningsOf(expression)).toEqual([]);
  });

  test('variables have the types of their expressions, parameters that of their kind', () => {
    const variables = [{ name: 'wanted', expression: 'object.spec.replicas' }];
    expect(reasons('variables.wanted == "a"', { variables })).toEqual([
      "<input>:1:18: found no matching overload for '_==_' applied to '(int, string)'",
    ]);
    const paramKind = { apiVersion: 'v1', kind: 'ConfigMap' };
    expect(reasons('params.a.b == 1', { paramKind })).toEqual(["<input>:1:7: undefined field 'a'"]);
    expect(reasons('params.data["a"] == "1" && params.metadata.labels["b"] == object.metadata.name', { paramKind })).toEqual([]);
    expect(reasons('params.a.b == 1', { paramKind: { apiVersion: 'example.com/v1', kind: 'Nothing' } })).toEqual([]);
    expect(reasons('params.a.b == 1')).toEqual(["<input>:1:1: undeclared reference to 'params' (in container '')"]);
  });

  test('messages are checked as well, and every kind is told', () => {
    const messageExpression = '"wrong: " + object.data.a + object.kind + object.foo';
    const validations = [{ expression: 'true' }, { expression: 'true', messageExpression }];
    const found = warningsOf('', { validations }, rule('', 'v1', 'secrets', 'configmaps', 'pods/status', 'none'));
    expect(found.map(({ fieldRef }) => fieldRef)).toEqual(['spec.validations[1].messageExpression']);
    expect(found[0]?.warning.split('\n').filter((line) => line.includes('Kind='))).toEqual([
      expect.stringContaining("/v1, Kind=ConfigMap: ERROR: <input>:1:49: undefined field 'foo'"),
      expect.stringContaining('/v1, Kind=Secret: ERROR: <input>:1:11: found no matching overload'),
    ]);
  });

  describe('custom kinds', () => {
    const schema = {
      type: 'object',
      properties: { spec: { type: 'object', properties: { size: { type: 'integer' }, any: { 'x-kubernetes-int-or-string': true } } } },
    } as const;
    const widgets = [{ group: 'example.com', version: 'v1', kind: 'Widget', plural: 'widgets', schema }];
    const matchConstraints = { resourceRules: [rule('example.com', 'v1', 'widgets')] };
    const ofWidgets = (expression: string) => policyTypeWarnings({ matchConstraints, validations: [{ expression }] }, widgets);

    test('are looked at', () => {
      expect(ofWidgets('object.spec.siz > 1 || object.spec.size > "1"')[0]?.warning).toBe(
        "example.com/v1, Kind=Widget: ERROR: <input>:1:12: undefined field 'siz'\n | object.spec.siz > 1 || object.spec.size > \"1\"\n | ...........^\nERROR: <input>:1:41: found no matching overload for '_>_' applied to '(int, string)'\n | object.spec.siz > 1 || object.spec.size > \"1\"\n | ........................................^\n",
      );
      expect(ofWidgets('object.spec.size > 1 && object.spec.any == "1" && object.metadata.labels["a"] == object.kind')).toEqual([]);
    });

    test('are the parameters of others', () => {
      const paramKind = { apiVersion: 'example.com/v1', kind: 'Widget' };
      const warnings = (expression: string) =>
        policyTypeWarnings({ paramKind, matchConstraints: { resourceRules: [deployments] }, validations: [{ expression }] }, widgets);
      expect(warnings('object.spec.replicas < params.spec.size')).toEqual([]);
      expect(warnings('object.spec.replicas < params.spec.sice')[0]?.warning).toContain("undefined field 'sice'");
    });
  });

  test.each([
    ['wildcards', [rule('*', 'v1', 'deployments'), rule('apps', '*', 'deployments'), rule('apps', 'v1', '*')]],
    ['kinds that are not built in', [rule('example.com', 'v1', 'widgets')]],
  ])('%s are not looked at', (_, rules) => {
    expect(warningsOf('object.foo == 1', {}, ...rules)).toEqual([]);
  });

  test('of every built-in kind the metadata can be spoken of', () => {
    const failing = kinds.filter(
      ({ group, version, plural, verbs }) =>
        verbs.includes('list') &&
        warningsOf('object.metadata.name != "" && object.kind != ""', {}, rule(group, version, plural)).length > 0,
    );
    expect(failing).toEqual([]);
  });
});
