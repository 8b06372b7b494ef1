import type { HttpRequest } from '../../api/http.ts';
import { unauthorized } from '../../api/status.ts';
import type { Clock } from '../../simulation/clock.ts';
import type { ObjectReader } from '../registry/object-reader.ts';
import type { ObjectWriter } from '../registry/object-writer.ts';
import { headerToken, misplacedTokenWarning, socketToken } from './bearer-tokens.ts';
import { bootstrapTokenUser } from './bootstrap-tokens.ts';
import type { Peer } from './peer.ts';
import { requestHeaderUser } from './request-header.ts';
import { type Notes, type TokenHolder, useSecretToken } from './secret-tokens.ts';
import { type TokenObjects, tokenObjectsProblem } from './token-objects.ts';
import type { User } from './user.ts';

/** A token that is always valid. */
export interface StaticToken {
  readonly token: string;
  readonly user: User;
}

/** A token that counts. */
export interface KnownToken {
  readonly user: User;
  /** Those that it was asked for and is for. */
  readonly audiences: readonly string[];
  /** Tells the audit log that the token should have been renewed. */
  readonly stale?: string;
}

/** Knows the tokens of service accounts. */
export interface TokenVerifier {
  /**
   * Who the token is of, for which of the audiences (the API server's, when none are asked for), and what must exist or what secret must
   * hold it for it to count; why it does not; `undefined` when it is of somebody else.
   */
  verify(
    token: string,
    audiences: readonly string[],
  ): Promise<(KnownToken & { readonly objects?: TokenObjects; readonly heldBy?: TokenHolder }) | { readonly problem: string } | undefined>;
}

/** Says who makes a request. */
export interface Authenticator {
  /** Throws 401 for credentials that are not valid. Without credentials: `system:anonymous`. */
  authenticate(request: HttpRequest, peer: Peer, notes?: Notes): Promise<User>;
  /** Who a token is of, or why it does not count. */
  reviewToken(token: string, audiences: readonly string[], notes?: Notes): Promise<KnownToken | { readonly problem: string }>;
}

const invalidToken = 'invalid bearer token';
const anonymous: User = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

export interface AuthenticatorOptions {
  readonly tokens: readonly StaticToken[];
  readonly verifier: TokenVerifier | undefined;
  /** Who tokens are for that do not say it. */
  readonly audiences: readonly string[];
  readonly reader: ObjectReader;
  readonly writer: ObjectWriter;
  readonly clock: Clock;
}

/** Authenticates components of this process, front proxies, client certificates, static tokens, service accounts' tokens and bootstrap tokens, in this order. */
export function createAuthenticator({ tokens, verifier, audiences: own, reader, writer, clock }: AuthenticatorOptions): Authenticator {
  const byToken = new Map(tokens.map(({ token, user }) => [token, authenticated(user)]));
  const reviewToken: Authenticator['reviewToken'] = async (token, audiences, notes = {}) => {
    const user = byToken.get(token) ?? bootstrapTokenUser(token, reader, clock);
    if (user !== undefined) {
      const accepted = audiences.length === 0 ? own : audiences.filter((audience) => own.length === 0 || own.includes(audience));
      const isForOthers = audiences.length > 0 && accepted.length === 0;
      return isForOthers ? { problem: invalidToken } : { user: authenticated(user), audiences: accepted };
    }
    const verified = await verifier?.verify(token, audiences);
    if (verified === undefined) return { problem: invalidToken };
    const refused = (problem: string) => ({ problem: `[${invalidToken}, ${problem}]` });
    if ('problem' in verified) return refused(verified.problem);
    const { objects, heldBy, ...known } = verified;
    const problem =
      (objects && tokenObjectsProblem(objects, reader, clock)) ??
      (heldBy && (await useSecretToken(token, heldBy, { reader, writer, clock }, notes)));
    return problem === undefined ? { ...known, user: authenticated(verified.user) } : refused(problem);
  };
  return {
    reviewToken,
    async authenticate(request, peer, notes) {
      if (peer.component !== undefined) return authenticated(peer.component);
      const named = requestHeaderUser(request.headers, peer);
      if (named !== undefined) return authenticated(named);
      const { certificate } = peer;
      const isMisnamed = certificate !== undefined && !hasProperUid(certificate);
      if (certificate !== undefined && !isMisnamed) return authenticated(certificateUser(certificate));
      const { token, isMisplaced = false } = headerToken(request.headers);
      if (isMisplaced) notes?.warn?.(misplacedTokenWarning);
      // A front proxy that names nobody has a certificate that clients are not known by.
      let isUnknown = isMisnamed || peer.hasUntrustedCertificate === true || peer.frontProxy !== undefined;
      for (const each of [token, socketToken(request.headers)]) {
        if (each === undefined) continue;
        const reviewed = each === null ? { problem: invalidToken } : await reviewToken(each, [], notes);
        if ('problem' in reviewed) {
          isUnknown = true;
          continue;
        }
        if (reviewed.stale !== undefined) notes?.annotate?.('authentication.k8s.io/stale-token', reviewed.stale);
        return reviewed.user;
      }
      if (isUnknown) throw unauthorized();
      return anonymous;
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

function authenticated(user: User): User {
  return user.groups.includes('system:authenticated') ? user : { ...user, groups: [...user.groups, 'system:authenticated'] };
}
