import type { HttpResponse } from '../api/http.ts';
import { noSuchResource } from '../api/status.ts';
import { answerText } from './negotiation/answer.ts';
import type { ResourceTable } from './registry/resource-table.ts';
import type { RequestInfo } from './request-info.ts';

/**
 * Answers a path that nothing serves. Below the core group, the built-in groups and `/version` upstream's API handlers tell so in a Status, which is thrown;
 * every other path, those of custom groups too, falls through to the page that Go's HTTP server has.
 */
export function answerUnknownPath(resources: ResourceTable, { path }: RequestInfo): HttpResponse {
  const [, root = '', group = ''] = path.split('/');
  if (root === 'api' || root === 'version' || (root === 'apis' && isBuiltIn(resources, group))) throw noSuchResource();
  return answerText(404, '404 page not found\n');
}

function isBuiltIn(resources: ResourceTable, group: string): boolean {
  return group === '' || resources.groupVersions().some((each) => each.group === group && each.resources.some(({ isCustom }) => !isCustom));
}
