import { badRequest, expired, plainError } from '../../api/status.ts';
import { type FieldError, forbidden, notSupported } from '../../api/validation/field-error.ts';
import { Path } from '../../api/validation/path.ts';
import { integerParameter, optionsInvalid } from './options.ts';

/** What a list or watch says about revisions and pages. */
export interface ListOptions {
  /** `undefined` when the newest state is asked for. */
  readonly resourceVersion: number | undefined;
  readonly match: '' | 'Exact' | 'NotOlderThan';
  readonly limit: number;
  readonly continueToken: string;
  readonly sendInitialEvents: boolean | undefined;
  readonly allowWatchBookmarks: boolean;
  readonly timeoutSeconds: number | undefined;
}

function flag(text: string | null): boolean {
  return text !== null && text !== 'false' && text !== '0';
}

/** Reads the query of a list or watch. Throws 400, 422 or 500 as upstream's `ValidateListOptions` and the storage layer do. */
export function listOptions(query: URLSearchParams, watching: boolean): ListOptions {
  const limit = integerParameter(query, 'limit') ?? 0;
  const timeoutSeconds = integerParameter(query, 'timeoutSeconds');
  const versionText = query.get('resourceVersion') ?? '';
  const matchText = query.get('resourceVersionMatch') ?? '';
  const continueToken = query.get('continue') ?? '';
  const initial = query.has('sendInitialEvents') ? flag(query.get('sendInitialEvents')) : undefined;
  const errors = watching ? watchErrors(matchText, initial) : listErrors(versionText, matchText, continueToken, initial);
  if (errors.length > 0) throw optionsInvalid('ListOptions', [], errors);
  return {
    resourceVersion: parseRevision(versionText),
    match: matchText === 'Exact' || matchText === 'NotOlderThan' ? matchText : '',
    limit: Math.max(0, limit),
    continueToken,
    sendInitialEvents: initial,
    allowWatchBookmarks: flag(query.get('allowWatchBookmarks')),
    timeoutSeconds,
  };
}

/** Reads a resourceVersion; `undefined` for an empty one. Throws 500 as upstream's storage does. */
export function parseRevision(text: string): number | undefined {
  if (text === '') return undefined;
  if (!/^\d+$/.test(text)) {
    throw plainError(
      `resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`,
    );
  }
  return Number(text);
}

const matchPath = Path.of('resourceVersionMatch');
const initialPath = Path.of('sendInitialEvents');

function listErrors(version: string, match: string, continueToken: string, initial: boolean | undefined): FieldError[] {
  const errors: FieldError[] = [];
  if (initial !== undefined) errors.push(forbidden(initialPath, 'sendInitialEvents is forbidden for list'));
  if (match === '') return errors;
  if (version === '') errors.push(forbidden(matchPath, 'resourceVersionMatch is forbidden unless resourceVersion is provided'));
  if (continueToken !== '') errors.push(forbidden(matchPath, 'resourceVersionMatch is forbidden when continue is provided'));
  if (match !== 'Exact' && match !== 'NotOlderThan') errors.push(notSupported(matchPath, match, ['Exact', 'NotOlderThan', '']));
  if (match === 'Exact' && version === '0') {
    errors.push(forbidden(matchPath, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'));
  }
  return errors;
}

function watchErrors(match: string, initial: boolean | undefined): FieldError[] {
  const errors: FieldError[] = [];
  if (initial !== undefined) {
    if (match === '') errors.push(forbidden(matchPath, 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'));
    else if (match !== 'NotOlderThan') {
      errors.push(notSupported(matchPath, match, ['NotOlderThan']));
    }
  } else if (match !== '') {
    errors.push(forbidden(matchPath, 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'));
  }
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

/** Reads a continue token. Throws 400 for one that this server did not write. */
export function decodeContinue(token: string): Continuation {
  let value: { v?: unknown; rv?: unknown; start?: unknown };
  try {
    const bytes = Uint8Array.from(atob(token.replace(/-/g, '+').replace(/_/g, '/')), (character) => character.charCodeAt(0));
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw badRequest('continue key is not valid: invalid character');
  }
  const { v, rv, start } = value;
  if (v !== 'meta.k8s.io/v1')
    throw badRequest(`continue key is not valid: server does not recognize this encoded version ${JSON.stringify(v)}`);
  if (typeof rv !== 'number' || rv === 0)
    throw badRequest('continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)');
  if (typeof start !== 'string' || start === '' || start.includes('../')) {
    throw badRequest('continue key is not valid: encoded start key empty (version meta.k8s.io/v1)');
  }
  return { revision: rv < 0 ? undefined : rv, after: start.endsWith('\u0000') ? start.slice(0, -1) : start };
}

/** 410 for a page of a revision that is compacted, with a token that goes on at the newest. */
export function continueExpired(after: string): Error {
  return expired(
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
    encodeContinue(-1, after),
  );
}
