import type { ParserError } from './refusals.ts';

/** What ends the length of a chunk, or stands in its place. */
const lengthEnd = /[\r\n;]/;

/**
 * What Go's HTTP server says of a body that cannot be read to its end, where the parser stopped in one: `net/http/internal/chunked.go`. Undefined for
 * what is at fault before a body or instead of one.
 */
export function bodyFault({ code = '', reason = '', rawPacket, bytesParsed = 0 }: ParserError): string | undefined {
  if (!code.startsWith('HPE_') || code === 'HPE_INVALID_TRANSFER_ENCODING' || code === 'HPE_INVALID_EOF_STATE') return undefined;
  if (code !== 'HPE_INVALID_CHUNK_SIZE') return 'malformed chunked encoding';
  if (reason.includes('overflow')) return 'http chunk length too large';
  const faulty = String.fromCharCode(rawPacket?.[bytesParsed] ?? 0);
  return lengthEnd.test(faulty) ? 'empty hex number for chunk length' : 'invalid byte in chunk length';
}
