import { expect, it } from 'vitest';
import { faultyPart } from '../../runtime/host/node/https/refusals.ts';

const faulty = (before: string, read: string, unread: string) =>
  faultyPart(
    Object.assign(new Error('Parse Error'), { rawPacket: Buffer.from(before + read + unread), bytesParsed: (before + read).length }),
  );

it.each([
  ['', 'F', 'OO /version HTTP/1.1'],
  ['GET /readyz HTTP/1.1\r\nhost: a\r\n\r\n', 'FO', 'O /version HTTP/1.1'],
  ['POST /x HTTP/1.1\r\ncontent-length: 2\r\n\r\n{}', 'FO', 'O /version HTTP/1.1'],
  ['GET /readyz HTTP/1.1\r\nhost: a\r\n\r\n', 'GET /version HTTP/1.', '2\r\n'],
  ['GET /readyz HTTP/1.1\r\nhost: a\r\n\r\n', '', '\u0001'],
])('behind %j takes %j%j for the faulty message', (before, read, unread) => {
  expect(faulty(before, read, unread)).toBe(read + unread);
});

it.each(['a', '1', 'a /', '/HTTP/1.', ' HTTP/1.1'])('looks at every %j of a large message once', (often) => {
  const before = `GET /readyz HTTP/1.1\r\nx-large: ${often.repeat(1_000_000)}\r\n\r\n`;
  expect(faulty(before, 'F', '(')).toBe('F(');
});
