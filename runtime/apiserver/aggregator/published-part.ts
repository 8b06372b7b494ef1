import type { RequestInfo } from '../request-info.ts';
import type { RemoteServers } from './remote-servers.ts';

/** What a request to another server is about, as far as that server has said that it has it: no more of it is counted. */
export function publishedPart(servers: RemoteServers, info: RequestInfo): RequestInfo {
  const resource = servers.lastTold(info).find((each) => each.resource === info.resource);
  if (resource === undefined) return { ...info, resource: '', subresource: '' };
  const isKnown = resource.subresources?.some(({ subresource }) => subresource === info.subresource) ?? false;
  return isKnown ? info : { ...info, subresource: '' };
}
