import { base64Bytes } from '../base64.ts';
import { type DerElement, DerError, derBitString, derElements, derInteger, derParts, derSequence, isObjectId } from './der.ts';
import { pemBlocks } from './pem.ts';

/** What is looked into of a certificate. */
export interface Certificate {
  /** Whether it may sign others. */
  readonly isAuthority: boolean;
}

const versionTag = 0xa0;
const extensionsTag = 0xa3;
const octetString = 0x04;
const boolean = 0x01;
/** 2.5.29.19 */
const basicConstraints = [0x55, 0x1d, 0x13];

function onlyElement(der: Uint8Array): DerElement | undefined {
  const [outer, ...trailing] = derElements(der);
  if (trailing.length > 0) throw new DerError('asn1: syntax error: trailing data');
  return outer;
}

/** Why a text is no PEM block of a request for a certificate, in Go's words; nothing when it is. The request's signature is not looked at. */
export function certificateRequestProblem(text: string): string | undefined {
  const [block] = pemBlocks(text);
  if (block?.type !== 'CERTIFICATE REQUEST') return 'PEM block type must be CERTIFICATE REQUEST';
  try {
    const [info] = derParts(onlyElement(block.bytes), derSequence, derSequence, derBitString);
    derParts(info, derInteger, derSequence, derSequence);
    return undefined;
  } catch (error) {
    if (error instanceof DerError) return error.message;
    throw error;
  }
}

/** Reads the form of a certificate; nothing when it has not that form. */
export function readCertificate(der: Uint8Array): Certificate | undefined {
  try {
    const [body] = derParts(onlyElement(der), derSequence, derSequence, derBitString);
    const parts = derParts(body);
    const fields = parts[0]?.tag === versionTag ? parts.slice(1) : parts;
    const form = [derInteger, derSequence, derSequence, derSequence, derSequence, derSequence];
    if (form.some((tag, index) => fields[index]?.tag !== tag)) return undefined;
    const list = fields.find(({ tag }) => tag === extensionsTag);
    const extensions = list === undefined ? [] : derParts(derElements(list.content)[0]).map((extension) => derParts(extension));
    return { isAuthority: extensions.some((extension) => isObjectId(extension[0], basicConstraints) && saysAuthority(extension)) };
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}

/** Why bytes are no bundle of certificate authorities, in the words of client-go; nothing when one of them can be read. */
export function authorityBundleProblem(base64: string): string | undefined {
  const blocks = pemBlocks(new TextDecoder().decode(base64Bytes(base64)));
  const certificates = blocks.filter(({ type, hasHeaders }) => type === 'CERTIFICATE' && !hasHeaders);
  if (certificates.some(({ bytes }) => readCertificate(bytes) !== undefined)) return undefined;
  const reason =
    certificates.length > 0 ? 'failed to parse certificate: x509: malformed certificate' : 'unable to parse bytes as PEM block';
  return `unable to load root certificates: ${reason}`;
}

function saysAuthority(extension: readonly DerElement[]): boolean {
  const value = extension.find(({ tag }) => tag === octetString);
  const [first] = value === undefined ? [] : derParts(derElements(value.content)[0]);
  return first?.tag === boolean && first.content[0] !== 0;
}
