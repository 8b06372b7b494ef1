import { dns1123SubdomainProblems, regexMessage } from '../names/index.ts';
import { type Errors, reportInvalid } from './checks.ts';
import { invalid, required } from './field-error.ts';
import type { Path } from './path.ts';

const urlPathFormat = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";
const urlPath = new RegExp(`^${urlPathFormat}$`);

/** `example.com/name`, whatever may stand in a URL behind the domain. Upstream: `IsDomainPrefixedPath`. */
export function checkDomainPrefixedPath(value: string, path: Path, errors: Errors): void {
  if (value === '') {
    errors.push(required(path));
    return;
  }
  const slash = value.indexOf('/');
  const [host, rest] = [value.slice(0, slash), value.slice(slash + 1)];
  if (slash < 1 || rest === '') errors.push(invalid(path, value, 'must be a domain-prefixed path (such as "acme.io/foo")'));
  else {
    reportInvalid(dns1123SubdomainProblems(host), host, path, errors);
    if (!urlPath.test(rest)) errors.push(invalid(path, rest, regexMessage('Invalid path', urlPathFormat)));
  }
}
