import type { ApiServerOptions } from '../../../runtime/apiserver/api-server.ts';
import { type Answer, type Api, startApi } from '../api.ts';

export interface Admission {
  readonly api: Api;
  /** Makes an object of a core resource, or of `group/plural`, in namespace `default`. */
  create(resource: string, object: object, query?: string): Promise<Answer>;
  pod(name: string, spec?: object, metadata?: object): Promise<Answer>;
  get(resource: string, name: string): Promise<Answer>;
  merge(resource: string, name: string, patch: object, subresource?: string): Promise<Answer>;
}

/** A server with the ServiceAccount `default`, whose token is not mounted. */
export async function startAdmission(options: Partial<ApiServerOptions> = {}): Promise<Admission> {
  const api = await startApi(options);
  const path = (resource: string) => {
    const [plural, group] = resource.split('/').reverse();
    return `${group === undefined ? '/api/v1' : `/apis/${group}/v1`}/namespaces/default/${plural}`;
  };
  const create = (resource: string, object: object, query = '') => api.send('POST', path(resource) + query, object);
  await create('serviceaccounts', { metadata: { name: 'default' }, automountServiceAccountToken: false });
  return {
    api,
    create,
    pod: (name, spec = { containers: [{ name: 'a', image: 'nginx' }] }, metadata = {}) =>
      create('pods', { metadata: { name, ...metadata }, spec }),
    get: (resource, name) => api.send('GET', `${path(resource)}/${name}`),
    merge: (resource, name, patch, subresource = '') =>
      api.send('PATCH', `${path(resource)}/${name}${subresource}`, patch, { 'content-type': 'application/merge-patch+json' }),
  };
}
