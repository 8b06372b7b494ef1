import type { HttpHeaders } from '../../../api/http.ts';
import { badRequest } from '../../../api/status.ts';
import type { User } from '../user.ts';
import { extraValues, listedValues } from '../user-headers.ts';

const extraPrefix = 'impersonate-extra-';

/** Whom the headers of a request name, as they name them. */
export type WantedUser = Required<User>;

/**
 * The user that the `Impersonate-*` headers of a request name; nothing without them. Several groups come as several headers, or in one,
 * separated by commas. Throws 400 for groups, uid or extra without a user. Upstream: `processImpersonationHeaders`.
 */
export function wantedUser(headers: HttpHeaders): WantedUser | undefined {
  const wanted = {
    name: headers.get('impersonate-user') ?? '',
    uid: headers.get('impersonate-uid') ?? '',
    groups: listedValues(headers.get('impersonate-group')),
    extra: extraValues(headers, extraPrefix),
  };
  if (wanted.name !== '') return wanted;
  if (isOnlyNamed(wanted)) return undefined;
  throw badRequest(`requested ${goSyntax(wanted)} without impersonating a user name`);
}

/** Whether nothing but the name is asked for. */
export function isOnlyNamed({ uid, groups, extra }: WantedUser): boolean {
  return uid === '' && groups.length === 0 && Object.keys(extra).length === 0;
}

/** As Go prints the value in its own syntax. */
function goSyntax({ name, uid, groups, extra }: WantedUser): string {
  const strings = (values: readonly string[]) => `[]string{${values.map((value) => JSON.stringify(value)).join(', ')}}`;
  const keys = Object.keys(extra).sort();
  const map = keys.map((key) => `${JSON.stringify(key)}:${strings(extra[key] ?? [])}`).join(', ');
  const parts = [
    `Name:${JSON.stringify(name)}`,
    `UID:${JSON.stringify(uid)}`,
    `Groups:${groups.length === 0 ? '[]string(nil)' : strings(groups)}`,
    `Extra:${keys.length === 0 ? 'map[string][]string(nil)' : `map[string][]string{${map}}`}`,
  ];
  return `&user.DefaultInfo{${parts.join(', ')}}`;
}
