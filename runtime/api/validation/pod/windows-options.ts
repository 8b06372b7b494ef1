import type { PodSpec, WindowsSecurityContextOptions } from '../../generated/types/core/v1.ts';
import { byteLength, dns1123SubdomainProblems } from '../../names/index.ts';
import { type Errors, reportInvalid } from '../checks.ts';
import { invalid } from '../field-error.ts';
import type { Path } from '../path.ts';
import { containersOf } from './containers-of.ts';

/** What a container's processes may do on Windows. */

const maxCredentialSpec = 64 * 1024;
const maxDomain = 256;
const maxUser = 104;
const control = /(?=\p{ASCII})\p{Cc}/u;
const netBiosDomain = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/;
const dnsDomain = /^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/;
const onlyDotsOrSpaces = /^[. ]+$/;
const forbiddenInUser = /["/\\:;|=,+*?<>@[\]]/;

export function validateWindowsOptions(options: WindowsSecurityContextOptions | undefined, path: Path, errors: Errors): void {
  if (options === undefined) return;
  const { gmsaCredentialSpecName, gmsaCredentialSpec, runAsUserName } = options;
  if (gmsaCredentialSpecName !== undefined) {
    reportInvalid(dns1123SubdomainProblems(gmsaCredentialSpecName), gmsaCredentialSpecName, path.child('gmsaCredentialSpecName'), errors);
  }
  if (gmsaCredentialSpec === '') errors.push(invalid(path.child('gmsaCredentialSpec'), '', 'gmsaCredentialSpec cannot be an empty string'));
  else if (gmsaCredentialSpec !== undefined && byteLength(gmsaCredentialSpec) > maxCredentialSpec) {
    errors.push(invalid(path.child('gmsaCredentialSpec'), gmsaCredentialSpec, 'gmsaCredentialSpec size must be under 64 KiB'));
  }
  if (runAsUserName !== undefined) {
    reportInvalid(
      userNameProblems(runAsUserName).map((problem) => `runAsUserName${problem}`),
      runAsUserName,
      path.child('runAsUserName'),
      errors,
    );
  }
}

/** A user, or a domain and a user with a backslash between them. */
function userNameProblems(name: string): string[] {
  if (name === '') return [' cannot be an empty string'];
  if (control.test(name)) return [' cannot contain control characters'];
  const parts = name.split('\\');
  if (parts.length > 2) return [' cannot contain more than one backslash'];
  const user = parts.at(-1) ?? '';
  const domain = parts.length === 2 ? (parts[0] ?? '') : undefined;
  const problems: string[] = [];
  if (domain !== undefined && byteLength(domain) >= maxDomain) problems.push(`'s Domain length must be under ${maxDomain} characters`);
  if (domain !== undefined && !netBiosDomain.test(domain) && !dnsDomain.test(domain)) {
    problems.push("'s Domain doesn't match the NetBios nor the DNS format");
  }
  if (user === '') problems.push("'s User cannot be empty");
  else if (byteLength(user) > maxUser) problems.push(`'s User length must not be longer than ${maxUser} characters`);
  if (onlyDotsOrSpaces.test(user)) problems.push("'s User cannot contain only periods or spaces");
  if (forbiddenInUser.test(user)) problems.push(`'s User cannot contain the following characters: "/\\:;|=,+*?<>@[]`);
  return problems;
}

/** Containers that run as processes of their node: all of a pod or none, and in the node's network. */
export function validateHostProcess(spec: PodSpec, path: Path, errors: Errors): void {
  const ofPod = spec.securityContext?.windowsOptions?.hostProcess;
  const containers = containersOf(spec, path);
  let count = 0;
  for (const [container, at] of containers) {
    const own = container.securityContext?.windowsOptions?.hostProcess;
    if (ofPod !== undefined && own !== undefined && ofPod !== own) {
      const detail = `pod hostProcess value must be identical if both are specified, was ${ofPod}`;
      errors.push(invalid(at.child('securityContext', 'windowsOptions', 'hostProcess'), own, detail));
    }
    if (own ?? ofPod) count++;
  }
  if (count === 0) return;
  if (count < containers.length) {
    errors.push(invalid(path, '', 'If pod contains any hostProcess containers then all containers must be HostProcess containers'));
  }
  if (spec.hostNetwork !== true) {
    errors.push(invalid(path.child('hostNetwork'), false, 'hostNetwork must be true if pod contains any hostProcess containers'));
  }
}
