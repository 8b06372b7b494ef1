import { describe, expect, it, vi } from 'vitest';
import { recordOfLines, recordOnDemand } from '../../runtime/api/kinds/on-demand.ts';

describe('a record that is made on demand', () => {
  it('makes a value when it is asked for, and once', () => {
    const make = vi.fn((name: string) => ({ name }));
    const record = recordOnDemand(['one', 'two'], make);
    expect(make).not.toHaveBeenCalled();
    const { one } = record;
    expect(one).toEqual({ name: 'one' });
    expect(record.one).toBe(one);
    expect(make.mock.calls).toEqual([['one']]);
  });

  it('looks like any other', () => {
    const record = recordOnDemand(['one', 'two', 'one'], (name) => name.length);
    expect(Object.entries(record)).toEqual([
      ['one', 3],
      ['two', 3],
    ]);
    expect({ ...record, three: 5 }).toEqual({ one: 3, two: 3, three: 5 });
    expect('two' in record).toBe(true);
    expect(Object.hasOwn(record, 'two')).toBe(true);
  });

  it('has nothing else', () => {
    const record = recordOnDemand(['one'], (name) => name);
    for (const name of ['two', 'toString', 'constructor', '__proto__']) {
      expect(record[name], name).toBe(undefined);
      expect(name in record, name).toBe(false);
    }
    expect(Object.hasOwn(record, 'toString')).toBe(false);
  });
});

it('reads a record that is written in lines', () => {
  const record = recordOfLines('one\n{"a":"x\\ny"}\ntwo\n[]');
  expect(Object.keys(record)).toEqual(['one', 'two']);
  expect(record.one).toEqual({ a: 'x\ny' });
  expect(record.two).toEqual([]);
  expect(Object.keys(recordOfLines(''))).toEqual([]);
});
