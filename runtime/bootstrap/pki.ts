import type { Clock } from '../simulation/clock.ts';
import type { Random } from '../simulation/random.ts';
import { CertificateAuthority, createSigningKeys, type KeyPair } from './certificates.ts';

/** The certificates and keys of a cluster, what `kubeadm init phase certs all` makes. */
export interface Pki {
  /** PEM of the authority. */
  readonly ca: string;
  /** The authority's key; without its file, which nothing else needs, no requests for certificates are signed. */
  readonly caKey?: string;
  readonly apiserver: KeyPair;
  /** Client certificate of `kubernetes-admin` in group `system:masters`. */
  readonly admin: KeyPair;
  /** Bearer token of the same user, for clients that cannot present a certificate. */
  readonly adminToken: string;
  /** Signs service-account tokens. */
  readonly serviceAccount: { readonly privateKey: string; readonly publicKey: string };
}

/** Where PEM files are kept. */
export interface PkiFiles {
  read(name: string): string | undefined;
  /** Makes a folder with these files: all of them or, whatever happens meanwhile, none. */
  writeFolder(name: string, files: ReadonlyMap<string, string>): void;
}

/** Some of the files are gone or empty. New ones would lock out everybody who holds the old. */
export class IncompletePkiError extends Error {
  override readonly name = 'IncompletePkiError';
  constructor(missing: readonly string[]) {
    super(`the certificates are incomplete: ${missing.map((name) => `pki/${name}`).join(', ')} missing`);
  }
}

const names = ['ca.crt', 'apiserver.crt', 'apiserver.key', 'admin.crt', 'admin.key', 'admin.token', 'sa.key', 'sa.pub'] as const;

/** Reads the cluster's certificates, or makes them at the first start. @throws IncompletePkiError */
export async function loadOrCreatePki(files: PkiFiles, clock: Clock, random: Random, serviceAddress: string): Promise<Pki> {
  const texts = names.map((name) => files.read(`pki/${name}`));
  if (texts.every((text) => text === undefined)) return createPki(files, clock, random, serviceAddress);
  const missing = names.filter((_, i) => (texts[i] ?? '').trim() === '');
  if (missing.length > 0) throw new IncompletePkiError(missing);
  const [ca = '', certificate = '', key = '', adminCertificate = '', adminKey = '', adminToken = '', privateKey = '', publicKey = ''] =
    texts;
  const caKey = files.read('pki/ca.key') ?? '';
  return {
    ca,
    ...(caKey.trim() !== '' && { caKey }),
    apiserver: { certificate, key },
    admin: { certificate: adminCertificate, key: adminKey },
    adminToken: adminToken.trim(),
    serviceAccount: { privateKey, publicKey },
  };
}

async function createPki(files: PkiFiles, clock: Clock, random: Random, serviceAddress: string): Promise<Pki> {
  const authority = await CertificateAuthority.create(clock, random);
  const [ca, apiserver, admin, serviceAccount] = await Promise.all([
    authority.keyPair(),
    authority.issueServer(
      { commonName: 'kube-apiserver' },
      ['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster.local'],
      ['127.0.0.1', '::1', serviceAddress],
    ),
    authority.issueClient({ commonName: 'kubernetes-admin', organizations: ['system:masters'] }),
    createSigningKeys(),
  ]);
  const adminToken = Array.from(random.bytes(32), (byte) => byte.toString(16).padStart(2, '0')).join('');
  files.writeFolder(
    'pki',
    new Map([
      ['ca.crt', ca.certificate],
      ['ca.key', ca.key],
      ['apiserver.crt', apiserver.certificate],
      ['apiserver.key', apiserver.key],
      ['admin.crt', admin.certificate],
      ['admin.key', admin.key],
      ['admin.token', `${adminToken}\n`],
      ['sa.key', serviceAccount.privateKey],
      ['sa.pub', serviceAccount.publicKey],
    ]),
  );
  return { ca: ca.certificate, caKey: ca.key, apiserver, admin, adminToken, serviceAccount };
}
