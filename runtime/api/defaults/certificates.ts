import type { PodCertificateRequest } from '../generated/types/certificates/v1beta1.ts';
import type { DefaultsByKind } from './defaults.ts';

const day = 24 * 3600;

/** `pkg/apis/certificates/v1beta1` */
export const certificatesDefaults: DefaultsByKind = {
  'certificates.k8s.io/v1beta1/PodCertificateRequest': ({ spec }: Partial<PodCertificateRequest>) => {
    if (spec !== undefined) spec.maxExpirationSeconds ??= day;
  },
};
