import { type CelType, structType } from '../check/types.ts';
import { Failure, Opaque, type Value, ValueList, ValueMap } from '../evaluate/values.ts';
import { scanning } from './costs.ts';
import { bool, type FunctionForm, fn, list, map, method, opaque, string } from './form.ts';

const urlType = structType('kubernetes.URL');

/** A URL as Go's `net/url.ParseRequestURI` reads it: with a scheme, or a path alone. */
class CelUrl extends Opaque {
  readonly type: CelType = urlType;
  readonly text: string;
  readonly scheme: string;
  readonly host: string;
  readonly hostname: string;
  readonly port: string;
  readonly path: string;
  readonly query: URLSearchParams;

  constructor(text: string) {
    super();
    const relative = text.startsWith('/');
    const url = new URL(text, 'none://none');
    this.text = text;
    this.scheme = relative ? '' : url.protocol.slice(0, -1);
    // The platform drops ports that are usual for a scheme; the text still has them.
    const authority = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#]*)/i.exec(text)?.[1] ?? '';
    this.host = relative ? '' : authority;
    const parts = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(this.host);
    this.hostname = (parts?.[1] ?? '').replace(/^\[|\]$/g, '');
    this.port = parts?.[2] ?? '';
    this.path = escapedPath(pathIn(text));
    this.query = url.searchParams;
  }

  get parameters(): Value {
    const values = new Map<string, string[]>();
    for (const [key, value] of this.query) {
      const others = values.get(key);
      if (others === undefined) values.set(key, [value]);
      else others.push(value);
    }
    const parameters = new ValueMap();
    for (const [key, all] of values) parameters.set(key, new ValueList(all));
    return parameters;
  }

  equals(other: Opaque): boolean {
    return other instanceof CelUrl && other.text === this.text;
  }
}

/** The path as it was written, which the platform would shorten; empty where there is none. */
function pathIn(text: string): string {
  return /^(?:[a-z][a-z0-9+.-]*:)?(?:\/\/[^/?#]*|(?!\/\/))(\/[^?#]*)/i.exec(text)?.[1] ?? '';
}

const writtenPath = /^(?:[\w.~!$&'()*+,;=:@/[\]-]|%[\da-f]{2})*$/i;
const plainInPath = /^[\w.~$&+,/:;=@-]$/;

/** Go's `EscapedPath`: as it was written where it could be written so. */
function escapedPath(path: string): string {
  if (writtenPath.test(path)) return path;
  return path.replace(/%[\da-f]{2}|./gisu, (part) => {
    const character = /^%[0-7]/.test(part) ? String.fromCharCode(Number.parseInt(part.slice(1), 16)) : part;
    if (plainInPath.test(character)) return character;
    if (part.startsWith('%')) return part.toUpperCase();
    return Array.from(new TextEncoder().encode(character), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
  });
}

function isUrl(text: string): boolean {
  return (text.startsWith('/') || URL.canParse(text)) && !/%(?![\da-f]{2})/i.test(pathIn(text));
}

function read(text: string): Value {
  if (isUrl(text)) return new CelUrl(text);
  return new Failure(`URL parse error during conversion from string: parse ${JSON.stringify(text)}: invalid URI for request`);
}

const url = opaque(urlType, CelUrl);
const nominal = { cost: () => 1 };

/** `k8s.io/apiserver/pkg/cel/library` urls. */
export const urls: readonly FunctionForm[] = [
  fn('url', [string], url, read, { cost: scanning }),
  fn('isURL', [string], bool, isUrl),
  method('getScheme', [url], string, ({ scheme }) => scheme, nominal),
  method('getHost', [url], string, ({ host }) => host, nominal),
  method('getHostname', [url], string, ({ hostname }) => hostname, nominal),
  method('getPort', [url], string, ({ port }) => port, nominal),
  method('getEscapedPath', [url], string, ({ path }) => path, nominal),
  method('getQuery', [url], map(string, list(string)), ({ parameters }) => parameters, nominal),
];
