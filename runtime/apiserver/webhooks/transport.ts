import type { Route } from '../services/network.ts';

/** The way to webhooks. Requests are HTTPS; `authorities`, in PEM, are who may have signed the other side's certificate, the host's own when left out. */
export interface WebhookTransport {
  /** The certificate must be for the host of the request's URL, wherever the route leads. Rejects with what went wrong. */
  fetch(request: Request, authorities: string | undefined, route?: Route): Promise<Response>;
}
