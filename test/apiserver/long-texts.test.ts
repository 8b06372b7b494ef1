import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { doubleFrom } from '../../runtime/api/cel/evaluate/conversions.ts';
import { Failure } from '../../runtime/api/cel/evaluate/values.ts';
import { parseDuration } from '../../runtime/api/duration.ts';
import { BytesAnswer, type HttpRequest } from '../../runtime/api/http.ts';
import { parseQuantity } from '../../runtime/api/quantity.ts';
import { missingRights } from '../../runtime/api/rbac/covers.ts';
import { ruleAllows } from '../../runtime/api/rbac/policy-rule.ts';
import { plainScalar } from '../../runtime/api/yaml/dialect.ts';
import { mediaTypeIn } from '../../runtime/apiserver/negotiation/media-type.ts';
import { requestInfo } from '../../runtime/apiserver/request-info.ts';
import { answerUnparsed } from '../../runtime/host/node/https/unparsed.ts';

// As long as a header may be: what is looked at again for every character of it takes hours.
const many = (character: string) => character.repeat(1_000_000);

test.each([
  ['in the middle', `/api${many('/')}x`, `/api${many('/')}x`],
  ['at the end', `/api/v1/pods${many('/')}`, '/api/v1/pods'],
])('a path with many slashes %s is read at once', (_, path, told) => {
  expect(requestInfo('GET', new URL(path, 'https://localhost')).path).toBe(told);
});

test('a media type with many spaces behind it is read at once', () => {
  expect(mediaTypeIn(`application/json${many(' ')}x`)).toBeUndefined();
  expect(mediaTypeIn(`application/json${many(' ')};${many(' ')}`)).toBe('application/json');
});

test('a header with many spaces, of a method that HTTP does not know, is read at once', () => {
  const seen: HttpRequest[] = [];
  const handle = async (request: HttpRequest) => {
    seen.push(request);
    return new BytesAnswer(200, {});
  };
  const rawPacket = Buffer.from(`FOO /version HTTP/1.1\r\nhost: a\r\nx-wide:  a${many(' ')}b \r\n\r\n`);
  const error = Object.assign(new Error('Parse Error'), { code: 'HPE_INVALID_METHOD', rawPacket, bytesParsed: 2 });
  const server = { handle, passesOn: () => false, mayUpgrade: () => false };
  expect(answerUnparsed(server, () => ({}), error, new PassThrough())).toBe(true);
  expect(seen[0]?.headers.get('x-wide')).toBe(`a${many(' ')}b`);
});

test('a duration and a quantity with many digits before a fault are refused at once', () => {
  expect(() => parseDuration(`${many('1.')}h`)).toThrow('time: invalid duration');
  expect(() => parseDuration(many('1'))).toThrow('time: missing unit in duration');
  expect(() => parseDuration('...')).toThrow('time: invalid duration');
  for (const text of [`${many('1')}!`, `1.${many('1')}!`]) expect(() => parseQuantity(text)).toThrow();
});

test('plain text of YAML that looks like a number for long is read at once', () => {
  for (const text of [`${many('1')}!`, `1.${many('_')}!`, `1e${many('_')}!`]) expect(plainScalar(text).value).toBe(text);
});

test('a text of an expression that looks like a number for long is none at once', () => {
  for (const text of [`${many('1')}!`, `1.${many('1')}!`]) expect(doubleFrom(text)).toBeInstanceOf(Failure);
});

test('a rule about paths with many stars in its middle is compared at once', () => {
  const rule = (path: string) => ({ verbs: ['get'], nonResourceURLs: [path] });
  const pattern = `/a${many('*')}b**`;
  const path = `/a${many('*')}bc`;
  expect(ruleAllows(rule(pattern), { isResource: false, verb: 'get', path, group: '', resource: '', subresource: '', name: '' })).toBe(
    true,
  );
  expect(missingRights([rule(pattern)], [rule(path), rule('/a')])).toEqual([rule('/a')]);
});
