import { BytesAnswer, type HttpRequest, type HttpResponse } from '../../api/http.ts';
import { groupVersionPath, type Kind } from '../../api/kinds/kind.ts';
import type { Descriptions, ParameterTexts, Schema } from '../../api/kinds/schema.ts';
import { requestUrl } from '../request-url.ts';
import { finished, hashOf, type OpenApiDocument, versionThreeAddress } from './document.ts';
import { writeVersion2, writeVersion3 } from './documents.ts';
import { withDefaults } from './field-defaults.ts';
import { encodeGnostic } from './gnostic.ts';
import { encodeGnosticVersion3 } from './gnostic-version3.ts';
import { mergeVersion2 } from './merge-version2.ts';
import { deleteOptions, type GroupVersionKind, type Operation, operationsOf, patch, status } from './operations.ts';
import { pathOperations, resourcesOperation } from './path-operations.ts';
import { publishedForm, type TellsOf } from './published.ts';
import { RemoteDocumentSet } from './remote-documents.ts';
import { closureOf } from './schemas.ts';
import { DocumentDates, serveDocument } from './serve-document.ts';
import type { OpenApiSource } from './source.ts';

/** The OpenAPI documents of a server. All are made when they are first asked for, and again when the kinds have changed. */
export interface OpenApi {
  /** What `/openapi/v3` answers: the documents there are, with hashes in their addresses. */
  index(): Promise<OpenApiDocument>;
  /** A document of version 3 by its place below `/openapi/v3/`: `api/v1`, `apis/apps/v1`. */
  document(path: string): Promise<OpenApiDocument | undefined>;
  /** `/openapi/v2` as JSON. */
  v2Json(): Promise<OpenApiDocument>;
  /** `/openapi/v2` as gnostic's protobuf. */
  v2Protobuf(): Promise<OpenApiDocument>;
  /** Answers any request below `/openapi/`, whatever its method, with entity tags, redirects to current hashes, 404 and 406. */
  handle(request: HttpRequest): Promise<HttpResponse>;
}

const json = 'application/json';
const gnosticType = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';
const gnosticVersion3Type = 'application/com.github.proto-openapi.spec.v3.v1.0+protobuf';
const encoder = new TextEncoder();

/** Definitions that every document needs, whatever its kinds. */
const common = [deleteOptions, status, patch, 'io.k8s.apimachinery.pkg.apis.meta.v1.WatchEvent'];

interface Part {
  readonly path: string;
  readonly operations: readonly Operation[];
  /** As version 2 has them. */
  readonly definitions: ReadonlyMap<string, Schema>;
  /** As version 3 has them: with their defaults. */
  readonly schemas: ReadonlyMap<string, Schema>;
  readonly hash: string;
  document?: Promise<OpenApiDocument>;
}

interface Snapshot {
  readonly revision: string | number;
  /** By path below `/openapi/v3/`. */
  readonly parts: ReadonlyMap<string, Part>;
  version2?: Version2Forms;
}

interface Version2Forms {
  /** Of what others publish. */
  readonly revision: number;
  json?: Promise<OpenApiDocument>;
  protobuf?: Promise<OpenApiDocument>;
}

