import type { HttpRequest } from '../../api/http.ts';
import type { RequestInfo } from '../request-info.ts';
import { pageGroup, pageKinds, pageVersion } from '../zpages/negotiate.ts';
import { type Count, type Family, Flags, Histogram, Numbers, type Spread } from './families.ts';

const subject = ['verb', 'dry_run', 'group', 'version', 'resource', 'subresource', 'scope', 'component'] as const;
const watched = ['group', 'version', 'resource'] as const;
const withoutDry = subject.filter((label) => label !== 'dry_run');
const durations = [0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60];
const watchListDurations = [0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 2, 4, 6, 8, 10, 15, 20, 30, 45, 60];
const ownDurations = durations.filter((bound) => bound >= 0.05);

const answerSizes = Array.from({ length: 7 }, (_, i) => 1000 * 10 ** i);
const eventSizes = Array.from({ length: 8 }, (_, i) => 1024 * 2 ** i);

const reportedVerbs: Readonly<Record<string, string>> = {
  get: 'GET',
  list: 'LIST',
  watch: 'WATCH',
  create: 'POST',
  update: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
  deletecollection: 'DELETECOLLECTION',
};
const connecting: ReadonlySet<string> = new Set(['exec', 'attach', 'portforward', 'proxy']);
/** Of paths that are no objects only these are counted, as upstream does; single checks are not. */
const healthPaths: ReadonlySet<string> = new Set(['/healthz', '/livez', '/readyz']);

/** What is told of an answer beside its code. */
export interface Answered {
  /** How long it took, in seconds; `undefined` for those that stream. */
  readonly seconds: number | undefined;
  /** How much of it webhooks took, in seconds. */
  readonly ofWebhooks: number;
  /** Its size; `undefined` where it is not known. */
  readonly bytes: number | undefined;
}

interface Kept {
  readonly codes: Map<number, Count>;
  readonly seconds: Spread;
  readonly ownSeconds: Spread | undefined;
  readonly sizes: Spread | undefined;
}

/** Counts requests under the names and labels of upstream's `endpoints/metrics`. */
export class RequestMetrics {
  private readonly series = new Map<string, Kept>();
  private readonly total = new Numbers(
    'counter',
    'apiserver_request_total',
    'Requests by verb, dry run, group, version, resource, scope, component and code.',
    [...subject, 'code'],
  );
  private readonly seconds = new Histogram(
    'apiserver_request_duration_seconds',
    'How long answers took, in seconds, without those that stream.',
    subject,
    durations,
  );
  private readonly ownSeconds = new Histogram(
    'apiserver_request_sli_duration_seconds',
    'How long answers took, in seconds, without what webhooks took of it.',
    withoutDry,
    ownDurations,
  );
  private readonly terminations = new Numbers(
    'counter',
    'apiserver_request_terminations_total',
    'Requests that the server ended in defence of itself: there were too many, they took too long, or it failed at them.',
    [...withoutDry, 'code'],
  );
  private readonly longRunning = new Numbers(
    'gauge',
    'apiserver_longrunning_requests',
    'Requests that are open for long: watches, logs and connections to containers.',
    withoutDry,
  );
  private readonly sizes = new Histogram(
    'apiserver_response_sizes',
    'How large answers to gets and lists were, in bytes before they are compressed.',
    withoutDry,
    answerSizes,
  );
  private readonly events = new Numbers('counter', 'apiserver_watch_events_total', 'Events that watches were sent.', watched);
  private readonly eventSizes = new Histogram(
    'apiserver_watch_events_sizes',
    'How large the events of watches were, in bytes.',
    watched,
    eventSizes,
  );

  private readonly watchLists = new Histogram(
    'apiserver_watch_list_duration_seconds',
    'How long it took until watches that begin with a list had sent it, in seconds.',
    [...watched, 'scope'],
    watchListDurations,
  );

  private readonly deprecations = new Flags(
    'apiserver_requested_deprecated_apis',
    'Deprecated kinds that were asked for, by group, version, resource, subresource and the release that removes them.',
    ['group', 'version', 'resource', 'subresource', 'removed_release'],
  );
  private readonly ofClients = new Numbers('counter', 'rest_client_requests_total', 'Requests of the components of this process.', [
    'code',
    'host',
    'method',
  ]);

  get families(): readonly Family[] {
    const { total, seconds, ownSeconds, terminations, sizes, longRunning, events, eventSizes: sizesOfEvents, watchLists } = this;
    return [
      total,
      seconds,
      ownSeconds,
      terminations,
      sizes,
      longRunning,
      events,
      sizesOfEvents,
      watchLists,
      this.deprecations,
      this.ofClients,
    ];
  }

