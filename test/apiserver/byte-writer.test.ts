import { expect, test } from 'vitest';
import { ByteWriter } from '../../runtime/apiserver/registry/byte-writer.ts';
import { utf8 } from '../../runtime/apiserver/registry/stored-form.ts';

test.each([0, 4, 1000])('writes bytes and numbers one after another, however much room there was: %i', (capacity) => {
  const writer = new ByteWriter(capacity);
  writer.write(utf8('revisions:'));
  for (const number of [0, 9, 10, 12_345, Number.MAX_SAFE_INTEGER]) {
    writer.write(utf8(' '));
    writer.writeNumber(number);
  }
  expect(new TextDecoder().decode(writer.finish())).toBe(`revisions: 0 9 10 12345 ${Number.MAX_SAFE_INTEGER}`);
});
