import { unauthorized } from '../../api/status.ts';
import type { Clock } from '../../simulation/clock.ts';
import type { ObjectReader } from '../registry/object-reader.ts';
import type { Peer, User } from '../server.ts';
import { bootstrapTokenUser } from './bootstrap-tokens.ts';
import { type TokenObjects, tokenObjectsExist } from './token-objects.ts';

/** A token that is always valid. */
export interface StaticToken {
  readonly token: string;
  readonly user: User;
}

/** Knows the tokens of service accounts. */
export interface TokenVerifier {
  /**
   * Who the token is of, for which of the audiences (all it is made for, when none are asked for), and what must exist for it to count;
   * `undefined` when it is not valid.
   */
  verify(
    token: string,
    audiences: readonly string[],
  ): Promise<{ readonly user: User; readonly audiences: readonly string[]; readonly objects?: TokenObjects } | undefined>;
}

/** Says who makes a request. */
export interface Authenticator {
  /** Throws 401 for credentials that are not valid. Without credentials: `system:anonymous`. */
  authenticate(request: Request, peer: Peer): Promise<User>;
  /** Who a token is of; `undefined` when it is not valid. */
  reviewToken(
    token: string,
    audiences: readonly string[],
  ): Promise<{ readonly user: User; readonly audiences: readonly string[] } | undefined>;
}

const anonymous: User = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

export interface AuthenticatorOptions {
  readonly tokens: readonly StaticToken[];
  readonly verifier: TokenVerifier | undefined;
  readonly reader: ObjectReader;
  readonly clock: Clock;
}

/** Authenticates components of this process, client certificates, static tokens, service accounts' tokens and bootstrap tokens, in this order. */
export function createAuthenticator({ tokens, verifier, reader, clock }: AuthenticatorOptions): Authenticator {
  const byToken = new Map(tokens.map(({ token, user }) => [token, authenticated(user)]));
  const reviewToken: Authenticator['reviewToken'] = async (token, audiences) => {
    const user = byToken.get(token) ?? bootstrapTokenUser(token, reader, clock);
    if (user !== undefined) return { user: authenticated(user), audiences };
    const verified = await verifier?.verify(token, audiences);
    if (verified === undefined) return undefined;
    if (verified.objects !== undefined && !tokenObjectsExist(verified.objects, reader, clock)) return undefined;
    return { user: authenticated(verified.user), audiences: verified.audiences };
  };
  return {
    reviewToken,
    async authenticate(request, peer) {
      if (peer.component !== undefined) return authenticated(peer.component);
      const { certificate } = peer;
      const isMisnamed = certificate !== undefined && !hasProperUid(certificate);
      if (certificate !== undefined && !isMisnamed) return authenticated(certificateUser(certificate));
      const token = bearerToken(request.headers.get('authorization'));
      if (token === undefined && (isMisnamed || peer.hasUntrustedCertificate === true)) throw unauthorized();
      if (token === undefined) return anonymous;
      const reviewed = await reviewToken(token, []);
      if (reviewed === undefined) throw unauthorized();
      return reviewed.user;
    },
  };
}

type ClientCertificate = NonNullable<Peer['certificate']>;

/** A certificate may name one uid, and not an empty one. Upstream: `parseUIDFromCert`. */
function hasProperUid({ uids = [] }: ClientCertificate): boolean {
  return uids.length === 0 || (uids.length === 1 && uids[0] !== '');
}

function certificateUser({ commonName: name, organizations: groups, uids: [uid] = [], sha256 }: ClientCertificate): User {
  // Names the credential in audit logs and reviews.
  const extra = { 'authentication.kubernetes.io/credential-id': [`X509SHA256=${sha256}`] };
  return { name, groups, ...(uid !== undefined && { uid }), ...(sha256 !== undefined && { extra }) };
}

function bearerToken(header: string | null): string | undefined {
  const match = /^bearer +(\S+)\s*$/i.exec(header ?? '');
  return match?.[1];
}

function authenticated(user: User): User {
  return user.groups.includes('system:authenticated') ? user : { ...user, groups: [...user.groups, 'system:authenticated'] };
}
