import type { Answer, Body } from '../apiserver/api.ts';

/** A request and what a server of 1.36 answers. */
export interface Step {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** The answer is a stream that is read for so long, until it ends by the `timeoutSeconds` of the path. */
  readonly watchMs?: number;
  /** Only has to succeed. */
  readonly setup?: true;
  readonly response?: Recorded;
}

export interface Recorded {
  readonly code: number;
  readonly warnings?: readonly string[];
  readonly body?: unknown;
  readonly events?: unknown;
}

/** Requests that belong together, in a namespace of their own, `<ns>`. */
export interface Case {
  readonly id: string;
  readonly title: string;
  readonly steps: readonly Step[];
}

/** What plays cases: our API, or another cluster. */
export interface Player {
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  watch(path: string, headers?: Record<string, string>): Promise<{ rest(): Promise<Body[]> }>;
  readonly clock: { advance(ms: number): Promise<void> };
}

/** One time that cases are played: what their namespaces begin with, and the times that its clock tells. */
export interface Run {
  readonly prefix: string;
  readonly times: RegExp;
}

const test: Run = { prefix: 'golden', times: /2026-01-01T00:\d\d:\d\dZ/g };

/** Plays a case and gives the answers in the form they are recorded in. Throws when a step that only prepares others fails. */
export async function replay(api: Player, { id, steps }: Case, { prefix, times } = test): Promise<readonly Recorded[]> {
  const namespace = `${prefix}-${id}`;
  await api.send('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
  await api.send('POST', `/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name: 'default' } });
  const form = new RecordedForm(namespace, times);
  const answers: Recorded[] = [];
  for (const { method, path, headers, body, watchMs, setup } of steps) {
    const here = (text: string) => text.replaceAll('<ns>', namespace);
    if (watchMs !== undefined) {
      const events = (await api.watch(here(path), { ...headers })).rest();
      await api.clock.advance(watchMs);
      answers.push(form.ofEvents(await events));
      continue;
    }
    const sent = body === undefined ? undefined : here(JSON.stringify(body));
    const answer = await api.send(method, here(path), sent, { ...headers });
    if (setup && answer.code >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    answers.push(form.of(answer));
  }
  return answers;
}

interface Managed {
  readonly manager: string;
  readonly operation: string;
  readonly subresource?: string;
}

/** Managers stand in the order of their times, which is the same in a test and by chance elsewhere. */
function byManager(a: Managed, b: Managed): number {
  const name = ({ manager, operation, subresource = '' }: Managed) => `${manager} ${operation} ${subresource}`;
  return name(a) < name(b) ? -1 : 1;
}

/** Puts names in the place of what differs from run to run, numbered by their first appearance in the case. */
class RecordedForm {
  readonly #namespace: string;
  readonly #times: RegExp;
  readonly #seen = new Map<string, string[]>();

  constructor(namespace: string, times: RegExp) {
    this.#namespace = namespace;
    this.#times = times;
  }

  of({ code, body, headers }: Answer): Recorded {
    const warnings = headers.get('warning')?.split(/, (?=299 )/);
    return { code, ...(warnings && { warnings }), body: this.#plain(body) };
  }

  ofEvents(events: unknown): Recorded {
    return { code: 200, events: this.#plain(events) };
  }

  #plain(value: unknown): unknown {
    return JSON.parse(JSON.stringify(value), (key, each) => this.#value(key, each));
  }

  #value(key: string, value: unknown): unknown {
    if (key === 'managedFields' && Array.isArray(value)) return value.toSorted(byManager);
    if (typeof value !== 'string') return value;
    if (key === 'resourceVersion' && /^[1-9]\d*$/.test(value)) return this.#numbered('rv', value);
    return value
      .replaceAll(this.#namespace, '<ns>')
      .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (uid) => this.#numbered('uid', uid))
      .replace(/10\.96\.\d+\.\d+/g, (address) => this.#numbered('ip', address))
      .replace(this.#times, '<time>');
  }

  #numbered(kind: string, value: string): string {
    const seen = this.#seen.get(kind) ?? [];
    this.#seen.set(kind, seen);
    if (!seen.includes(value)) seen.push(value);
    return `<${kind}:${seen.indexOf(value) + 1}>`;
  }
}