  /** Counts a request that was answered. */
  answered(request: HttpRequest, info: RequestInfo, code: number, { seconds, ofWebhooks, bytes }: Answered): void {
    const labels = labelsOf(request, info);
    if (labels === undefined) return;
    const kept = this.kept(labels);
    let count = kept.codes.get(code);
    if (count === undefined) {
      count = this.total.of([...labels, String(code)]);
      kept.codes.set(code, count);
    }
    count.add();
    if (seconds === undefined) return;
    kept.seconds.observe(seconds);
    kept.ownSeconds?.observe(seconds - ofWebhooks);
    if (bytes !== undefined) kept.sizes?.observe(bytes);
  }

  /** Counts a request that was ended before it was done; in the aggregation layer, when the server behind it could not be asked. */
  terminated(request: HttpRequest, info: RequestInfo, code: number, component: 'apiserver' | 'aggregator' = 'apiserver'): void {
    const labels = withoutDryRun(labelsOf(request, info) ?? otherLabels(request, info));
    this.terminations.add([...labels.slice(0, -1), component, String(code)]);
  }

  /** What counts requests of the same labels, looked up once. */
  private kept(labels: readonly string[]): Kept {
    const key = labels.join('\n');
    let kept = this.series.get(key);
    if (kept === undefined) {
      const [verb, dryRun] = labels;
      const shorter = withoutDryRun(labels);
      kept = {
        codes: new Map(),
        seconds: this.seconds.of(labels),
        ownSeconds: dryRun === '' ? this.ownSeconds.of(shorter) : undefined,
        sizes: verb === 'GET' || verb === 'LIST' ? this.sizes.of(shorter) : undefined,
      };
      this.series.set(key, kept);
    }
    return kept;
  }

  /**
   * What counts the events of a watch; it is given the size of each, in bytes. `listed`: how many of them are a list with its end, 0 for a watch that
   * begins without one; `seconds` gives how long the watch has been open.
   */
  watching(info: RequestInfo, listed: number, seconds: () => number): (bytes: number) => void {
    const labels = [info.group, info.version, info.resource];
    const count = this.events.of(labels);
    const sizes = this.eventSizes.of(labels);
    let left = listed;
    return (bytes) => {
      count.add();
      sizes.observe(bytes);
      if (left > 0 && --left === 0) this.watchLists.observe([...labels, scopeOf(info)], seconds());
    };
  }

  /** Notes that a deprecated kind was asked for. Of none it is known which release removes it. */
  deprecated({ group, version, resource, subresource }: RequestInfo): void {
    this.deprecations.raise([group, version, resource, subresource, '']);
  }

  /** Counts a request that a component of this process sent. */
  ofClient(request: HttpRequest, url: URL, code: number): void {
    this.ofClients.add([String(code), url.host, request.method]);
  }

  /** Counts a request that stays open; the result is called when it ends. */
  opened(request: HttpRequest, info: RequestInfo): () => void {
    const labels = withoutDryRun(labelsOf(request, info) ?? []);
    this.longRunning.add(labels, 1);
    return () => this.longRunning.add(labels, -1);
  }
}

function withoutDryRun(labels: readonly string[]): readonly string[] {
  return labels.filter((_, i) => subject[i] !== 'dry_run');
}

function labelsOf(request: HttpRequest, info: RequestInfo): readonly string[] | undefined {
  if (!info.isResource) return healthPaths.has(info.path) ? ['GET', '', '', '', '', info.path, '', ''] : pageLabels(request, info.path);
  const { group, version, resource, subresource } = info;
  const dryRun = info.verb !== 'get' && request.url.includes('dryRun=All') ? 'All' : '';
  return [verbOf(request, info), dryRun, group, version, resource, subresource, scopeOf(info), 'apiserver'];
}

/** The pages about the server are counted as if they were resources, of the version that the client has asked for. */
function pageLabels(request: HttpRequest, path: string): readonly string[] | undefined {
  const kind = pageKinds[path];
  if (kind === undefined) return undefined;
  const version = pageVersion(request, kind);
  return ['GET', '', version === undefined ? '' : pageGroup, version ?? '', path.slice(1), '', '', 'apiserver'];
}

/** Upstream: `CleanScope`. */
function scopeOf({ name, verb, namespace }: RequestInfo): string {
  return name !== '' || verb === 'create' ? 'resource' : namespace !== '' ? 'namespace' : 'cluster';
}

const otherPaths: ReadonlySet<string> = new Set([
  '/',
  '/api',
  '/apis',
  '/metrics',
  '/metrics/slis',
  '/openapi/v2',
  '/openapi/v3',
  '/version',
]);
const otherMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Of a path that is no object. Those that clients can make up are not told, as upstream tells them, for there is no end to them. */
function otherLabels({ method }: HttpRequest, { path }: RequestInfo): readonly string[] {
  return [otherMethods.has(method) ? method : 'other', '', '', '', '', otherPaths.has(path) ? path : '', '', 'apiserver'];
}

function verbOf(request: HttpRequest, { verb, subresource }: RequestInfo): string {
  if (connecting.has(subresource)) return 'CONNECT';
  if (verb === 'patch' && request.headers.get('content-type')?.startsWith('application/apply-patch') === true) return 'APPLY';
  return reportedVerbs[verb] ?? 'other';
}
