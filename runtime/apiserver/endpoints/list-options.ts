import { goJsonError } from '../../api/go-json-error.ts';
import { isTrue } from '../../api/http.ts';
import { badRequest, expired, plainError } from '../../api/status.ts';
import { type FieldError, forbidden, notSupported } from '../../api/validation/field-error.ts';
import { Path } from '../../api/validation/path.ts';
import { isDict } from '../registry/api-object.ts';
import { integerParameter, optionsInvalid } from './options.ts';

const maxUint64 = 2n ** 64n - 1n;

/** What a list or watch says about revisions and pages. */
export interface ListOptions {
  /** `undefined` when the newest state is asked for. */
  readonly resourceVersion: number | undefined;
  readonly match: '' | 'Exact' | 'NotOlderThan';
  readonly limit: number;
  /** Where a list goes on that was given in pages. */
  readonly continuation?: Continuation;
  readonly sendInitialEvents: boolean | undefined;
  readonly allowWatchBookmarks: boolean;
  readonly timeoutSeconds: number | undefined;
}

/**
 * Reads the query of a list or watch. Throws 400, 422 or 500 as upstream's `ValidateListOptions` and the storage layer do. Who watches by the old path
 * alone, without saying so in the query, gives the options of a list.
 */
export function listOptions(query: URLSearchParams, watching: boolean): ListOptions {
  const timeoutSeconds = integerParameter(query, 'timeoutSeconds');
  const limit = integerParameter(query, 'limit') ?? 0;
  const versionText = query.get('resourceVersion') ?? '';
  let matchText = query.get('resourceVersionMatch') ?? '';
  const continueToken = query.get('continue') ?? '';
  let initial = query.has('sendInitialEvents') ? isTrue(query.get('sendInitialEvents')) : undefined;
  const saysWatch = watching && isTrue(query.get('watch'));
  if (saysWatch && initial === undefined && matchText === '' && (versionText === '' || versionText === '0')) {
    // Who does not say where to begin is told what there is, and when that is complete.
    initial = true;
    matchText = 'NotOlderThan';
  }
  const errors = saysWatch ? watchErrors(matchText, continueToken, initial) : listErrors(versionText, matchText, continueToken, initial);
  if (errors.length > 0) throw optionsInvalid('ListOptions', [], errors);
  return {
    ...(watching ? { resourceVersion: parseRevision(versionText) } : listFrom(versionText, continueToken)),
    match: matchText === 'Exact' || matchText === 'NotOlderThan' ? matchText : '',
    limit: Math.max(0, limit),
    sendInitialEvents: initial,
    allowWatchBookmarks: isTrue(query.get('allowWatchBookmarks')),
    timeoutSeconds,
  };
}

/** Reads a resourceVersion; `undefined` for an empty one. Throws 500 as upstream's storage does. */
export function parseRevision(text: string): number | undefined {
  if (text === '') return undefined;
  const fault = revisionFault(text);
  if (fault !== undefined) throw plainError(fault);
  return Number(text);
}

/** The revision or the place that a list begins at. Throws 400 for what cannot be read. */
function listFrom(version: string, continueToken: string): Pick<ListOptions, 'resourceVersion' | 'continuation'> {
  if (continueToken !== '') {
    const continuation = decodeContinue(continueToken);
    if (version !== '' && version !== '0') throw badRequest('specifying resource version is not allowed when using continue');
    return { resourceVersion: undefined, continuation };
  }
  const fault = version === '' ? undefined : revisionFault(version);
  if (fault !== undefined) throw badRequest(`invalid resource version: ${fault}`);
  return { resourceVersion: parseRevision(version) };
}

function revisionFault(text: string): string | undefined {
  const why = !/^\d+$/.test(text) ? 'invalid syntax' : BigInt(text) > maxUint64 ? 'value out of range' : undefined;
  return why && `resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: ${why}`;
}

const matchPath = Path.of('resourceVersionMatch');
const initialPath = Path.of('sendInitialEvents');

function listErrors(version: string, match: string, continueToken: string, initial: boolean | undefined): FieldError[] {
  const errors = match === '' ? [] : listMatchErrors(version, match, continueToken);
  if (initial !== undefined) errors.push(forbidden(initialPath, 'sendInitialEvents is forbidden for list'));
  return errors;
}

