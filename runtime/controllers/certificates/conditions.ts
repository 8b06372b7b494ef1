import type { CertificateSigningRequest } from '../../api/generated/types/certificates/v1.ts';

/** Whether the request has this condition, and it holds. */
export function hasTrueCondition({ status }: CertificateSigningRequest, type: string): boolean {
  return status?.conditions?.some((condition) => condition.type === type && (condition.status ?? 'True') === 'True') ?? false;
}

/** Whether somebody has decided on the request. */
export function isDecided({ status }: CertificateSigningRequest): boolean {
  return status?.conditions?.some(({ type }) => type === 'Approved' || type === 'Denied') ?? false;
}

/** Whether the request is approved, and not denied as well. Upstream: `IsCertificateRequestApproved`. */
export function isApproved({ status }: CertificateSigningRequest): boolean {
  const types = status?.conditions?.map(({ type }) => type) ?? [];
  return types.includes('Approved') && !types.includes('Denied');
}

export function isIssued({ status }: CertificateSigningRequest): boolean {
  return (status?.certificate ?? '') !== '';
}
