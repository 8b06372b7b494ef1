import type { CertificateSigningRequest } from '../generated/types/certificates/v1.ts';
import type { ClusterTrustBundle } from '../generated/types/certificates/v1beta1.ts';
import { humanDuration } from './human-duration.ts';
import { ageColumn, ageOf, column, nameColumn, nameOf, type Printers, printer } from './printer.ts';

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
      column('SignerName', 'Who is to sign.'),
      column('Requestor', 'User who asks.'),
      column('RequestedDuration', 'How long the certificate is to be valid.'),
      column('Condition', 'Whether the request is approved, and the certificate issued.'),
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
  ClusterTrustBundle: printer<ClusterTrustBundle>([nameColumn, column('SignerName', 'Signer whose roots these are.')], (object) => [
    nameOf(object),
    object.spec.signerName ?? '',
  ]),
};
