import { dns1123SubdomainProblems } from '../names/index.ts';
import type { Errors } from './checks.ts';
import { invalid, required } from './field-error.ts';
import type { Path } from './path.ts';

/** How a webhook is reached, after `k8s.io/apiserver/pkg/util/webhook`. */
export interface WebhookClient {
  readonly url?: string;
  readonly service?: WebhookService;
}

interface WebhookService {
  readonly name?: string;
  readonly namespace?: string;
  readonly path?: string;
  readonly port?: number;
}

const defaultPort = 443;
const form = '; desired format: https://host[/path]';

/** A client after `applyDefaults`. */
export function validateWebhookClient({ url, service }: WebhookClient, path: Path, errors: Errors): void {
  if (url !== undefined && service === undefined) validateUrl(url, path.child('url'), errors);
  else if (service !== undefined && url === undefined) validateService(service, path.child('service'), errors);
  else errors.push(required(path, 'exactly one of url or service is required'));
}

function validateService(
  { name = '', namespace = '', path: target = '', port = defaultPort }: WebhookService,
  path: Path,
  errors: Errors,
): void {
  // Upstream hands name and namespace over the other way round.
  if (namespace === '') errors.push(required(path.child('name')));
  if (name === '') errors.push(required(path.child('namespace')));
  if (port < 1 || port > 65535) {
    errors.push(invalid(path.child('port'), port, 'port is not valid: must be between 1 and 65535, inclusive'));
  }
  validateServicePath(target, path.child('path'), errors);
}

function validateServicePath(target: string, path: Path, errors: Errors): void {
  if (target === '' || target === '/') return;
  const report = (detail: string): void => {
    errors.push(invalid(path, target, detail));
  };
  if (target === '//') {
    report('segment[0] may not be empty');
    return;
  }
  if (!target.startsWith('/')) report("must start with a '/'");
  const segments = target.slice(1).replace(/\/$/, '').split('/');
  for (const [index, segment] of segments.entries()) {
    if (segment === '') report(`segment[${index}] may not be empty`);
    else for (const problem of dns1123SubdomainProblems(segment)) report(`segment[${index}]: ${problem}`);
  }
}

function validateUrl(text: string, path: Path, errors: Errors): void {
  const problem = urlProblem(text);
  if (problem !== undefined) {
    errors.push(required(path, `url must be a valid URL: parse ${JSON.stringify(text)}: ${problem}${form}`));
    return;
  }
  const [, scheme = '', authority = '', query = '', fragment = ''] =
    /^(?:([a-z][a-z0-9+.-]*):)?(?:\/\/([^/?#]*))?[^?#]*(?:\?([^#]*))?(?:#(.*))?$/is.exec(text) ?? [];
  const user = authority.lastIndexOf('@');
  const host = authority.slice(user + 1);
  if (scheme.toLowerCase() !== 'https') errors.push(invalid(path, scheme.toLowerCase(), `'https' is the only allowed URL scheme${form}`));
  if (host === '') errors.push(invalid(path, host, `host must be specified${form}`));
  if (user >= 0) errors.push(invalid(path, authority.slice(0, user), 'user information is not permitted in the URL'));
  if (fragment !== '') errors.push(invalid(path, fragment, 'fragments are not permitted in the URL'));
  if (query !== '') errors.push(invalid(path, query, 'query parameters are not permitted in the URL'));
}

/** Why Go would not read the URL. */
function urlProblem(text: string): string | undefined {
  if ([...text].some((character) => character < ' ' || character === '\x7f')) return 'net/url: invalid control character in URL';
  if (text.startsWith(':')) return 'missing protocol scheme';
  const [, scheme, authority = '', rest = ''] = /^([a-z][a-z0-9+.-]*:)?(?:\/\/([^/?#]*))?([^?#]*)/i.exec(text) ?? [];
  if (scheme === undefined && authority === '' && /^[^/]*:/.test(rest)) return 'first path segment in URL cannot contain colon';
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  const port = /^(?:\[[^\]]*\]|[^:]*)(.*)$/.exec(host)?.[1] ?? '';
  if (port !== '' && !/^:\d*$/.test(port)) return `invalid port ${JSON.stringify(port)} after host`;
  const strange = /[\s"<>\\^`{|}]/.exec(host)?.[0];
  if (strange !== undefined) return `invalid character ${JSON.stringify(strange)} in host name`;
  const wrong = /%(?![0-9a-f]{2}).{0,2}/i.exec(rest)?.[0];
  return wrong === undefined ? undefined : `invalid URL escape ${JSON.stringify(wrong)}`;
}
