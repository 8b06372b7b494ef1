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
  /** How the API server shows itself to the servers that it passes requests on to. */
  readonly frontProxy: FrontProxyPki;
  /** Signs service-account tokens. */
  readonly serviceAccount: { readonly privateKey: string; readonly publicKey: string };
}

/** The authority of front proxies is another than that of clients: who holds its certificates may say who others are. */
export interface FrontProxyPki {
  /** PEM of the authority. */
  readonly ca: string;
  /** Client certificate `CN=front-proxy-client`. */
  readonly client: KeyPair;
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

const frontProxyFolder = 'pki/front-proxy';
const frontProxyNames = ['ca.crt', 'client.crt', 'client.key'] as const;
const names = ['ca.crt', 'apiserver.crt', 'apiserver.key', 'admin.crt', 'admin.key', 'admin.token', 'sa.key', 'sa.pub'] as const;

/** Reads the cluster's certificates, or makes them at the first start. @throws IncompletePkiError */
export async function loadOrCreatePki(files: PkiFiles, clock: Clock, random: Random, serviceAddress: string): Promise<Pki> {
  const texts = names.map((name) => files.read(`pki/${name}`));
  if (texts.every((text) => text === undefined)) {
    const made = await createPki(files, clock, random, serviceAddress);
    return { ...made, frontProxy: await loadOrCreateFrontProxy(files, clock, random) };
  }
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
    frontProxy: await loadOrCreateFrontProxy(files, clock, random),
    serviceAccount: { privateKey, publicKey },
  };
}

/** A folder of its own: clusters of earlier versions have all the others already. */
async function loadOrCreateFrontProxy(files: PkiFiles, clock: Clock, random: Random): Promise<FrontProxyPki> {
  const texts = frontProxyNames.map((name) => files.read(`${frontProxyFolder}/${name}`));
  if (texts.every((text) => text === undefined)) return createFrontProxy(files, clock, random);
  const missing = frontProxyNames.filter((_, i) => (texts[i] ?? '').trim() === '');
  if (missing.length > 0) throw new IncompletePkiError(missing.map((name) => `front-proxy/${name}`));
  const [ca = '', certificate = '', key = ''] = texts;
  return { ca, client: { certificate, key } };
}

async function createFrontProxy(files: PkiFiles, clock: Clock, random: Random): Promise<FrontProxyPki> {
  const authority = await CertificateAuthority.create(clock, random, 'front-proxy-ca');
  const [ca, client] = await Promise.all([authority.keyPair(), authority.issueClient({ commonName: 'front-proxy-client' })]);
  files.writeFolder(
    frontProxyFolder,
    new Map([
      ['ca.crt', ca.certificate],
      ['ca.key', ca.key],
      ['client.crt', client.certificate],
      ['client.key', client.key],
    ]),
  );
  return { ca: ca.certificate, client };
}

async function createPki(files: PkiFiles, clock: Clock, random: Random, serviceAddress: string): Promise<Omit<Pki, 'frontProxy'>> {
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
