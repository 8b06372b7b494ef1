import type { CertificateRequest } from './certificate-request.ts';

/** Why a signer refuses a request; nothing when it does not. */
export type SignerRule = (request: CertificateRequest, usages: readonly string[]) => string | undefined;

/** The signers of the cluster itself, each with the name of its loop and what it asks of a request. Upstream: pkg/controller/certificates/signer. */
export const signers: readonly { readonly loop: string; readonly signerName: string; readonly refuses: SignerRule }[] = [
  { loop: 'csrsigning-kubelet-serving', signerName: 'kubernetes.io/kubelet-serving', refuses: kubeletServingProblem },
  { loop: 'csrsigning-kubelet-client', signerName: 'kubernetes.io/kube-apiserver-client-kubelet', refuses: kubeletClientProblem },
  { loop: 'csrsigning-kube-apiserver-client', signerName: 'kubernetes.io/kube-apiserver-client', refuses: clientProblem },
  { loop: 'csrsigning-legacy-unknown', signerName: 'kubernetes.io/legacy-unknown', refuses: () => undefined },
];

/** Upstream: `ValidateKubeletServingCSR`. */
function kubeletServingProblem(request: CertificateRequest, usages: readonly string[]): string | undefined {
  if (!isOfNodes(request)) return notOfNodes;
  if (request.dnsNames.length === 0 && request.ipAddresses.length === 0) return 'DNS or IP subjectAltName is required';
  if (request.emailAddresses.length > 0) return 'Email subjectAltNames are not allowed';
  if (request.uris.length > 0) return 'URI subjectAltNames are not allowed';
  return usagesProblem(usages, 'server auth') ?? nodeNameProblem(request);
}

/** Upstream: `ValidateKubeletClientCSR`. */
export function kubeletClientProblem(request: CertificateRequest, usages: readonly string[]): string | undefined {
  if (!isOfNodes(request)) return notOfNodes;
  if (request.dnsNames.length > 0) return 'DNS subjectAltNames are not allowed';
  if (request.emailAddresses.length > 0) return 'Email subjectAltNames are not allowed';
  if (request.ipAddresses.length > 0) return 'IP subjectAltNames are not allowed';
  if (request.uris.length > 0) return 'URI subjectAltNames are not allowed';
  return nodeNameProblem(request) ?? usagesProblem(usages, 'client auth');
}

/** Upstream: `validAPIServerClientUsages`. */
function clientProblem(_: CertificateRequest, usages: readonly string[]): string | undefined {
  const allowed = ['digital signature', 'key encipherment', 'client auth'];
  const other = usages.find((usage) => !allowed.includes(usage));
  if (other !== undefined) return `invalid usage for client certificate: ${other}`;
  return usages.includes('client auth') ? undefined : 'missing required usage for client certificate: client auth';
}

const notOfNodes = 'subject organization is not system:nodes';

function isOfNodes({ organizations }: CertificateRequest): boolean {
  return organizations.length === 1 && organizations[0] === 'system:nodes';
}

function nodeNameProblem({ commonName }: CertificateRequest): string | undefined {
  return commonName.startsWith('system:node:') ? undefined : 'subject common name does not begin with system:node:';
}

/** Kubelets ask for these usages and no others; keys that cannot encipher do without `key encipherment`. */
function usagesProblem(usages: readonly string[], purpose: 'client auth' | 'server auth'): string | undefined {
  const own = new Set(usages);
  own.delete('key encipherment');
  if (own.size === 2 && own.has('digital signature') && own.has(purpose)) return undefined;
  const required = ['digital signature', 'key encipherment', purpose].sort();
  return `usages did not match [${required.join(' ')}]`;
}
