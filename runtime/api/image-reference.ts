/** An image's name taken apart and written out, as `github.com/distribution/reference` does. */
export interface ImageReference {
  /** `docker.io`, `registry.k8s.io`, `localhost:5000` … */
  readonly domain: string;
  /** `library/nginx` */
  readonly path: string;
  readonly tag?: string;
  readonly digest?: string;
}

const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const pathShape = new RegExp(`^${component}(?:/${component})*$`);
const domainShape = /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*(?::[0-9]+)?$/;
const tagShape = /^[\w][\w.-]{0,127}$/;
const digestShape = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;
const identifierShape = /^[a-f0-9]{64}$/;

/** Reads an image's name, with the defaults of Docker Hub and the tag `latest`. @throws Error with the reference library's words. */
export function parseImageReference(image: string): ImageReference {
  if (identifierShape.test(image)) throw new Error(`invalid repository name (${image}), cannot specify 64-byte hexadecimal strings`);
  const [named = '', digest, ...more] = image.split('@');
  if (more.length > 0 || (digest !== undefined && !digestShape.test(digest))) throw new Error('invalid reference format');
  const lastSlash = named.lastIndexOf('/');
  const colon = named.indexOf(':', lastSlash + 1);
  const name = colon < 0 ? named : named.slice(0, colon);
  const tag = colon < 0 ? undefined : named.slice(colon + 1);
  if (tag !== undefined && !tagShape.test(tag)) throw new Error('invalid reference format');
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const hasDomain = slash >= 0 && (/[.:]/.test(first) || first === 'localhost' || first.toLowerCase() !== first);
  const domain = hasDomain ? (first === 'index.docker.io' ? 'docker.io' : first) : 'docker.io';
  const rest = hasDomain ? name.slice(slash + 1) : name;
  const path = domain === 'docker.io' && !rest.includes('/') ? `library/${rest}` : rest;
  if (path !== path.toLowerCase()) throw new Error(`invalid reference format: repository name (${path}) must be lowercase`);
  if (!domainShape.test(domain) || !pathShape.test(path)) throw new Error('invalid reference format');
  return {
    domain,
    path,
    ...(digest === undefined ? { tag: tag ?? 'latest' } : tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** `docker.io/library/nginx:1.27` */
export function formatImageReference({ domain, path, tag, digest }: ImageReference): string {
  return `${domain}/${path}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}
