import type { Info } from '../../api/generated/types/meta/v1.ts';
import type { HttpRequest, HttpResponse } from '../../api/http.ts';
import { type Clock, formatTime } from '../../simulation/clock.ts';
import type { Random } from '../../simulation/random.ts';
import { answerJson } from '../negotiation/answer.ts';
import { negotiatePage, type PageForm, pageGroup } from './negotiate.ts';

const component = 'apiserver';

/** Chosen from by chance, so that nobody parses the texts. */
const delimiters = [':', ': ', '=', ' '];

/** What is at the beginning of paths that are no aid in finding faults. */
const notDebugging: ReadonlySet<string> = new Set(['apis', 'api', 'openid', 'openapi', '.well-known']);

export interface ServerPagesParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly version: Info;
  /** The values in effect by the names of upstream's command line flags. */
  readonly flags: ReadonlyMap<string, string>;
}

/** The pages `/statusz` and `/flagz`, which tell people about the server. Upstream: `pkg/server/statusz` and `flagz` of the apiserver library. */
export class ServerPages {
  readonly #parts: ServerPagesParts;
  readonly #started: number;
  /** Made once: its delimiter stays the same. */
  #flagsText: string | undefined;

  constructor(parts: ServerPagesParts) {
    this.#parts = parts;
    this.#started = parts.clock.now();
  }

  /** @param paths all paths of the server. Throws 406. */
  statusz(request: HttpRequest, paths: readonly string[]): HttpResponse {
    const { clock, version } = this.#parts;
    const form = negotiatePage(request, 'Statusz');
    const uptimeSeconds = Math.max(0, Math.floor((clock.now() - this.#started) / 1000));
    const roots = [...new Set(paths.map((path) => path.split('/')[1] ?? ''))];
    const status = {
      startTime: formatTime(this.#started),
      uptimeSeconds,
      goVersion: version.goVersion,
      binaryVersion: version.gitVersion.replace(/^v/, ''),
      emulationVersion: `${version.emulationMajor}.${version.emulationMinor}`,
      paths: roots.flatMap((root) => (root === '' || notDebugging.has(root) ? [] : [`/${root}`])).sort(),
    };
    if (form.media !== 'text') return answerPage(form, 'Statusz', status);
    const mark = this.#delimiter();
    const lines = [
      '',
      `Started${mark} ${unixDate(this.#started)}`,
      `Up${mark} ${duration(uptimeSeconds)}`,
      `Go version${mark} ${status.goVersion}`,
      `Binary version${mark} ${status.binaryVersion}`,
      `Emulation version${mark} ${status.emulationVersion}`,
      `Paths${mark} ${status.paths.join(' ')}`,
      '',
    ];
    return answerPageText('statusz', lines.join('\n'));
  }

  /** Throws 406. */
  flagz(request: HttpRequest): HttpResponse {
    const form = negotiatePage(request, 'Flagz');
    const sorted = [...this.#parts.flags].sort(([a], [b]) => (a < b ? -1 : 1));
    if (form.media !== 'text') return answerPage(form, 'Flagz', { flags: Object.fromEntries(sorted) });
    if (this.#flagsText === undefined) {
      const mark = this.#delimiter();
      this.#flagsText = sorted.map(([name, value]) => `${name}${mark}${value}\n`).join('');
    }
    return answerPageText('flagz', this.#flagsText);
  }

  #delimiter(): string {
    return delimiters[Math.floor(this.#parts.random.next() * delimiters.length)] ?? ':';
  }
}

function answerPage({ media, version, pretty }: Exclude<PageForm, { media: 'text' }>, kind: string, fields: object): HttpResponse {
  const warnings =
    version === 'v1alpha1' ? [`This version of the ${kind.toLowerCase()} endpoint is deprecated. Please use a newer version.`] : [];
  const page = { kind, apiVersion: `${pageGroup}/${version}`, metadata: { name: component }, ...fields };
  const response = answerJson(200, page, { media, pretty, warnings: new Set(warnings) });
  response.headers.set('content-type', `application/${media};g=${pageGroup};v=${version};as=${kind}`);
  return response;
}

function answerPageText(name: string, text: string): HttpResponse {
  const warning =
    'Warning: This endpoint is not meant to be machine parseable, has no formatting compatibility guarantees and is for debugging purposes only.';
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-cache, private' };
  return new Response(`\n${component} ${name}\n${warning}\n${text}`, { headers });
}

/** As Go's `time.UnixDate`, in UTC. */
function unixDate(ms: number): string {
  const [weekday = '', day = '', month = '', year = '', time = ''] = new Date(ms).toUTCString().replace(',', '').split(' ');
  return `${weekday} ${month} ${String(Number(day)).padStart(2)} ${time} UTC ${year}`;
}

function duration(seconds: number): string {
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${Math.floor(seconds / 3600)} hr ${two(Math.floor(seconds / 60) % 60)} min ${two(seconds % 60)} sec`;
}
