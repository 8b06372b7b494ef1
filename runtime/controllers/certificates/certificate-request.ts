import type { Pkcs10CertificateRequest } from '@peculiar/x509';
import type { CertificateSigningRequest } from '../../api/generated/types/certificates/v1.ts';

/** What a request for a certificate asks for. */
export interface CertificateRequest {
  readonly commonName: string;
  readonly organizations: readonly string[];
  readonly dnsNames: readonly string[];
  readonly emailAddresses: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly uris: readonly string[];
  /** The request itself, for who signs it. */
  readonly parsed: Pkcs10CertificateRequest;
}

/** The library for certificates, loaded when the first one is needed. Its dependency container wants the polyfill to be there before it. */
export async function loadX509(): Promise<typeof import('@peculiar/x509')> {
  await import('reflect-metadata');
  return import('@peculiar/x509');
}

/** Reads the request in an object. @throws Error for what is none. Upstream: `ParseCSR`. */
export async function parseRequest({ metadata, spec }: CertificateSigningRequest): Promise<CertificateRequest> {
  const x509 = await loadX509();
  try {
    const parsed = new x509.Pkcs10CertificateRequest(atob(spec.request));
    const extension = parsed.extensions.find((each) => each instanceof x509.SubjectAlternativeNameExtension);
    const names = extension?.names.items ?? [];
    const ofType = (type: string) => names.filter((name) => name.type === type).map(({ value }) => value);
    const commonNames = parsed.subjectName.getField('CN');
    return {
      // Go keeps the last one of several.
      commonName: commonNames.at(-1) ?? '',
      organizations: parsed.subjectName.getField('O'),
      dnsNames: ofType('dns'),
      emailAddresses: ofType('email'),
      ipAddresses: ofType('ip'),
      uris: ofType('url'),
      parsed,
    };
  } catch (error) {
    throw new Error(`unable to parse csr ${JSON.stringify(metadata?.name)}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
