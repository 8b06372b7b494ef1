import { apiVersionOf } from '../../api/kinds/kind.ts';
import { notAcceptableTransformation, notMarshalable } from '../../api/status.ts';
import type { ApiRequest } from '../api-request.ts';
import { isKnownInProtobuf } from '../encoding/protobuf-messages.ts';
import { goType } from './go-type.ts';
import { protobufType } from './routes.ts';

/** What a client asked an object to be turned into. */
export type Transformation = 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList';

/** How an answer is written. */
export interface Accepted {
  readonly media: 'json' | 'yaml' | 'protobuf';
  readonly as?: Transformation;
  /** The version of `meta.k8s.io` that the client asked for; v1 when left out. */
  readonly metaVersion?: 'v1beta1';
  /** Whether the media type itself asks to be indented. */
  readonly pretty?: boolean;
}

/** One of the forms that an Accept header names. */
export interface AcceptClause {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly quality: number;
}

const plainJson: Accepted = { media: 'json' };
const transformations: ReadonlySet<string> = new Set(['Table', 'PartialObjectMetadata', 'PartialObjectMetadataList']);

/** The apiVersion of what objects are turned into. */
export function metaApiVersion({ metaVersion }: Accepted): string {
  return `meta.k8s.io/${metaVersion ?? 'v1'}`;
}

/** The clauses of an Accept header, the preferred first; of equal ones the more particular. */
export function acceptClauses(header: string): readonly AcceptClause[] {
  const clauses = header.split(',').map((text): AcceptClause => {
    const [type = '', ...rest] = text.split(';').map((part) => part.trim());
    const parameters = new Map<string, string>();
    for (const part of rest) {
      const at = part.indexOf('=');
      if (at > 0) parameters.set(part.slice(0, at), part.slice(at + 1));
    }
    return { type, parameters, quality: qualityOf(parameters.get('q')) };
  });
  const wildcards = ({ type }: AcceptClause): number => (type === '*/*' ? 2 : type.endsWith('/*') ? 1 : 0);
  return clauses.sort((a, b) => b.quality - a.quality || wildcards(a) - wildcards(b));
}

function qualityOf(text: string | undefined): number {
  const quality = Number(text ?? 1);
  return Number.isNaN(quality) ? 1 : quality;
}

/** In what there is an answer. */
export interface Available {
  /** Whether what is answered with can be turned into this; what is never stored has no Table. Left out: into everything. */
  readonly allows?: (as: Transformation) => boolean;
  /** Whether it has a form in protobuf, itself or turned into something else. */
  readonly inProtobuf: (as: Transformation | undefined) => boolean;
  /** The Go type of what has no form of its own in protobuf, for upstream's words to who accepts nothing else; left out: in general words. */
  readonly unwritable?: string;
}

/** The form of an answer about objects that a request asks for. Throws 406 when nothing that it asks for can be had. */
export function acceptedBy({ request, resource, info }: ApiRequest, allows?: Available['allows']): Accepted {
  const { kind, isCustom } = resource;
  // What comes over a WebSocket are texts. The metadata alone is the same of all kinds.
  const inProtobuf: Available['inProtobuf'] = (as) =>
    request.headers.get('upgrade') === null && (as !== undefined || (!isCustom && isKnownInProtobuf(apiVersionOf(kind), kind.kind)));
  const unwritable = isCustom ? { unwritable: goType(resource, info.verb === 'list' ? `${kind.kind}List` : kind.kind) } : {};
  return negotiate(request.headers.get('accept'), { inProtobuf, ...(allows && { allows }), ...unwritable });
}

/**
 * Chooses the form of an answer. Who takes JSON or YAML as well as protobuf is not given protobuf: what is stored is JSON, and goes out as it is.
 * Throws 406 when nothing that is asked for can be had.
 */
export function negotiate(header: string | null, { allows = () => true, inProtobuf, unwritable }: Available): Accepted {
  if (header === null || header === '' || header === 'application/json' || header === '*/*') return plainJson;
  let last: Accepted | undefined;
  let isUnwritable = false;
  for (const { type, parameters } of acceptClauses(header)) {
    const media = mediaOf(type);
    if (media === undefined) continue;
    const accepted = acceptedForm(media, parameters);
    if (accepted === undefined || (accepted.as !== undefined && !allows(accepted.as))) continue;
    if (media !== 'protobuf') return accepted;
    if (inProtobuf(accepted.as)) last ??= accepted;
    else isUnwritable = true;
  }
  if (last === undefined) throw isUnwritable && unwritable !== undefined ? notMarshalable(unwritable) : notAcceptableTransformation();
  return last;
}

/** What is written for a media type that a client accepts; `undefined` for one that is not written here. */
export function mediaOf(type: string): Accepted['media'] | undefined {
  if (type === 'application/json' || type === '*/*' || type === 'application/*') return 'json';
  if (type === 'application/yaml') return 'yaml';
  return type === protobufType ? 'protobuf' : undefined;
}

/** The form that the parameters of a clause ask for; `undefined` when there is none such. */
function acceptedForm(media: Accepted['media'], parameters: AcceptClause['parameters']): Accepted | undefined {
  const stream = parameters.get('stream') ?? '';
  if ((stream !== '' && (stream !== 'watch' || media === 'yaml')) || (parameters.get('sv') ?? '') !== '') return undefined;
  const pretty = parameters.get('pretty') === '1' ? { pretty: true } : {};
  const [as, group, version] = [parameters.get('as'), parameters.get('g'), parameters.get('v')];
  if (as === undefined && group === undefined && version === undefined) return { media, ...pretty };
  if (as === undefined || !isTransformation(as) || group !== 'meta.k8s.io') return undefined;
  if (media === 'protobuf' && (as === 'Table' || version !== 'v1')) return undefined;
  if (version === 'v1') return { media, as, ...pretty };
  return version === 'v1beta1' ? { media, as, metaVersion: version, ...pretty } : undefined;
}

function isTransformation(text: string): text is Transformation {
  return transformations.has(text);
}
