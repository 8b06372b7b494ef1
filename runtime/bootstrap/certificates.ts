import type { Clock } from '../simulation/clock.ts';
import type { Random } from '../simulation/random.ts';

/** A certificate and its private key, both PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

interface Subject {
  readonly commonName: string;
  readonly organizations?: readonly string[];
}

const day = 24 * 60 * 60 * 1000;
const curve = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const encoder = new TextEncoder();

/** Makes a certificate authority and everything it signs. ECDSA P-256 keeps the first start short; RSA keys would cost seconds. */
export class CertificateAuthority {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #x509: typeof import('@peculiar/x509');
  readonly #keys: CryptoKeyPair;
  readonly #certificate: import('@peculiar/x509').X509Certificate;

  private constructor(
    clock: Clock,
    random: Random,
    x509: typeof import('@peculiar/x509'),
    keys: CryptoKeyPair,
    certificate: import('@peculiar/x509').X509Certificate,
  ) {
    this.#clock = clock;
    this.#random = random;
    this.#x509 = x509;
    this.#keys = keys;
    this.#certificate = certificate;
  }

  /** A new authority, `CN=kubernetes` when no name is given, valid for ten years as kubeadm's. */
  static async create(clock: Clock, random: Random, commonName = 'kubernetes'): Promise<CertificateAuthority> {
    // Loaded only when certificates are made: a cluster that starts again reads its own from disk.
    // Its dependency container wants the polyfill to be there first.
    await import('reflect-metadata');
    const x509 = await import('@peculiar/x509');
    const keys = await crypto.subtle.generateKey(curve, true, ['sign', 'verify']);
    const now = clock.now();
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: serialNumber(random),
      name: `CN=${commonName}`,
      notBefore: new Date(now - day),
      notAfter: new Date(now + 3650 * day),
      signingAlgorithm: curve,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(
          x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment,
          true,
        ),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    return new CertificateAuthority(clock, random, x509, keys, certificate);
  }

  /** The authority's own certificate and key. */
  async keyPair(): Promise<KeyPair> {
    return { certificate: pem(this.#certificate.toString('pem')), key: await privateKeyPem(this.#keys.privateKey) };
  }

  /** A serving certificate for these DNS names and IP addresses, valid for ten years: nobody renews it. */
  issueServer(subject: Subject, dnsNames: readonly string[], addresses: readonly string[]): Promise<KeyPair> {
    const x509 = this.#x509;
    return this.#issue(subject, x509.ExtendedKeyUsage.serverAuth, [
      new x509.SubjectAlternativeNameExtension([
        ...dnsNames.map((value) => ({ type: 'dns' as const, value })),
        ...addresses.map((value) => ({ type: 'ip' as const, value })),
      ]),
    ]);
  }

  /** A client certificate: the common name is the user, organizations are its groups. */
  issueClient(subject: Subject): Promise<KeyPair> {
    return this.#issue(subject, this.#x509.ExtendedKeyUsage.clientAuth, []);
  }

  async #issue(subject: Subject, usage: string, extensions: import('@peculiar/x509').Extension[]): Promise<KeyPair> {
    const x509 = this.#x509;
    const keys = await crypto.subtle.generateKey(curve, true, ['sign', 'verify']);
    const now = this.#clock.now();
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: serialNumber(this.#random),
      subject: [...(subject.organizations ?? []).map((o) => ({ O: [o] })), { CN: [subject.commonName] }],
      issuer: this.#certificate.subject,
      notBefore: new Date(now - day),
      notAfter: new Date(now + 3650 * day),
      signingAlgorithm: curve,
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment, true),
        new x509.ExtendedKeyUsageExtension([usage]),
        await x509.AuthorityKeyIdentifierExtension.create(this.#keys.publicKey),
        ...extensions,
      ],
    });
    return { certificate: pem(certificate.toString('pem')), key: await privateKeyPem(keys.privateKey) };
  }
}

/** A key pair for signing service-account tokens (ES256), PEM. */
export async function createSigningKeys(): Promise<{ privateKey: string; publicKey: string }> {
  const keys = await crypto.subtle.generateKey(curve, true, ['sign', 'verify']);
  return {
    privateKey: await privateKeyPem(keys.privateKey),
    publicKey: wrap('PUBLIC KEY', new Uint8Array(await crypto.subtle.exportKey('spki', keys.publicKey))),
  };
}

/** Base64 of PEM text, as kubeconfig files carry it. */
export function base64(text: string): string {
  return btoa(String.fromCharCode(...encoder.encode(text)));
}

function serialNumber(random: Random): string {
  const bytes = random.bytes(16);
  bytes[0] = (bytes[0] ?? 0) & 0x7f;
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
}

async function privateKeyPem(key: CryptoKey): Promise<string> {
  return wrap('PRIVATE KEY', new Uint8Array(await crypto.subtle.exportKey('pkcs8', key)));
}

function wrap(label: string, bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes)).replace(/.{64}/g, '$&\n');
  return pem(`-----BEGIN ${label}-----\n${text.trimEnd()}\n-----END ${label}-----`);
}

const pem = (text: string): string => `${text.trimEnd()}\n`;
