import { expect, test } from 'vitest';
import { AdmissionCompiler, type AdmissionValues } from '../../../runtime/api/cel/admission.ts';
import { boolType } from '../../../runtime/api/cel/check/index.ts';
import { type AccessQuestion, CelAuthorizer } from '../../../runtime/api/cel/libraries/authorizer.ts';

const scope = { authorizer: true, variables: true };

function valuesWith(ask: ConstructorParameters<typeof CelAuthorizer>[0]): AdmissionValues {
  const authorizer = new CelAuthorizer(ask, { group: 'apps', resource: 'deployments', subresource: '', namespace: 'a', name: 'b' });
  return { object: { spec: { replicas: 3 } }, oldObject: null, request: { name: 'b' }, namespaceObject: null, authorizer };
}

const values = valuesWith(() => ({ decision: 'allow' }));

test.each(['__proto__', 'constructor', 'hasOwnProperty', 'plain'])('a variable may be called %s', (name) => {
  const compiler = new AdmissionCompiler(false);
  compiler.addVariable(name, 'object.spec.replicas');
  const evaluation = compiler.evaluation(values, 1000);
  expect(evaluation.run(compiler.compile(`variables.${name} == 3`, [boolType], scope))).toEqual({ value: true });
  expect(compiler.compile('variables.toString == 1', [boolType], scope).error).toContain("undefined field 'toString'");
});

test('a variable is evaluated once, and not before it is used', () => {
  const compiler = new AdmissionCompiler(false);
  let asked = 0;
  compiler.addVariable('may', "authorizer.path('/x').check('get').allowed()");
  compiler.addVariable('fails', 'object.spec.nothing == 1');
  const counting = valuesWith(() => {
    asked++;
    return { decision: 'allow' };
  });
  const evaluation = compiler.evaluation(counting, 1_000_000);
  expect(evaluation.run(compiler.compile('object.spec.replicas == 3', [boolType], scope)).value).toBe(true);
  expect(asked).toBe(0);
  expect(evaluation.run(compiler.compile('variables.may && variables.may', [boolType], scope)).value).toBe(true);
  expect(asked).toBe(1);
  expect(evaluation.run(compiler.compile('variables.fails', [boolType], scope)).error).toBe(
    'expression \'variables.fails\' resulted in error: composited variable "fails" fails to evaluate: no such key: nothing',
  );
});

test('what is asked of an authorizer is put together step by step', () => {
  const questions: (readonly [AccessQuestion, string])[] = [];
  const asking = valuesWith((question, verb) => {
    questions.push([question, verb]);
    return { decision: 'none', reason: 'unknown' };
  });
  const ask = (source: string) => {
    const compiler = new AdmissionCompiler(false);
    return compiler.evaluation(asking, 10_000_000).run(compiler.compile(source, [boolType], scope));
  };
  expect(
    ask("authorizer.group('').resource('pods').fieldSelector('spec.nodeName=n').labelSelector('a=b').check('list').reason() == 'unknown'"),
  ).toEqual({ value: true });
  expect(ask("authorizer.requestResource.subresource('scale').check('update').allowed()")).toEqual({ value: false });
  expect(ask("authorizer.serviceAccount('ns', 'sa').path('/healthz').check('get').errored()")).toEqual({ value: false });
  expect(questions).toEqual([
    [
      { group: '', resource: 'pods', subresource: '', namespace: '', name: '', fieldSelector: 'spec.nodeName=n', labelSelector: 'a=b' },
      'list',
    ],
    [{ group: 'apps', resource: 'deployments', subresource: 'scale', namespace: 'a', name: 'b' }, 'update'],
    [
      {
        group: '',
        resource: '',
        subresource: '',
        namespace: '',
        name: '',
        path: '/healthz',
        serviceAccount: { namespace: 'ns', name: 'sa' },
      },
      'get',
    ],
  ]);
  expect(ask("authorizer.serviceAccount('ns', 'No').path('/x').check('get').allowed()").error).toContain('Invalid service account name');
  expect(ask("authorizer.group('').resource(' ').check('get').allowed()").error).toContain('resource must not be empty');
});

test('only two checks fit into an expression', () => {
  const check = "authorizer.path('/x').check('get').allowed()";
  const compiler = new AdmissionCompiler(false);
  const run = (source: string) => compiler.evaluation(values, 10_000_000).run(compiler.compile(source, [boolType], scope));
  expect(run(`${check} && ${check}`)).toEqual({ value: true });
  expect(run(`${check} && ${check} && ${check}`).error).toContain('operation cancelled: actual cost limit exceeded');
});

test('what always fails is told before it is evaluated', () => {
  const compiler = new AdmissionCompiler(false);
  expect(compiler.compile("object.a == int('b')", [boolType], scope).error).toBe(
    "program instantiation failed: type conversion error from 'string' to 'int'",
  );
});
