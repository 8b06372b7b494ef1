import type { HttpResponse } from '../../api/http.ts';
import type { TokenIssuer } from '../endpoints/subresources/token.ts';
import { utf8 } from '../registry/stored-form.ts';

const keysPath = '/openid/v1/jwks';
const configurationPath = '/.well-known/openid-configuration';

/** Where the issuer is told of. */
export const issuerPaths = [configurationPath, keysPath] as const;

/** Whether there is an issuer to tell of. */
export function isIssuerTold(tokens: TokenIssuer | undefined): boolean {
  return tokens?.publicKeys !== undefined && tokens.issuer !== undefined;
}

/** Whether the path is one where the issuer is told of. */
export function isIssuerPath(path: string): boolean {
  return path === keysPath || path === configurationPath;
}

/** The media type that is written there. */
export function issuerTypes(path: string): readonly string[] {
  return [path === keysPath ? 'application/jwk-set+json' : 'application/json'];
}

/**
 * Tells others how to check the tokens of service accounts, after OpenID Connect: the issuer's configuration and its public keys. Undefined
 * for every other path, and when nobody issues tokens here. Upstream: pkg/routes/openidmetadata.go.
 */
export async function answerIssuer(tokens: TokenIssuer | undefined, url: URL, path: string): Promise<HttpResponse | undefined> {
  if (tokens?.publicKeys === undefined || tokens.issuer === undefined) return undefined;
  if (path === keysPath) return answer({ keys: await tokens.publicKeys() }, 'application/jwk-set+json');
  if (path !== configurationPath) return undefined;
  const keys = await tokens.publicKeys();
  const configuration = {
    issuer: tokens.issuer,
    jwks_uri: `${url.origin}${keysPath}`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [...new Set(keys.map(({ alg }) => alg))],
  };
  return answer(configuration, 'application/json');
}

function answer(value: unknown, type: string): HttpResponse {
  return new Response(utf8(JSON.stringify(value)), { headers: { 'content-type': type, 'cache-control': 'public, max-age=3600' } });
}