export function createOpenApi(source: OpenApiSource): OpenApi {
  let descriptions: Promise<Descriptions> | undefined;
  let parameterTexts: Promise<ParameterTexts> | undefined;
  const remote = new RemoteDocumentSet(source);
  const dates = new DocumentDates(source.now);
  let current: { readonly revision: string | number; readonly snapshot: Promise<Snapshot> } | undefined;

  const loadDescriptions = (): Promise<Descriptions> => {
    descriptions ??= source.descriptions();
    return descriptions;
  };
  const loadParameterTexts = (): Promise<ParameterTexts> => {
    parameterTexts ??= source.parameterTexts();
    return parameterTexts;
  };

  const snapshot = (): Promise<Snapshot> => {
    const revision = source.revision();
    if (current?.revision !== revision) {
      const texts = Promise.all([loadDescriptions(), loadParameterTexts()]);
      current = { revision, snapshot: texts.then((all) => takeSnapshot(source, revision, all)) };
    }
    return current.snapshot;
  };

  const index = async (): Promise<OpenApiDocument> => {
    const { parts } = await snapshot();
    const addresses = new Map([...parts.values()].map((part) => [part.path, versionThreeAddress(part)]));
    const sorted = [...addresses, ...(await remote.addresses())].sort(([left], [right]) => (left < right ? -1 : 1));
    const paths = Object.fromEntries(sorted.map(([path, serverRelativeURL]) => [path, { serverRelativeURL }]));
    return finished(encoder.encode(JSON.stringify({ paths })), json);
  };

  const writePart = async (part: Part): Promise<OpenApiDocument> => {
    const { operations, schemas } = part;
    const document = writeVersion3({
      operations,
      definitions: schemas,
      version: source.version,
      descriptions: await loadDescriptions(),
      texts: await loadParameterTexts(),
    });
    return { bytes: encoder.encode(JSON.stringify(document)), etag: `"${part.hash}"`, contentType: json };
  };

  const documentOf = (part: Part): Promise<OpenApiDocument> => {
    part.document ??= writePart(part);
    return part.document;
  };

  const writeV2 = async ({ parts }: Snapshot) => {
    const all = [...parts.values()];
    const own = writeVersion2({
      version: source.version,
      operations: all.flatMap((part) => part.operations),
      definitions: new Map(all.flatMap((part) => [...part.definitions])),
      descriptions: await loadDescriptions(),
    });
    return mergeVersion2(own, remote.version2);
  };

  /** The forms of version 2 as they have been made; both are made anew when others publish something else. */
  const version2Of = (now: Snapshot): Version2Forms => {
    if (now.version2?.revision !== remote.revision) now.version2 = { revision: remote.revision };
    return now.version2;
  };

  const api: OpenApi = {
    index,
    async document(path) {
      const part = (await snapshot()).parts.get(path);
      return part === undefined ? undefined : documentOf(part);
    },
    async v2Json() {
      const now = await snapshot();
      const forms = version2Of(now);
      forms.json ??= writeV2(now).then((document) => finished(encoder.encode(JSON.stringify(document)), json));
      return forms.json;
    },
    async v2Protobuf() {
      const now = await snapshot();
      const forms = version2Of(now);
      forms.protobuf ??= writeV2(now).then((document) => finished(encodeGnostic(document), gnosticType));
      return forms.protobuf;
    },
    async handle(request) {
      const url = requestUrl(request);
      const serve = (document: OpenApiDocument, path: string, headers: Record<string, string> = {}) =>
        serveDocument(request, document, dates.of(path, document.etag), headers);
      if (url.pathname === '/openapi/v2') {
        if (accepts(request, isGnostic)) return serve(await api.v2Protobuf(), url.pathname);
        return accepts(request, isJson) ? serve(await api.v2Json(), url.pathname) : new BytesAnswer(406, {});
      }
      if (url.pathname === '/openapi/v3' || url.pathname === '/openapi/v3/') return serve(await index(), '/openapi/v3');
      const path = url.pathname.startsWith('/openapi/v3/') ? url.pathname.slice('/openapi/v3/'.length) : '';
      const converted = (await remote.converted()).get(path);
      const part = converted ?? (await snapshot()).parts.get(path);
      if (part === undefined) return new BytesAnswer(404, {});
      const wanted = acceptedTypes(request).find((type) => isJson(type) || isGnosticVersion3(type));
      if (wanted === undefined) return new BytesAnswer(406, { vary: 'Accept' });
      const asked = url.searchParams.get('hash');
      if (asked !== null && asked !== part.hash) return movedTo(versionThreeAddress(part));
      const lasting = asked === null ? {} : { 'Cache-Control': 'public, immutable', Expires: inAYear(source.now()) };
      const document = 'operations' in part ? await documentOf(part) : part.document;
      return serve(isJson(wanted) ? document : protobufOf(document), url.pathname, lasting);
    },
  };
  return api;
}

/** Whether one of the media types a request accepts will do. A request that names none accepts all. */
function accepts(request: HttpRequest, matches: (type: string) => boolean): boolean {
  return acceptedTypes(request).some(matches);
}

function acceptedTypes(request: HttpRequest): string[] {
  return (request.headers.get('accept') ?? '*/*').split(',').map((part) => (part.split(';')[0] ?? '').trim());
}

function isJson(type: string): boolean {
  return type === json || type === '*/*' || type === 'application/*' || type === '';
}

/** Old clients write the version with an `@`, which media types do not allow. */
function isGnostic(type: string): boolean {
  return type === gnosticType || type === 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
}

