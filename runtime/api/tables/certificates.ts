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

export const certificatesPrinters: Printers = {
  CertificateSigningRequest: printer<CertificateSigningRequest>(
    [
      nameColumn,
      ageColumn,
      column('SignerName', documented('certificates.v1.CertificateSigningRequestSpec', 'signerName')),
      column('Requestor', documented('certificates.v1.CertificateSigningRequestSpec', 'request')),
      column('RequestedDuration', documented('certificates.v1.CertificateSigningRequestSpec', 'expirationSeconds')),
      column('Condition', documented('certificates.v1.CertificateSigningRequestStatus', 'conditions')),
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
