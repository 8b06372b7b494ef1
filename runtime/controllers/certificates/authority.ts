import type { Extension, GeneralNameType } from '@peculiar/x509';
import { pemBlocks } from '../../api/certificates/pem.ts';
import type { Clock } from '../../simulation/clock.ts';
import type { Random } from '../../simulation/random.ts';
import { type CertificateRequest, loadX509 } from './certificate-request.ts';
import { keyUsages } from './key-usages.ts';

/** An authority's certificate and private key (PKCS #8), both PEM. */
export interface AuthorityFiles {
  readonly certificate: string;
  readonly key: string;
}

const curve = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const minute = 60_000;
/** Certificates count from a little before they are made, for clocks differ. */
const backdate = 5 * minute;
/** Shorter ones get back at their end what they are dated back, in milliseconds. */
const short = 8 * 60 * minute;
/** How long a certificate is valid at most. Upstream: `--cluster-signing-duration`. */
const longest = 365 * 24 * 60 * minute;
const shortest = 10 * minute;

/** Attributes of a subject that a certificate takes over, in the order in which Go writes them. */
const subjectAttributes = [
  ['C', '2.5.4.6'],
  ['O', '2.5.4.10'],
  ['OU', '2.5.4.11'],
  ['L', '2.5.4.7'],
  ['ST', '2.5.4.8'],
  ['2.5.4.9', '2.5.4.9'],
  ['2.5.4.17', '2.5.4.17'],
] as const;

/**
 * Signs requests with the cluster's certificate authority, as they ask for and as long as they ask for, within limits.
 * Upstream: pkg/controller/certificates/authority, with its `PermissiveSigningPolicy`.
 */
export class SigningAuthority {
  private readonly files: AuthorityFiles;
  private readonly clock: Clock;
  private readonly random: Random;

  constructor(files: AuthorityFiles, clock: Clock, random: Random) {
    this.files = files;
    this.clock = clock;
    this.random = random;
  }

  /**
   * The certificate, PEM.
   *
   * @param expirationSeconds how long it is wanted to be valid; a year when left out, which is the most
   * @throws Error when the request's signature is wrong, or the authority itself has expired
   */
  async sign(request: CertificateRequest, usages: readonly string[], expirationSeconds: number | undefined): Promise<string> {
    const x509 = await loadX509();
    const authority = new x509.X509Certificate(this.files.certificate);
    const wanted = keyUsages(usages);
    if (!(await request.parsed.verify())) throw new Error('unable to verify certificate request signature: verification failure');
    const { notBefore, notAfter } = this.validity(expirationSeconds, authority.notAfter);
    const extensions: Extension[] = [];
    const flags = wanted.flags.reduce((all, flag) => all | x509.KeyUsageFlags[flag], 0);
    if (flags !== 0) extensions.push(new x509.KeyUsagesExtension(flags, true));
    if (wanted.purposes.length > 0) extensions.push(new x509.ExtendedKeyUsageExtension([...wanted.purposes]));
    extensions.push(new x509.BasicConstraintsExtension(false, undefined, true));
    extensions.push(await x509.AuthorityKeyIdentifierExtension.create(authority.publicKey));
    const names = alternativeNames(request);
    const subject = subjectOf(request);
    if (names.length > 0) extensions.push(new x509.SubjectAlternativeNameExtension(names, subject.length === 0));
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: this.serialNumber(),
      subject,
      issuer: authority.subjectName,
      notBefore,
      notAfter,
      signingAlgorithm: curve,
      publicKey: request.parsed.publicKey,
      signingKey: await this.signingKey(),
      extensions,
    });
    return `${certificate.toString('pem').trimEnd()}\n`;
  }

  private validity(expirationSeconds: number | undefined, end: Date): { readonly notBefore: Date; readonly notAfter: Date } {
    const now = this.clock.now();
    const duration = expirationSeconds === undefined ? longest : Math.min(longest, Math.max(shortest, expirationSeconds * 1000));
    const notAfter = now + duration - (duration < short ? 0 : backdate);
    if (now >= end.getTime()) throw new Error(`the signer has expired: NotAfter=${end.toISOString()}`);
    return { notBefore: new Date(now - backdate), notAfter: new Date(Math.min(notAfter, end.getTime())) };
  }

  private async signingKey(): Promise<CryptoKey> {
    const [block] = pemBlocks(this.files.key);
    if (block === undefined) throw new Error('error reading CA key file: it is no PEM');
    return crypto.subtle.importKey('pkcs8', new Uint8Array(block.bytes), curve, false, ['sign']);
  }

  private serialNumber(): string {
    const bytes = this.random.bytes(16);
    bytes[0] = (bytes[0] ?? 0) & 0x7f;
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  }
}

/** The subject as Go writes it: what it does not know is left out. */
function subjectOf({ parsed, commonName }: CertificateRequest): { [type: string]: string[] }[] {
  const several = subjectAttributes.flatMap(([type, id]) => {
    const values = parsed.subjectName.getField(id);
    return values.length > 0 ? [{ [type]: values }] : [];
  });
  const serial = parsed.subjectName.getField('2.5.4.5').at(-1);
  return [...several, ...(commonName === '' ? [] : [{ CN: [commonName] }]), ...(serial === undefined ? [] : [{ '2.5.4.5': [serial] }])];
}

function alternativeNames({ dnsNames, emailAddresses, ipAddresses, uris }: CertificateRequest): { type: GeneralNameType; value: string }[] {
  const named = (type: GeneralNameType, values: readonly string[]) => values.map((value) => ({ type, value }));
  return [...named('dns', dnsNames), ...named('email', emailAddresses), ...named('ip', ipAddresses), ...named('url', uris)];
}
