import type { User } from './user.ts';

/** What the transport knows about the other side, beyond the request itself. */
export interface Peer {
  /** Subject of a client certificate that was verified against the cluster's CA. */
  readonly certificate?: {
    readonly commonName: string;
    readonly organizations: readonly string[];
    /** The values of the attribute 1.3.6.1.4.1.57683.2, of which there may be one. */
    readonly uids?: readonly string[];
    /** SHA-256 of the certificate, in lower-case hexadecimal. */
    readonly sha256?: string;
  };
  /** Subject of a client certificate that was verified against the CA of front proxies. */
  readonly frontProxy?: { readonly commonName: string };
  /** A client certificate came that cannot be trusted. */
  readonly hasUntrustedCertificate?: boolean;
  /** The address of the other side. */
  readonly address?: string;
  /** A component of this very process; no credentials are needed. */
  readonly component?: User;
}
