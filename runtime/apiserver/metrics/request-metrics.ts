import type { HttpRequest } from '../../api/http.ts';
import type { RequestInfo } from '../request-info.ts';
import { type Family, Flags, Histogram, Numbers } from './families.ts';

const subject = ['verb', 'dry_run', 'group', 'version', 'resource', 'subresource', 'scope', 'component'] as const;
const watched = ['group', 'version', 'resource'] as const;
const durations = [0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60];

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
const healthPath = /^\/(?:healthz|livez|readyz)(?:\/|$)/;

/** Counts requests under the names and labels of upstream's `endpoints/metrics`. */
export class RequestMetrics {
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
  private readonly longRunning = new Numbers(
    'gauge',
    'apiserver_longrunning_requests',
    'Requests that are open for long: watches, logs and connections to containers.',
    ['verb', 'group', 'version', 'resource', 'subresource', 'scope', 'component'],
  );

  private readonly sizes = new Histogram(
    'apiserver_response_sizes',
    'How large answers to gets and lists were, in bytes before they are compressed.',
    subject.filter((label) => label !== 'dry_run'),
    answerSizes,
  );
  private readonly events = new Numbers('counter', 'apiserver_watch_events_total', 'Events that watches were sent.', watched);
  private readonly eventSizes = new Histogram(
    'apiserver_watch_events_sizes',
    'How large the events of watches were, in bytes.',
    watched,
    eventSizes,
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
    const { total, seconds, sizes, longRunning, events, eventSizes: sizesOfEvents, deprecations, ofClients } = this;
    return [total, seconds, sizes, longRunning, events, sizesOfEvents, deprecations, ofClients];
  }

  /** Counts a request that was answered. `seconds` is left out for those that stream, `bytes` where the answer's size is not known. */
  answered(request: HttpRequest, info: RequestInfo, code: number, seconds: number | undefined, bytes: number | undefined): void {
    const labels = labelsOf(request, info);
    if (labels === undefined) return;
    this.total.add([...labels, String(code)]);
    if (seconds === undefined) return;
    this.seconds.observe(labels, seconds);
    const isRead = labels[0] === 'GET' || labels[0] === 'LIST';
    if (isRead && bytes !== undefined) this.sizes.observe(withoutDryRun(labels), bytes);
  }

  /** What counts the events of a watch; it is given the size of each, in bytes. */
  watching({ group, version, resource }: RequestInfo): (bytes: number) => void {
    const labels = [group, version, resource];
    return (bytes) => {
      this.events.add(labels);
      this.eventSizes.observe(labels, bytes);
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
  if (!info.isResource) return healthPath.test(info.path) ? ['GET', '', '', '', '', info.path, '', ''] : undefined;
  const { group, version, resource, subresource, name, namespace } = info;
  const scope = name !== '' || info.verb === 'create' ? 'resource' : namespace !== '' ? 'namespace' : 'cluster';
  const dryRun = info.verb !== 'get' && request.url.includes('dryRun=All') ? 'All' : '';
  return [verbOf(request, info), dryRun, group, version, resource, subresource, scope, 'apiserver'];
}

function verbOf(request: HttpRequest, { verb, subresource }: RequestInfo): string {
  if (connecting.has(subresource)) return 'CONNECT';
  if (verb === 'patch' && request.headers.get('content-type')?.startsWith('application/apply-patch') === true) return 'APPLY';
  return reportedVerbs[verb] ?? 'other';
}
