import { stringify } from 'yaml';
import type { Status } from '../../api/generated/types/meta/v1.ts';
import { BytesAnswer, type HttpResponse } from '../../api/http.ts';
import type { StatusError } from '../../api/status.ts';
import { encodeProtobuf } from '../encoding/encode-protobuf.ts';
import { jsonLine, utf8 } from '../registry/stored-form.ts';
import type { Accepted } from './accept.ts';
import { protobufType } from './routes.ts';
import { warningHeader } from './warnings.ts';
import { withoutMarkup } from './without-markup.ts';

const jsonHeaders = { 'content-type': 'application/json', 'cache-control': 'no-cache, private' };
const protobufHeaders = { ...jsonHeaders, 'content-type': protobufType };
const yamlHeaders = { 'content-type': 'application/yaml', 'cache-control': 'no-cache, private' };

function withWarnings(headers: Readonly<Record<string, string>>, warnings: ReadonlySet<string>): Readonly<Record<string, string>> {
  if (warnings.size === 0) return headers;
  const warning = warningHeader(warnings);
  return warning === '' ? headers : { ...headers, warning };
}

const noWarnings: ReadonlySet<string> = new Set();

/** How bytes of JSON leave the server. */
export interface AnswerForm {
  readonly media?: Accepted['media'];
  readonly pretty?: boolean;
  readonly warnings?: ReadonlySet<string>;
}

/** Answers with JSON that is encoded already, with the end of its line; YAML, protobuf and pretty printing decode it again. */
export function answerBytes(code: number, body: Uint8Array<ArrayBuffer>, form: AnswerForm = {}): HttpResponse {
  const warnings = form.warnings ?? noWarnings;
  if (form.media === 'protobuf') {
    const bytes = encodeProtobuf(JSON.parse(new TextDecoder().decode(body)));
    return new BytesAnswer(code, withWarnings(protobufHeaders, warnings), bytes);
  }
  if (form.media === 'yaml') {
    const text = stringify(JSON.parse(new TextDecoder().decode(body)), {
      version: '1.1',
      sortMapEntries: true,
      lineWidth: 0,
      indentSeq: false,
    });
    return new Response(text, { status: code, headers: withWarnings(yamlHeaders, warnings) });
  }
  const bytes = form.pretty ? utf8(JSON.stringify(JSON.parse(new TextDecoder().decode(body)), null, 2)) : body;
  return new BytesAnswer(code, withWarnings(jsonHeaders, warnings), bytes);
}

/** Answers with a JSON value. */
export function answerJson(code: number, value: unknown, form: AnswerForm = {}): HttpResponse {
  return answerBytes(code, jsonLine(value), form);
}

/** Answers with a plain text, as health checks do. */
export function answerText(code: number, text: string): HttpResponse {
  return new Response(text, {
    status: code,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff', 'cache-control': 'no-cache, private' },
  });
}

/** 500 in the words that come before any filter has had to do with a request. Upstream: `responsewriters.InternalError`. */
export function answerUnresolved({ pathname, search }: URL, why: string): HttpResponse {
  return answerText(500, `${withoutMarkup(`Internal Server Error: ${JSON.stringify(pathname + search)}: ${why}`)}\n`);
}

/** 429: the server has too much to do. Upstream: `tooManyRequests` of its filters. */
export function answerTooMany(): HttpResponse {
  const response = answerText(429, 'Too many requests, please try again later.\n');
  response.headers.set('retry-after', '1');
  return response;
}

/** Answers with the failure's `Status`, and Retry-After where it says when to come again. */
export function answerFailure(error: StatusError, form: AnswerForm = {}): HttpResponse {
  const response = answerJson(error.code, error.status satisfies Status, form);
  const retryAfter = error.status.details?.retryAfterSeconds;
  if (retryAfter !== undefined) response.headers.set('retry-after', String(retryAfter));
  return response;
}
