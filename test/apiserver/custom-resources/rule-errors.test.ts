import { expect, test } from 'vitest';
import { startApi } from '../api.ts';
import { definitions, widgetDefinition } from './widgets.ts';

const at = 'spec.validation.openAPIV3Schema.properties[spec].x-kubernetes-validations[0]';
const placed = (text: string, line: string, before: number) =>
  `compilation failed: ERROR: <input>:1:${before + 1}: ${text}\n | ${line}\n | ${'.'.repeat(before)}^`;

/** What is wrong with a definition whose `spec` has a rule: the fields, and what is said of them after the value. */
async function causes(rule: object): Promise<readonly (readonly [string, string])[]> {
  const api = await startApi();
  const properties = {
    name: { type: 'string', maxLength: 10 },
    maybe: { type: 'string', nullable: true, maxLength: 10 },
    size: { type: 'integer' },
    namespace: { type: 'string', maxLength: 10 },
    part: { type: 'object', properties: { id: { type: 'integer' } } },
    parts: { type: 'array', maxItems: 3, items: { type: 'object', properties: { id: { type: 'integer' } } } },
    tags: { type: 'array', items: { type: 'string' } },
  };
  const spec = { type: 'object', properties, 'x-kubernetes-validations': [rule] };
  const schema = { type: 'object', properties: { spec } };
  const { body } = await api.send('POST', definitions, widgetDefinition({ version: { schema: { openAPIV3Schema: schema } } }));
  const found: { field: string; message: string }[] = body.details?.causes ?? [];
  return found.map(({ field, message }) => [field, message.replace(/^Invalid value: (?:\{.*?\}|true|"[^"]*"): /, '')] as const);
}

test.each<[object, ...(readonly [string, string])[]]>([
  [{ rule: "self.__namespace__ == 'a' && self.namespace == 'b' && self.part != null" }],
  [{ rule: 'self.foo > 1' }, [`${at}.rule`, placed("undefined field 'foo'", 'self.foo > 1', 4)]],
  [{ rule: 'self.name' }, [`${at}.rule`, 'cel expression must evaluate to a bool']],
  [
    { rule: 'self.maybe == null' },
    [`${at}.rule`, placed("found no matching overload for '_==_' applied to '(string, null)'", 'self.maybe == null', 11)],
  ],
  [
    { rule: 'self.part == 1' },
    [`${at}.rule`, placed("found no matching overload for '_==_' applied to '(selfType0.part, int)'", 'self.part == 1', 10)],
  ],
  [
    { rule: 'self.parts[0] == self.parts' },
    [
      `${at}.rule`,
      placed(
        "found no matching overload for '_==_' applied to '(selfType0.parts.@idx, list(selfType0.parts.@idx))'",
        'self.parts[0] == self.parts',
        14,
      ),
    ],
  ],
  [{ rule: 'true', messageExpression: 'self.size' }, [`${at}.messageExpression`, 'messageExpression must evaluate to a string']],
  [
    { rule: 'true', messageExpression: 'self.size + "a"' },
    [
      `${at}.messageExpression`,
      `messageExpression ${placed("found no matching overload for '_+_' applied to '(int, string)'", 'self.size + "a"', 10)}`,
    ],
  ],
  [{ rule: "self.name == 'a'", optionalOldSelf: true }, [`${at}.optionalOldSelf`, 'may not be set if oldSelf is not used in rule']],
  [
    { rule: 'oldSelf.size > 1', optionalOldSelf: true },
    [`${at}.rule`, placed("found no matching overload for '_>_' applied to '(optional_type(int), int)'", 'oldSelf.size > 1', 13)],
    [`${at}.optionalOldSelf`, 'may not be set if oldSelf is not used in rule'],
  ],
  [
    { rule: 'self.tags.all(a, self.tags.all(b, a == b))' },
    [
      `${at}.rule`,
      'Forbidden: estimated rule cost exceeds budget by factor of more than 100x (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)',
    ],
    [`${at}.rule`, 'Forbidden: contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema'],
    [
      'spec.validation.openAPIV3Schema',
      'Forbidden: x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema exceeds budget by factor of more than 100x (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)',
    ],
  ],
])('%j', async (rule, ...expected) => {
  expect(await causes(rule)).toEqual(expected);
});
