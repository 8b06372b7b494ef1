import { describe, expect, test } from 'vitest';
import {
  formatFieldSelector,
  formatSelector,
  parseFieldSelector,
  parseLabelSelector,
  selectorFromLabelSelector,
} from '../../runtime/api/selectors/index.ts';

describe('label selectors', () => {
  const labels = { app: 'web', tier: 'front', n: '5' };

  test.each([
    ['', true],
    ['app=web', true],
    ['app==web,tier!=back', true],
    ['app in (web,api), tier', true],
    ['app notin (web)', false],
    ['!absent', true],
    ['!app', false],
    ['absent!=x', true],
    ['n>4,n<6', true],
    ['n>5', false],
    ['in in (in)', false],
    ['app in ()', false],
  ])('%j', (text, matches) => {
    expect(parseLabelSelector(text).matches(labels)).toBe(matches);
  });

  test.each([
    ['a in b', "unable to parse requirement: found 'b' expected: '('"],
    ['a in (b', "unable to parse requirement: found '', expected: ',' or ')'"],
    ['!', "unable to parse requirement: found '', expected: identifier"],
    ['a=b=c', "found '=', expected: ',' or 'end of string'"],
    ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    [',', "found ',', expected: !, identifier, or 'end of string'"],
    ['a==b,', "found '', expected: identifier after ','"],
    ['a>x', `unable to parse requirement: values[0]: Invalid value: "x": for 'Gt', 'Lt' operators, the value must be an integer`],
  ])('%j is refused', (text, message) => {
    expect(() => parseLabelSelector(text)).toThrow(message);
  });

  test.each([
    ['x in (a,)', 'x in (,a)'],
    ['x in (a,,)', 'x in (,a)'],
    ['x in (a,,,,b)', 'x in (,a,b)'],
    ['x notin (,)', 'x notin ()'],
  ])('%s holds the empty value once', (text, written) => {
    expect(formatSelector(parseLabelSelector(text))).toBe(written);
  });

  test('are written as they are read', () => {
    expect(formatSelector(parseLabelSelector('z in (b,a),!y,x,w!=1,v>2'))).toBe('v>2,w!=1,x,!y,z in (a,b)');
  });

  test('of objects: none matches nothing, empty everything', () => {
    expect(selectorFromLabelSelector(undefined).matches({})).toBe(false);
    expect(selectorFromLabelSelector({}).matches({})).toBe(true);
    const selector = selectorFromLabelSelector({ matchLabels: { app: 'web' }, matchExpressions: [{ key: 'x', operator: 'DoesNotExist' }] });
    expect([selector.matches(labels), selector.matches({ ...labels, x: '' })]).toEqual([true, false]);
  });
});

describe('field selectors', () => {
  test('hold requirements and undo escapes', () => {
    const selector = parseFieldSelector('metadata.name=a\\,b,status.phase!=Running,spec.x==');
    expect(selector.requirements).toEqual([
      { field: 'metadata.name', operator: '=', value: 'a,b' },
      { field: 'spec.x', operator: '=', value: '' },
      { field: 'status.phase', operator: '!=', value: 'Running' },
    ]);
    expect(selector.matches({ 'metadata.name': 'a,b', 'status.phase': 'Pending' })).toBe(true);
    expect(formatFieldSelector(selector)).toBe('metadata.name=a\\,b,spec.x=,status.phase!=Running');
  });

  test('that make no sense are refused', () => {
    expect(() => parseFieldSelector('metadata.name>1')).toThrow("invalid selector: 'metadata.name>1'; can't understand 'metadata.name>1'");
  });
});
