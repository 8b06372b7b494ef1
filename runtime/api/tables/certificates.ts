import type { CertificateSigningRequest } from '../generated/types/certificates/v1.ts';
import type { ClusterTrustBundle, PodCertificateRequest } from '../generated/types/certificates/v1beta1.ts';
import { labelsCell } from './cells.ts';
import { humanDuration } from './human-duration.ts';
import { ageColumn, ageOf, column, documented, nameColumn, nameOf, type Printers, printer } from './printer.ts';

function conditionCell(request: CertificateSigningRequest): string {
  const has = (type: string) => request.status?.conditions?.some((condition) => condition.type === type) ?? false;
  const decision = has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending';
  return `${decision}${has('Failed') ? ',Failed' : ''}${request.status?.certificate ? ',Issued' : ''}`;
}

/** What v1beta1 says of a request's fields, in whose words upstream describes the columns; it is not served any more. */
const requested = {
  signerName: `Requested signer for the request. It is a qualified name in the form: \`scope-hostname.io/name\`. If empty, it will be defaulted:
 1. If it's a kubelet client certificate, it is assigned
    "kubernetes.io/kube-apiserver-client-kubelet".
 2. If it's a kubelet serving certificate, it is assigned
    "kubernetes.io/kubelet-serving".
 3. Otherwise, it is assigned "kubernetes.io/legacy-unknown".
Distribution of trust for signers happens out of band. You can select on this field using \`spec.signerName\`.`,
  request: 'Base64-encoded PKCS#10 CSR data',
  conditions: 'Conditions applied to the request, such as approval or denial.',
} as const;

export const certificatesPrinters: Printers = {
  CertificateSigningRequest: printer<CertificateSigningRequest>(
    [
      nameColumn,
      ageColumn,
      column('SignerName', requested.signerName),
      column('Requestor', requested.request),
      column('RequestedDuration', documented('certificates.v1.CertificateSigningRequestSpec', 'expirationSeconds')),
      column('Condition', requested.conditions),
    ],
    (object, now) => [
      nameOf(object),
      ageOf(object, now),
      object.spec.signerName || '<none>',
      object.spec.username ?? '',
      object.spec.expirationSeconds === undefined ? '<none>' : humanDuration(object.spec.expirationSeconds * 1000),
      conditionCell(object),
    ],
  ),
  PodCertificateRequest: printer<PodCertificateRequest>(
    [
      nameColumn,
      column('PodName', documented('certificates.v1beta1.PodCertificateRequestSpec', 'podName')),
      column('ServiceAccountName', documented('certificates.v1beta1.PodCertificateRequestSpec', 'serviceAccountName')),
      column('NodeName', documented('certificates.v1beta1.PodCertificateRequestSpec', 'nodeName')),
      column('SignerName', documented('certificates.v1beta1.PodCertificateRequestSpec', 'signerName')),
      column('State', 'Is the request Pending, Issued, Denied, or Failed?'),
      column('UnverifiedUserAnnotations', documented('certificates.v1beta1.PodCertificateRequestSpec', 'unverifiedUserAnnotations')),
    ],
    (object) => {
      const { podName, serviceAccountName, nodeName, signerName, unverifiedUserAnnotations } = object.spec;
      const decided = object.status?.conditions?.findLast(({ type }) => ['Issued', 'Denied', 'Failed'].includes(type));
      const state = decided?.type ?? 'Pending';
      return [nameOf(object), podName, serviceAccountName, nodeName, signerName, state, labelsCell(unverifiedUserAnnotations)];
    },
  ),
  ClusterTrustBundle: printer<ClusterTrustBundle>(
    [nameColumn, column('SignerName', documented('certificates.v1beta1.ClusterTrustBundleSpec', 'signerName'))],
    (object) => [nameOf(object), object.spec.signerName || '<none>'],
  ),
};
