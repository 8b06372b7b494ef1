import { updateManagedFields } from '../../../api/apply/managed-fields.ts';
import type { Kind } from '../../../api/kinds/kind.ts';
import { badRequest, conflict, invalidFields, notFound, serviceUnavailable } from '../../../api/status.ts';
import { type FieldError, invalid } from '../../../api/validation/field-error.ts';
import { Path } from '../../../api/validation/path.ts';
import { formatTime } from '../../../simulation/clock.ts';
import type { ApiRequest } from '../../api-request.ts';
import { answerJson } from '../../negotiation/answer.ts';
import { type ApiObject, arrayAt, ensureDict, numberAt, stringAt, valueAt } from '../../registry/api-object.ts';
import type { Core } from '../../registry/core.ts';
import { decodeBody, transientKind } from '../decode-body.ts';
import { mutationOptions } from '../options.ts';
import { admitPart } from './admit-part.ts';

interface Bound {
  readonly name: string;
  readonly uid: string;
}

/** Signs tokens of service accounts. */
export interface TokenIssuer {
  /** Who tokens are for when nobody says it. */
  readonly audiences: readonly string[];
  /** The name of the issuer, an URL. */
  readonly issuer?: string;
  /** The keys that tokens can be checked with, as JSON Web Keys; left out, they are not told. */
  publicKeys?(): Promise<readonly { readonly alg?: string }[]>;
  /** Gives the token and when it expires, in milliseconds since the epoch. */
  sign(subject: {
    readonly namespace: string;
    readonly serviceAccount: Bound;
    readonly audiences: readonly string[];
    readonly expirationSeconds: number;
    readonly pod?: Bound;
    readonly secret?: Bound;
    readonly node?: Bound;
  }): Promise<{ readonly token: string; readonly expires: number }>;
}

const tokenRequestKind: Kind = transientKind('authentication.k8s.io', 'v1', 'TokenRequest');
const minSeconds = 600;
const defaultSeconds = 3600;
const maxSeconds = 2 ** 32;

/** What a token can be bound to: kind, and where it is found. */
const bindable = {
  Pod: { plural: 'pods', key: 'pod', namespaced: true },
  Secret: { plural: 'secrets', key: 'secret', namespaced: true },
  Node: { plural: 'nodes', key: 'node', namespaced: false },
} as const;

/** POST of a `TokenRequest` to a service account. Follows `pkg/registry/core/serviceaccount/storage/token.go`. */
export async function tokenEndpoint(core: Core, request: ApiRequest, issuer: TokenIssuer | undefined): Promise<Response> {
  const { resource, info } = request;
  const options = mutationOptions(request, 'CreateOptions');
  const asked = await decodeBody(core, request, tokenRequestKind, options.fieldValidation);
  await admitPart(core, request, 'CREATE', asked, tokenRequestKind, options.dryRun);
  const entry = core.entry(resource, info.namespace, info.name);
  if (entry === undefined) throw notFound(resource.subject, info.name);
  if (issuer === undefined) throw serviceUnavailable('this API server has no key to sign tokens with');
  const account = core.cache.object(resource, entry);
  const expirationSeconds = numberAt(asked, 'spec', 'expirationSeconds') ?? defaultSeconds;
  const errors = expirationErrors(expirationSeconds);
  if (errors.length > 0)
    throw invalidFields({ group: 'authentication.k8s.io', resource: 'TokenRequest' }, asked.metadata.name ?? '', errors);
  const given = arrayAt(asked, 'spec', 'audiences').map(String);
  const audiences = given.length > 0 ? given : issuer.audiences;
  const bound = boundTo(core, asked, info.namespace);
  const { token, expires } = await issuer.sign({
    namespace: info.namespace,
    serviceAccount: { name: info.name, uid: account.metadata.uid ?? '' },
    audiences,
    expirationSeconds,
    ...bound,
  });
  const spec = { audiences, expirationSeconds, boundObjectRef: valueAt(asked, 'spec', 'boundObjectRef') ?? null };
  const filled: ApiObject = { ...asked, spec: { ...ensureDict(asked, 'spec'), expirationSeconds } };
  const managedFields = updateManagedFields(core.fieldTypes.root(tokenRequestKind.definition), undefined, filled, {
    manager: options.fieldManager,
    apiVersion: 'authentication.k8s.io/v1',
    subresource: 'token',
    time: core.now(),
  });
  const metadata = { name: info.name, namespace: info.namespace, creationTimestamp: core.now(), ...(managedFields && { managedFields }) };
  return answerJson(201, {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata,
    spec,
    status: { token, expirationTimestamp: formatTime(expires) },
  });
}

function expirationErrors(seconds: number): readonly FieldError[] {
  const path = Path.of('spec', 'expirationSeconds');
  if (seconds < minSeconds) return [invalid(path, seconds, 'may not specify a duration less than 10 minutes')];
  return seconds > maxSeconds ? [invalid(path, seconds, 'may not specify a duration larger than 2^32 seconds')] : [];
}

function boundTo(core: Core, asked: ApiObject, namespace: string): { readonly [key in 'pod' | 'secret' | 'node']?: Bound } {
  if (valueAt(asked, 'spec', 'boundObjectRef') === undefined) return {};
  const kind = stringAt(asked, 'spec', 'boundObjectRef', 'kind');
  const apiVersion = stringAt(asked, 'spec', 'boundObjectRef', 'apiVersion');
  const name = stringAt(asked, 'spec', 'boundObjectRef', 'name');
  if (apiVersion !== 'v1' || (kind !== 'Pod' && kind !== 'Secret' && kind !== 'Node')) {
    throw badRequest(`cannot bind token to object of type ${apiVersion === 'v1' ? '/v1' : apiVersion}, Kind=${kind}`);
  }
  const { plural, key, namespaced } = bindable[kind];
  const subject = { group: '', resource: plural };
  const found = core.reader.get('', plural, namespaced ? namespace : '', name);
  if (found === undefined) throw notFound(subject, name);
  const wanted = stringAt(asked, 'spec', 'boundObjectRef', 'uid');
  const uid = found.metadata.uid ?? '';
  if (wanted !== '' && wanted !== uid) {
    throw conflict(
      subject,
      name,
      `the UID in the bound object reference (${wanted}) does not match the UID in record. The object might have been deleted and then recreated`,
    );
  }
  return { [key]: { name, uid } };
}
