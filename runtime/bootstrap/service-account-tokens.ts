import { decodeJwt, errors, exportJWK, importPKCS8, importSPKI, type JWK, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { base64Bytes, toBase64 } from '../api/base64.ts';
import type { Clock } from '../simulation/clock.ts';
import type { Random } from '../simulation/random.ts';

/** Who issues the tokens of a cluster and, by default, who they are for. Upstream: `--service-account-issuer`. */
export const issuer = 'https://kubernetes.default.svc.cluster.local';

/** Who issues the tokens that secrets hold. Upstream: `LegacyIssuer`. */
const secretTokenIssuer = 'kubernetes/serviceaccount';
/** What the names of the claims of such tokens begin with. */
const secretTokenClaim = 'kubernetes.io/serviceaccount';

const algorithm = 'ES256';

/** How much clocks may differ, in seconds. Upstream: jwt.DefaultLeeway. */
const leeway = 60;

/** The object a token dies with. */
interface Bound {
  readonly name: string;
  readonly uid: string;
}

/** What a token is to say. */
export interface TokenSubject {
  readonly namespace: string;
  readonly serviceAccount: Bound;
  readonly audiences: readonly string[];
  /** Lifetime in seconds. */
  readonly expirationSeconds: number;
  readonly pod?: Bound;
  readonly secret?: Bound;
  /** Of a pod's node that is gone, the name alone is known. */
  readonly node?: { readonly name: string; readonly uid?: string };
  /** After how many seconds it counts as stale, though it is still good. */
  readonly warnAfterSeconds?: number;
}

/** What a token says that a secret holds: it lives as long as the secret does. */
export interface SecretTokenSubject {
  readonly namespace: string;
  readonly serviceAccount: Bound;
  /** The name of the secret. */
  readonly secret: string;
}

/** Who a valid token is of. Upstream: `serviceaccount.UserInfo`. */
export interface TokenUser {
  readonly name: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

type PrivateClaims = Pick<TokenSubject, 'namespace' | 'pod' | 'secret' | 'node'> & {
  readonly serviceaccount: Bound;
  /** Seconds since the epoch. */
  readonly warnafter?: number;
};

/** What a token of this cluster says. */
export interface VerifiedToken {
  readonly user: TokenUser;
  /** Those that it was asked for and is for. */
  readonly audiences: readonly string[];
  /** Set for a token that counts only while a secret holds it. */
  readonly heldBy?: SecretTokenSubject;
  /** What must exist for any other to count. */
  readonly objects?: Omit<TokenSubject, 'audiences' | 'expirationSeconds' | 'warnAfterSeconds'>;
  /** Tells the audit log that it should have been renewed. */
  readonly stale?: string;
}

/** Signs and checks the JWTs of service accounts. Upstream: pkg/serviceaccount. */
export class ServiceAccountTokens {
  /** Who tokens are for when nobody says it: the API server. */
  readonly audiences = [issuer];
  readonly issuer = issuer;
  readonly #keys: { readonly privateKey: string; readonly publicKey: string };
  readonly #clock: Clock;
  readonly #random: Random;
  #signing: Promise<CryptoKey> | undefined;
  #verifying: Promise<CryptoKey> | undefined;
  #keyId: Promise<string> | undefined;

  /** @param keys PEM, PKCS #8 and SPKI */
  constructor(keys: { readonly privateKey: string; readonly publicKey: string }, clock: Clock, random: Random) {
    this.#keys = keys;
    this.#clock = clock;
    this.#random = random;
  }

  async sign(subject: TokenSubject): Promise<{ readonly token: string; readonly expires: number; readonly credentialId: string }> {
    this.#signing ??= importPKCS8(this.#keys.privateKey, algorithm);
    const now = Math.floor(this.#clock.now() / 1000);
    const expires = now + subject.expirationSeconds;
    const { namespace, serviceAccount, pod, secret, node, warnAfterSeconds } = subject;
    const own: PrivateClaims = {
      namespace,
      serviceaccount: serviceAccount,
      ...(pod && { pod }),
      ...(secret && { secret }),
      ...(node && { node }),
      ...(warnAfterSeconds !== undefined && { warnafter: now + warnAfterSeconds }),
    };
    const id = this.#random.uuid();
    const token = await new SignJWT({ 'kubernetes.io': own })
      .setProtectedHeader({ alg: algorithm, kid: await this.#id() })
      .setIssuer(issuer)
      .setSubject(accountName(namespace, serviceAccount.name))
      .setAudience([...subject.audiences])
      .setIssuedAt(now)
      .setNotBefore(now)
      .setExpirationTime(expires)
      .setJti(id)
      .sign(await this.#signing);
    return { token, expires: expires * 1000, credentialId: `JTI=${id}` };
  }

  /** A token for a secret to hold. It does not expire. Upstream: `LegacyClaims` of pkg/serviceaccount/legacy.go. */
  async signForSecret({ namespace, serviceAccount, secret }: SecretTokenSubject): Promise<string> {
    this.#signing ??= importPKCS8(this.#keys.privateKey, algorithm);
    const claims = {
      [`${secretTokenClaim}/namespace`]: namespace,
      [`${secretTokenClaim}/secret.name`]: secret,
      [`${secretTokenClaim}/service-account.name`]: serviceAccount.name,
      [`${secretTokenClaim}/service-account.uid`]: serviceAccount.uid,
    };
    return new SignJWT(claims)
      .setProtectedHeader({ alg: algorithm, kid: await this.#id() })
      .setIssuer(secretTokenIssuer)
      .setSubject(accountName(namespace, serviceAccount.name))
      .sign(await this.#signing);
  }

  /** The one key that tokens are checked with. */
  async publicKeys(): Promise<readonly JWK[]> {
    const key = await importSPKI(this.#keys.publicKey, algorithm, { extractable: true });
    return [{ use: 'sig', ...(await exportJWK(key)), kid: await this.#id(), alg: algorithm }];
  }

  /** Names the key by the hash of its public part, as upstream's `keyIDFromPublicKey`. */
  async #id(): Promise<string> {
    this.#keyId ??= crypto.subtle.digest('SHA-256', der(this.#keys.publicKey)).then(base64Url);
    return this.#keyId;
  }

  /**
   * What a token of this cluster says, when it has not expired and is for one of the audiences (the API server itself, when none are named);
   * why it does not count, in upstream's words; undefined for tokens of others.
   */
  async verify(token: string, audiences: readonly string[]): Promise<VerifiedToken | { readonly problem: string } | undefined> {
    const issuedBy = issuerOf(token);
    const accepted = audiences.length > 0 ? audiences : [issuer];
    if (issuedBy === secretTokenIssuer) return this.#verifyForSecret(token, accepted);
    if (issuedBy !== issuer) return undefined;
    this.#verifying ??= importSPKI(this.#keys.publicKey, algorithm);
    const now = this.#clock.now();
    try {
      const { payload } = await jwtVerify(token, await this.#verifying, {
        issuer,
        audience: [...accepted],
        algorithms: [algorithm],
        clockTolerance: leeway,
        currentDate: new Date(now),
      });
      const claimed = [payload.aud ?? []].flat();
      const own = payload['kubernetes.io'] as PrivateClaims;
      const { serviceaccount, warnafter, ...bound } = own;
      const late = warnafter === undefined ? 0 : Math.floor(now / 1000) - warnafter;
      return {
        user: userOf(own, payload.jti ?? ''),
        objects: { ...bound, serviceAccount: serviceaccount },
        audiences: accepted.filter((a) => claimed.includes(a)),
        ...(late > 0 && { stale: `subject: ${payload.sub ?? ''}, seconds after warning threshold: ${late}` }),
      };
    } catch (error) {
      return { problem: problemOf(error, accepted) };
    }
  }

  async #verifyForSecret(token: string, accepted: readonly string[]): Promise<VerifiedToken | { readonly problem: string }> {
    this.#verifying ??= importSPKI(this.#keys.publicKey, algorithm);
    let payload: JWTPayload;
    try {
      ({ payload } = await jwtVerify(token, await this.#verifying, { algorithms: [algorithm], currentDate: new Date(this.#clock.now()) }));
    } catch (error) {
      return { problem: problemOf(error, accepted) };
    }
    // It names no audience, and so is for the API server.
    const audiences = accepted.filter((audience) => audience === issuer);
    if (audiences.length === 0) return { problem: notFor([issuer], accepted) };
    const heldBy = secretTokenSubject(payload);
    return typeof heldBy === 'string'
      ? { problem: heldBy }
      : { user: accountUser(heldBy.namespace, heldBy.serviceAccount), audiences, heldBy };
  }
}

/** Who says to have issued a token. */
function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

/** What the claims of a secret's token say, or what is wrong with them. */
function secretTokenSubject(payload: JWTPayload): SecretTokenSubject | string {
  const claim = (name: string): string => {
    const value = payload[`${secretTokenClaim}/${name}`];
    return typeof value === 'string' ? value : '';
  };
  const [namespace, secret, name, uid] = [
    claim('namespace'),
    claim('secret.name'),
    claim('service-account.name'),
    claim('service-account.uid'),
  ];
  const needed = { sub: payload.sub ?? '', namespace, secretName: secret, serviceAccountName: name, serviceAccountUID: uid };
  const missing = Object.entries(needed).find(([, value]) => value === '');
  if (missing !== undefined) return `${missing[0]} claim is missing`;
  return payload.sub === accountName(namespace, name) ? { namespace, secret, serviceAccount: { name, uid } } : 'sub claim is invalid';
}

function accountName(namespace: string, name: string): string {
  return `system:serviceaccount:${namespace}:${name}`;
}

function problemOf(error: unknown, accepted: readonly string[]): string {
  if (error instanceof errors.JWTExpired) return 'service account token has expired';
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'nbf') return 'service account token is not valid yet';
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'aud') {
    return notFor([error.payload.aud ?? []].flat(), accepted);
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    return 'service account token claims could not be validated due to unexpected validation error';
  }
  return 'go-jose/go-jose: error in cryptographic primitive';
}

function notFor(audiences: readonly string[], accepted: readonly string[]): string {
  return `token audiences ${quoted(audiences)} is invalid for the target audiences ${quoted(accepted)}`;
}

function quoted(texts: readonly string[]): string {
  return `[${texts.map((text) => JSON.stringify(text)).join(' ')}]`;
}

function der(pem: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(base64Bytes(pem.replace(/-----[^-]+-----|\s/g, '')));
}

function base64Url(bytes: ArrayBuffer): string {
  return toBase64(new Uint8Array(bytes)).replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_');
}

function userOf({ namespace, serviceaccount, pod, node }: PrivateClaims, id: string): TokenUser {
  const fact = (name: string, value: string | undefined) =>
    value === undefined ? {} : { [`authentication.kubernetes.io/${name}`]: [value] };
  return {
    ...accountUser(namespace, serviceaccount),
    extra: {
      ...fact('credential-id', `JTI=${id}`),
      ...fact('pod-name', pod?.name),
      ...fact('pod-uid', pod?.uid),
      ...fact('node-name', node?.name),
      ...fact('node-uid', node?.uid),
    },
  };
}

function accountUser(namespace: string, { name, uid }: Bound): TokenUser {
  return { name: accountName(namespace, name), uid, groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`] };
}
