import { updateManagedFields } from '../../../api/apply/managed-fields.ts';
import type { HttpResponse } from '../../../api/http.ts';
import type { Kind } from '../../../api/kinds/kind.ts';
import { badRequest, conflict, invalidFields, notFound, serviceUnavailable } from '../../../api/status.ts';
import { type FieldError, invalid } from '../../../api/validation/field-error.ts';
import { Path } from '../../../api/validation/path.ts';
import { formatTime } from '../../../simulation/clock.ts';
import type { ApiRequest } from '../../api-request.ts';
import { answerJson } from '../../negotiation/answer.ts';
import { type ApiObject, arrayAt, ensureDict, numberAt, stringAt, valueAt } from '../../registry/api-object.ts';
import type { Core } from '../../registry/core.ts';
import { checkNamespace } from '../create.ts';
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
    readonly node?: { readonly name: string; readonly uid?: string };
    readonly warnAfterSeconds?: number;
  }): Promise<{ readonly token: string; readonly expires: number; readonly credentialId?: string }>;
}

const tokenRequestKind: Kind = transientKind('authentication.k8s.io', 'v1', 'TokenRequest');
const minSeconds = 600;
const defaultSeconds = 3600;
const maxSeconds = 2 ** 32;
/** A lifetime that kubelets ask for on behalf of pods, by which it is known that clients may not renew their tokens in time. */
const extendedSeconds = 3607;
/** How long such a token is good instead, upstream's `ExpirationExtensionSeconds`; it counts as stale before. */
const extension = 365 * 24 * 60 * 60;

/** What a token can be bound to: kind, and where it is found. */
const bindable = {
  Pod: { plural: 'pods', key: 'pod', namespaced: true },
  Secret: { plural: 'secrets', key: 'secret', namespaced: true },
  Node: { plural: 'nodes', key: 'node', namespaced: false },
} as const;

/** POST of a `TokenRequest` to a service account. Follows `pkg/registry/core/serviceaccount/storage/token.go`. */
export async function tokenEndpoint(core: Core, request: ApiRequest, issuer: TokenIssuer | undefined): Promise<HttpResponse> {
  const { resource, info } = request;
  const options = mutationOptions(request, 'CreateOptions');
  const asked = await decodeBody(core, request, tokenRequestKind, options.fieldValidation);
  checkNamed(asked, info.name, info.namespace);
  const entry = core.entry(resource, info.namespace, info.name);
  if (entry === undefined) throw notFound(resource.subject, info.name);
  const { uid = '' } = core.cache.object(resource, entry).metadata;
  const { uid: wanted = '' } = asked.metadata;
  if (wanted !== '' && wanted !== uid) {
    const why = `the UID in the token request (${wanted}) does not match the UID of the service account (${uid})`;
    throw conflict(tokenRequestSubject, info.name, why);
  }
  const expirationSeconds = numberAt(asked, 'spec', 'expirationSeconds') ?? defaultSeconds;
  const errors = expirationErrors(expirationSeconds);
  if (errors.length > 0) throw invalidFields(tokenRequestSubject, '', errors);
  await admitPart(core, request, 'CREATE', asked, tokenRequestKind, options.dryRun);
  if (issuer === undefined) throw serviceUnavailable('this API server has no key to sign tokens with');
  const given = arrayAt(asked, 'spec', 'audiences').map(String);
  const audiences = given.length > 0 ? given : issuer.audiences;
  const bound = boundTo(core, asked, info.namespace, info.name);
  const isExtended = bound.pod !== undefined && expirationSeconds === extendedSeconds && isFor(audiences, issuer.audiences);
  const now = Math.floor(core.clock.now() / 1000) * 1000;
  const { token, credentialId } = await issuer.sign({
    namespace: info.namespace,
    serviceAccount: { name: info.name, uid },
    audiences,
    ...(isExtended ? { expirationSeconds: extension, warnAfterSeconds: expirationSeconds } : { expirationSeconds }),
    ...bound,
  });
  if (credentialId !== undefined) request.annotate?.('authentication.kubernetes.io/issued-credential-id', credentialId);
  const spec = { audiences, expirationSeconds, boundObjectRef: valueAt(asked, 'spec', 'boundObjectRef') ?? null };
  const filled: ApiObject = { ...asked, spec: { ...ensureDict(asked, 'spec'), expirationSeconds } };
  const managedFields = updateManagedFields(core.fieldTypes.root(tokenRequestKind.definition), undefined, filled, {
    manager: options.fieldManager,
    apiVersion: 'authentication.k8s.io/v1',
    subresource: 'token',
    time: core.now(),
  });
  const metadata = {
    ...asked.metadata,
    ...{ name: info.name, namespace: info.namespace, uid, creationTimestamp: core.now() },
    ...(managedFields && { managedFields }),
  };
  return answerJson(201, {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata,
    spec,
    status: { token, expirationTimestamp: formatTime(now + expirationSeconds * 1000) },
  });
}

