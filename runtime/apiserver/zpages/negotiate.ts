import type { HttpRequest } from '../../api/http.ts';
import { notAcceptableTransformation } from '../../api/status.ts';
import { acceptClauses } from '../negotiation/accept.ts';
import { wantsPretty } from '../negotiation/present.ts';
import { requestUrl } from '../request-url.ts';

/** How a page about the server itself is answered: as text for people, or as an object of one of its versions. */
export type PageForm =
  | { readonly media: 'text' }
  | { readonly media: 'json' | 'yaml'; readonly version: PageVersion; readonly pretty: boolean };

/** v1alpha1 is deprecated. */
export type PageVersion = 'v1beta1' | 'v1alpha1';

export const pageGroup = 'config.k8s.io';

/** The kinds of the pages by their paths. */
export const pageKinds: Readonly<Record<string, string>> = { '/statusz': 'Statusz', '/flagz': 'Flagz' };

/** What a page is written in, in the order in which a wildcard tries them. */
const medias: readonly (readonly [type: string, media: PageForm['media']])[] = [
  ['application/json', 'json'],
  ['application/yaml', 'yaml'],
  ['text/plain', 'text'],
];

/**
 * Chooses the form of a page from the Accept header: objects are had only under their full names, `application/json;g=config.k8s.io;v=v1beta1;as=Statusz`,
 * the text only without such a name. Throws 406. Upstream: `StatuszEndpointRestrictions`, `FlagzEndpointRestrictions`.
 */
export function negotiatePage(request: HttpRequest, kind: string): PageForm {
  const accept = request.headers.get('accept') ?? '';
  if (accept.trim() === '') return { media: 'text' };
  for (const { type, parameters } of acceptClauses(accept)) {
    if ((parameters.get('stream') ?? '') !== '' || (parameters.get('sv') ?? '') !== '') continue;
    const [as, group, version] = ['as', 'g', 'v'].map((name) => parameters.get(name));
    const isText = as === undefined && group === undefined && version === undefined;
    const isObject = as === kind && group === pageGroup && (version === 'v1beta1' || version === 'v1alpha1');
    for (const [name, media] of medias) {
      if (type !== name && type !== `${name.split('/')[0]}/*` && type !== '*/*') continue;
      if (media === 'text') {
        if (isText) return { media };
      } else if (isObject) {
        return {
          media,
          version,
          pretty: parameters.get('pretty') === '1' || wantsPretty({ query: requestUrl(request).searchParams, request }),
        };
      }
    }
  }
  throw notAcceptableTransformation(medias.map(([name]) => name).join(', '));
}

/** The version in which a client asks for a page; `undefined` for the text, and where it gets none. */
export function pageVersion(request: HttpRequest, kind: string): PageVersion | undefined {
  try {
    const form = negotiatePage(request, kind);
    return form.media === 'text' ? undefined : form.version;
  } catch {
    return undefined;
  }
}
