import type { Transport } from '../client/client.ts';
import type { User } from './authentication/user.ts';
import type { ApiServer } from './server.ts';

/** The way of a component in this process to the API: no socket, and the identity it is given here. */
export function inProcessTransport(server: ApiServer, user: User): Transport {
  const peer = { component: user };
  return (request) => server.handle(request, peer);
}
