/** Whom a request for a certificate, PEM in base64, is for. Throws for what is none. */
export async function requestedSubject(
  request: string,
): Promise<{ readonly commonName: string; readonly organizations: readonly string[] }> {
  // Few clusters ever sign certificates; the library is loaded when one does.
  await import('reflect-metadata');
  const { Pkcs10CertificateRequest } = await import('@peculiar/x509');
  const { subjectName } = new Pkcs10CertificateRequest(atob(request));
  // Go keeps the last one of several names.
  return { commonName: subjectName.getField('CN').at(-1) ?? '', organizations: subjectName.getField('O') };
}