const tokenRequestSubject = { group: 'authentication.k8s.io', resource: 'TokenRequest' };

/** What the body says of itself must be what the path says. */
function checkNamed(asked: ApiObject, name: string, namespace: string): void {
  checkNamespace(asked, namespace);
  const said = asked.metadata.name ?? '';
  if (said === '' || said === name) return;
  const error = invalid(Path.of('metadata', 'name'), said, 'must match the service account name if specified');
  throw invalidFields(tokenRequestSubject, name, [error]);
}

/** Whether a token is for the API server, and for nobody else. */
function isFor(audiences: readonly string[], own: readonly string[]): boolean {
  return audiences.every((audience) => own.includes(audience));
}

function expirationErrors(seconds: number): readonly FieldError[] {
  const path = Path.of('spec', 'expirationSeconds');
  if (seconds < minSeconds) return [invalid(path, seconds, 'may not specify a duration less than 10 minutes')];
  return seconds > maxSeconds ? [invalid(path, seconds, 'may not specify a duration larger than 2^32 seconds')] : [];
}

type Bounds = Pick<Parameters<TokenIssuer['sign']>[0], 'pod' | 'secret' | 'node'>;

function boundTo(core: Core, asked: ApiObject, namespace: string, account: string): Bounds {
  if (valueAt(asked, 'spec', 'boundObjectRef') === undefined) return {};
  const kind = stringAt(asked, 'spec', 'boundObjectRef', 'kind');
  const apiVersion = stringAt(asked, 'spec', 'boundObjectRef', 'apiVersion');
  const name = stringAt(asked, 'spec', 'boundObjectRef', 'name');
  // Of the core group any version will do.
  const isCore = !apiVersion.includes('/');
  if (!isCore || (kind !== 'Pod' && kind !== 'Secret' && kind !== 'Node')) {
    throw badRequest(`cannot bind token to object of type ${isCore ? `/${apiVersion}` : apiVersion}, Kind=${kind}`);
  }
  const { plural, key, namespaced } = bindable[kind];
  const found = core.reader.get('', plural, namespaced ? namespace : '', name);
  if (found === undefined) throw notFound({ group: '', resource: plural }, name);
  if (kind === 'Pod' && stringAt(found, 'spec', 'serviceAccountName') !== account) {
    throw badRequest(`cannot bind token for serviceaccount ${JSON.stringify(account)} to pod running with different serviceaccount name.`);
  }
  const wanted = stringAt(asked, 'spec', 'boundObjectRef', 'uid');
  const uid = found.metadata.uid ?? '';
  if (wanted !== '' && wanted !== uid) {
    throw conflict(
      { group: '', resource: kind },
      name,
      `the UID in the bound object reference (${wanted}) does not match the UID in record. The object might have been deleted and then recreated`,
    );
  }
  return { [key]: { name, uid }, ...(kind === 'Pod' && nodeOf(core, found)) };
}

/** The node of a pod, with its uid while it is there. */
function nodeOf(core: Core, pod: ApiObject): Pick<Bounds, 'node'> {
  const name = stringAt(pod, 'spec', 'nodeName');
  if (name === '') return {};
  const uid = core.reader.get('', 'nodes', '', name)?.metadata.uid;
  return { node: { name, ...(uid !== undefined && { uid }) } };
}
