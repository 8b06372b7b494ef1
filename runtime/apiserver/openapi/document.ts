/** A document ready to be sent. */
export interface OpenApiDocument {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Quoted, as the header wants it. */
  readonly etag: string;
  readonly contentType: string;
}

/** A document with the hash of its bytes as its tag. */
export async function finished(bytes: Uint8Array<ArrayBuffer>, contentType: string): Promise<OpenApiDocument> {
  return { bytes, etag: `"${await hashOf(bytes)}"`, contentType };
}

/** SHA-512 in capitals. */
export async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-512', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
}

/** Where a document of version 3 is found, as it is now. */
export function versionThreeAddress({ path, hash }: { readonly path: string; readonly hash: string }): string {
  return `/openapi/v3/${path}?hash=${hash}`;
}
