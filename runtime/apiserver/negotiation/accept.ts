import { notAcceptable, notAcceptableTransformation } from '../../api/status.ts';

/** What a client asked an object to be turned into. */
export type Transformation = 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList';

/** How an answer is written. */
export interface Accepted {
  readonly media: 'json' | 'yaml';
  readonly as?: Transformation;
  /** The version of `meta.k8s.io` that the client asked for; v1 when left out. */
  readonly metaVersion?: 'v1beta1';
}

/** How an answer of aggregated discovery is written, or `undefined` for the plain form. */
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

/** The clauses of an Accept header, the preferred first. */
export function acceptClauses(header: string): readonly AcceptClause[] {
  const clauses = header.split(',').map((text): AcceptClause => {
    const [type = '', ...rest] = text.split(';').map((part) => part.trim());
    const parameters = new Map<string, string>();
    for (const part of rest) {
      const at = part.indexOf('=');
      if (at > 0) parameters.set(part.slice(0, at), part.slice(at + 1));
    }
    return { type, parameters, quality: Number(parameters.get('q') ?? 1) };
  });
  return clauses.sort((a, b) => b.quality - a.quality);
}

/** Chooses the form of an answer about objects. Throws 406 when nothing that is asked for can be had. */
export function negotiate(header: string | null): Accepted {
  if (header === null || header === '' || header === 'application/json' || header === '*/*') return plainJson;
  let servedType = false;
  for (const { type, parameters } of acceptClauses(header)) {
    if (type === 'application/vnd.kubernetes.protobuf') servedType = true;
    const media = type === 'application/json' || type === '*/*' ? 'json' : type === 'application/yaml' ? 'yaml' : undefined;
    if (media === undefined) continue;
    servedType = true;
    const as = parameters.get('as');
    if (as === undefined) return { media };
    const version = parameters.get('v');
    if (parameters.get('g') === 'meta.k8s.io' && (version === 'v1' || version === 'v1beta1') && isTransformation(as)) {
      return version === 'v1' ? { media, as } : { media, as, metaVersion: version };
    }
  }
  throw servedType ? notAcceptableTransformation() : notAcceptable();
}

function isTransformation(text: string): text is Transformation {
  return transformations.has(text);
}
