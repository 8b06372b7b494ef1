import { byteLength, dns1123LabelProblems, dns1123SubdomainMaxLength, dns1123SubdomainProblems } from '../names/index.ts';
import type { Errors } from './checks.ts';
import { invalid, required, tooLong } from './field-error.ts';
import { nameIsDnsSubdomain } from './name-rules.ts';
import type { Path } from './path.ts';

const maxSignerName = dns1123SubdomainMaxLength + 1 + dns1123SubdomainMaxLength + 1 + 63;

/** Whether a signer is one of Kubernetes' own. */
export function isKubernetesSigner(signerName: string): boolean {
  const [host = ''] = signerName.split('/');
  return host === 'kubernetes.io' || host.endsWith('.kubernetes.io');
}

/** Who signs certificates: `example.com/signer-name`. */
export function checkSignerName(name: string, path: Path, errors: Errors): void {
  if (name === '') {
    errors.push(required(path));
    return;
  }
  const segments = name.split('/');
  const [domain = '', rest = ''] = segments;
  if (segments.length !== 2) {
    errors.push(invalid(path, name, "must be a fully qualified domain and path of the form 'example.com/signer-name'"));
    return;
  }
  if (byteLength(domain) > dns1123SubdomainMaxLength) errors.push(tooLong(path, dns1123SubdomainMaxLength));
  const labels = domain.split('.');
  reportFirst(labels, dns1123LabelProblems, domain, path, errors);
  if (labels.length < 2) errors.push(invalid(path, domain, 'should be a domain with at least two segments separated by dots'));
  reportFirst(rest.split('.'), dns1123SubdomainProblems, rest, path, errors);
  if (byteLength(name) > maxSignerName) errors.push(tooLong(path, maxSignerName));
}

/** Reports what is wrong with the first label that is; more would only be said again. */
function reportFirst(
  labels: readonly string[],
  problemsOf: (label: string) => readonly string[],
  shown: string,
  path: Path,
  errors: Errors,
): void {
  for (const label of labels) {
    const problems = problemsOf(label);
    for (const problem of problems) errors.push(invalid(path, shown, `validating label ${JSON.stringify(label)}: ${problem}`));
    if (problems.length > 0) return;
  }
}

/** Why a name does not do for a ClusterTrustBundle. Bundles of a signer begin with its name, colons for slashes: `example.com:signer:bundle`. */
export function clusterTrustBundleNameProblems(name: string): readonly string[] {
  return nameIsDnsSubdomain(name.slice(name.lastIndexOf(':') + 1), false);
}
