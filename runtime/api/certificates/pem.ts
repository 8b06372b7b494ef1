import { base64Bytes, base64Problem } from '../base64.ts';

/** One block of a PEM text. */
export interface PemBlock {
  /** `CERTIFICATE` */
  readonly type: string;
  readonly hasHeaders: boolean;
  readonly bytes: Uint8Array;
}

const block = /^-----BEGIN ([^\n]*?)-----[ \t\r]*\n([\s\S]*?)^-----END \1-----[ \t\r]*$/gm;
const header = /^([^:\n]*):[^\n]*\n/;

/** The blocks of a text, in order. What is no block is passed over, as Go's decoder does. */
export function pemBlocks(text: string): PemBlock[] {
  const blocks: PemBlock[] = [];
  for (const [, type = '', content = ''] of text.matchAll(block)) {
    let body = content;
    let hasHeaders = false;
    for (let match = header.exec(body); match !== null; match = header.exec(body)) {
      hasHeaders = true;
      body = body.slice(match[0].length);
    }
    const encoded = body.replace(/\s/g, '');
    if (base64Problem(encoded) === undefined) blocks.push({ type, hasHeaders, bytes: base64Bytes(encoded) });
  }
  return blocks;
}