function isGnosticVersion3(type: string): boolean {
  return type === gnosticVersion3Type || type === 'application/com.github.proto-openapi.spec.v3@v1.0+protobuf';
}

/** The same document for clients that ask for protobuf, under the same tag. Few do, so it is made anew for each. */
function protobufOf({ bytes, etag }: OpenApiDocument): OpenApiDocument {
  return { bytes: encodeGnosticVersion3(JSON.parse(new TextDecoder().decode(bytes)) as object), etag, contentType: gnosticVersion3Type };
}

/** As Go's `http.Redirect` leads to another address. */
function movedTo(address: string): HttpResponse {
  const page = encoder.encode(`<a href="${address}">Moved Permanently</a>.\n\n`);
  return new BytesAnswer(301, { location: address, 'content-type': 'text/html; charset=utf-8' }, page);
}

/** Until when a document of a known hash may be kept, which is as good as for ever. `now`: milliseconds since the epoch. */
function inAYear(now: number): string {
  const date = new Date(now);
  date.setUTCFullYear(date.getUTCFullYear() + 1);
  return date.toUTCString().replace('GMT', 'UTC');
}

/** `described`: all that documents describe in words. */
async function takeSnapshot(source: OpenApiSource, revision: string | number, described: unknown): Promise<Snapshot> {
  const groups = new Map<string, Kind[]>();
  for (const kind of source.kinds()) {
    const path = groupVersionPath(kind).slice(1);
    const kinds = groups.get(path) ?? [];
    kinds.push(kind);
    groups.set(path, kinds);
  }
  const builtIn = [...groups.values()].flat().filter((kind) => !source.isCustom(kind));
  const texts = await hashOf(encoder.encode(JSON.stringify(described)));
  const parts = await Promise.all([
    ...[...groups].map(([path, kinds]) => makeKindsPart(source, path, kinds, texts)),
    ...[...pathOperations(builtIn, source.isIssuerTold)].map(([path, operation]) => makePart(source, path, [operation], [], texts)),
  ]);
  return { revision, parts: new Map(parts.toSorted((left, right) => (left.path < right.path ? -1 : 1)).map((part) => [part.path, part])) };
}

async function makeKindsPart(source: OpenApiSource, path: string, kinds: readonly Kind[], texts: string): Promise<Part> {
  const definitionOf = (kind: GroupVersionKind) => {
    const group = kind.group === '' ? 'core' : (kind.group.split('.')[0] ?? kind.group);
    const name = `io.k8s.api.${group}.${kind.version}.${kind.kind}`;
    return source.schemaOf(name) === undefined ? undefined : name;
  };
  const operations = kinds.flatMap((kind) => operationsOf(kind, source.isCustom(kind), source.returnsDeleted(kind), definitionOf));
  const builtIn = kinds.find((kind) => !source.isCustom(kind));
  if (builtIn !== undefined) operations.unshift(resourcesOperation(builtIn));
  return makePart(source, path, operations, kinds, texts);
}

/** `texts` is the hash of all descriptions: a document's own is to change with them. */
async function makePart(
  source: OpenApiSource,
  path: string,
  operations: readonly Operation[],
  kinds: readonly Kind[],
  texts: string,
): Promise<Part> {
  const roots = operations.flatMap(({ body, answer }) => [body, answer]).filter((name) => name !== undefined);
  const shared = kinds.length === 0 ? [] : common;
  const found = closureOf([...shared, ...roots, ...kinds.map((kind) => kind.definition)], source.schemaOf);
  const custom = new Set(kinds.filter(source.isCustom).flatMap(({ definition }) => [definition, `${definition}List`]));
  const published = (tellsOf: TellsOf, write: (name: string, schema: Schema) => Schema) =>
    new Map([...found].map(([name, schema]) => [name, custom.has(name) ? schema : publishedForm(name, write(name, schema), tellsOf)]));
  const definitions = published('all', (_, schema) => schema);
  const own = kinds[0] ?? { group: '', version: 'v1' };
  const schemas = published(custom.size > 0 ? 'custom' : own, (name, schema) => withDefaults(name, schema, source.schemaOf));
  const content = JSON.stringify([source.version, texts, operations, [...schemas]]);
  return { path, operations, definitions, schemas, hash: await hashOf(encoder.encode(content)) };
}
