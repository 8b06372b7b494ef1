import type { HttpRequest } from '../api/http.ts';
import type { Annotate } from './audit/annotate.ts';
import type { User } from './authentication/user.ts';
import type { RequestTime } from './filters/request-time.ts';
import type { Resource } from './registry/resource.ts';
import type { RequestInfo } from './request-info.ts';

/** A request that has been authenticated and resolved, on its way through the endpoints. */
export interface ApiRequest {
  readonly request: HttpRequest;
  readonly url: URL;
  readonly query: URLSearchParams;
  readonly info: RequestInfo;
  readonly user: User;
  readonly resource: Resource;
  /** Throws 403 for who may not do this as well with what the request is about. */
  readonly mayAlso: (verb: string) => Promise<void>;
  /** Until when it is to be answered; left out where it may stay open. */
  readonly time: RequestTime | undefined;
  /** Texts for `Warning` headers, each once, in order. */
  readonly warnings: Set<string>;
  /** Notes something for the audit log; left out while nobody keeps one. */
  readonly annotate?: Annotate;
  /** Notes the object in the request's body for the audit log, before anything is done to it. */
  readonly sent?: (object: unknown) => void;
  /** Notes the patch in the request's body for the audit log. */
  readonly sentPatch?: (text: string) => void;
  /** Counts that a deprecated kind was asked for. */
  readonly deprecated: () => void;
  /** What counts the events of a watch, of which the first `listed` are a list with its end; it is given the size of each, in bytes. */
  readonly watching: (listed: number) => (bytes: number) => void;
  /** Whether a component of this process asks: it reads bytes where they are, and what several are given they can share. */
  readonly inProcess: boolean;
  /** Tells that the answer stays open; the result is called when it ends. */
  readonly streams: () => () => void;
}
