import { messageOf } from '../webhooks/client.ts';
import type { RemoteApi } from './remote-apis.ts';
import { get, hostOf, locate, type RemoteParts, UnusableAuthorities } from './remote-server.ts';
import { aggregatorUser } from './users.ts';

const attempts = 5;
/** How long an answer may take, in milliseconds. */
const timeout = 5000;

/**
 * Asks the server of an API for the resources that it must be able to list: several times at once, for a service may have good endpoints and bad ones.
 * Gives what went wrong, in the words of upstream's availability controller; nothing when one of them was answered.
 *
 * @throws UnusableAuthorities when nobody can be asked
 */
export async function discoveryFailure(parts: RemoteParts, api: RemoteApi): Promise<string | undefined> {
  try {
    // One good answer is enough; bad endpoints may take their time.
    await Promise.any(Array.from({ length: attempts }, () => attempt(parts, api)));
    return undefined;
  } catch (error) {
    const last: unknown = error instanceof AggregateError ? error.errors.at(-1) : error;
    if (last instanceof UnusableAuthorities) throw last;
    return messageOf(last);
  }
}

async function attempt(parts: RemoteParts, api: RemoteApi): Promise<void> {
  const location = locate(parts, api);
  const path = api.group === '' ? `/api/${api.version}` : `/apis/${api.group}/${api.version}`;
  const url = `https://${hostOf(location)}${path}`;
  const failed = (why: string) => new Error(`failing or missing response from ${url}: ${why}`);
  const { status } = await get(parts, api, location, { path, user: aggregatorUser, timeout, limit: 0 }).catch((error: unknown) => {
    if (error instanceof UnusableAuthorities) throw error;
    throw failed(`Get ${JSON.stringify(url)}: ${messageOf(error)}`);
  });
  if (status < 200 || status >= 300) throw failed(`bad status from ${url}: ${status}`);
}