function listMatchErrors(version: string, match: string, continueToken: string): FieldError[] {
  const errors: FieldError[] = [];
  if (version === '') errors.push(forbidden(matchPath, 'resourceVersionMatch is forbidden unless resourceVersion is provided'));
  if (continueToken !== '') errors.push(forbidden(matchPath, 'resourceVersionMatch is forbidden when continue is provided'));
  if (match !== 'Exact' && match !== 'NotOlderThan') errors.push(notSupported(matchPath, match, ['Exact', 'NotOlderThan', '']));
  if (match === 'Exact' && version === '0') {
    errors.push(forbidden(matchPath, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'));
  }
  return errors;
}

function watchErrors(match: string, continueToken: string, initial: boolean | undefined): FieldError[] {
  const errors: FieldError[] = [];
  if (initial !== undefined && match !== 'NotOlderThan') {
    errors.push(forbidden(matchPath, 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'));
  }
  if (match === '') return errors;
  if (initial === undefined) {
    errors.push(forbidden(matchPath, 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'));
  }
  if (match !== 'NotOlderThan') errors.push(notSupported(matchPath, match, ['NotOlderThan']));
  if (continueToken !== '') errors.push(forbidden(matchPath, 'resourceVersionMatch is forbidden when continue is provided'));
  return errors;
}

/** Where a paged list goes on. */
export interface Continuation {
  /** Left out: at the newest revision, which makes the list inconsistent. */
  readonly revision: number | undefined;
  /** The last key given, after the collection's prefix. */
  readonly after: string;
}

/** Writes a continue token. */
export function encodeContinue(revision: number, after: string): string {
  const bytes = new TextEncoder().encode(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start: `${after}\u0000` }));
  return btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '');
}

/** Reads a continue token. Throws 400 for one that this server did not write, in the words of upstream's `DecodeContinue`. */
export function decodeContinue(token: string): Continuation {
  const fields = continueFields(token);
  const { v, rv, start } = fields;
  if (v !== 'meta.k8s.io/v1') throw badContinue(`: server does not recognize this encoded version ${v}`);
  if (rv === 0) throw badContinue(': incorrect encoded start resourceVersion (version meta.k8s.io/v1)');
  if (start === '') throw badContinue(': encoded start key empty (version meta.k8s.io/v1)');
  const after = start.startsWith('/') ? start.slice(1) : start;
  if (after.split('/').some((part) => part === '' || part === '.' || part === '..')) throw badContinue(`: ${start}`);
  return { revision: rv < 0 ? undefined : rv, after: after.endsWith('\u0000') ? after.slice(0, -1) : after };
}

function badContinue(why: string): Error {
  return badRequest(`invalid continue token: continue key is not valid${why}`);
}

function continueFields(token: string): { readonly v: string; readonly rv: number; readonly start: string } {
  const stranger = token.search(/[^A-Za-z0-9_-]/);
  if (stranger >= 0 || token.length % 4 === 1) {
    throw badContinue(`: illegal base64 data at input byte ${stranger >= 0 ? stranger : token.length - 1}`);
  }
  const bytes = Uint8Array.from(atob(token.replace(/-/g, '+').replace(/_/g, '/')), (character) => character.charCodeAt(0));
  const text = new TextDecoder().decode(bytes);
  const fault = goJsonError(text);
  if (fault !== undefined) throw badContinue(`: ${fault}`);
  const value: unknown = JSON.parse(text);
  if (!isDict(value) && value !== null)
    throw badContinue(`: json: cannot unmarshal ${jsonTypeName(value)} into Go value of type storage.continueToken`);
  const { v, rv, start } = value ?? {};
  const wrong = (field: string, given: unknown, type: string): Error =>
    badContinue(`: json: cannot unmarshal ${jsonTypeName(given)} into Go struct field continueToken.${field} of type ${type}`);
  if (v !== undefined && v !== null && typeof v !== 'string') throw wrong('v', v, 'string');
  if (rv !== undefined && rv !== null && (typeof rv !== 'number' || !Number.isInteger(rv))) throw wrong('rv', rv, 'int64');
  if (start !== undefined && start !== null && typeof start !== 'string') throw wrong('start', start, 'string');
  return { v: v ?? '', rv: rv ?? 0, start: start ?? '' };
}

/** How Go's decoder calls a value. */
function jsonTypeName(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'number' : `number ${value}`;
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** 410 for a page of a revision that is compacted, with a token that goes on at the newest. */
export function continueExpired(after: string): Error {
  return expired(
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
    encodeContinue(-1, after),
  );
}
