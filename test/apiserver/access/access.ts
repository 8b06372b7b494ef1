import type { ApiServerOptions } from '../../../runtime/apiserver/api-server.ts';
import { inProcessTransport } from '../../../runtime/apiserver/in-process.ts';
import { ensureBootstrapRoles } from '../../../runtime/bootstrap/rbac/reconcile.ts';
import { createClient } from '../../../runtime/client/http-client.ts';
import { type Answer, type Api, admin, startApi } from '../api.ts';

export const rbac = '/apis/rbac.authorization.k8s.io/v1';

export interface AccessApi extends Api {
  /** Sends as a user who logged in with a certificate. */
  as(user: string, method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Makes a role of rules, `get list on pods,apps/deployments`, and binds it to `User name`; over the cluster when there is no namespace. */
  grant(subject: string, namespace: string, name: string, ...rules: string[]): Promise<void>;
}

/** A server with the roles that every cluster has. A user `name@group` has that group. */
export async function startWithRoles(options: Partial<ApiServerOptions> = {}): Promise<AccessApi> {
  const api = await startApi(options);
  for (const name of ['kube-system', 'kube-public']) await api.send('POST', '/api/v1/namespaces', { metadata: { name } });
  await ensureBootstrapRoles(createClient(inProcessTransport(api.server, admin)));
  return {
    ...api,
    as(user, method, path, body, headers) {
      const [commonName = '', ...organizations] = user.split('@');
      return api.send(method, path, body, headers, { certificate: { commonName, organizations } });
    },
    async grant(subject, namespace, name, ...rules) {
      const prefix = namespace === '' ? rbac : `${rbac}/namespaces/${namespace}`;
      const kind = namespace === '' ? 'ClusterRole' : 'Role';
      const [subjectKind = '', subjectName = ''] = subject.split(' ');
      const plural = `${kind.toLowerCase()}s`;
      await api.send('POST', `${prefix}/${plural}`, { metadata: { name }, rules: rules.map(ruleOf) });
      await api.send('POST', `${prefix}/${kind.toLowerCase()}bindings`, {
        metadata: { name },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name },
        subjects: [{ kind: subjectKind, name: subjectName }],
      });
    },
  };
}

/** `get list on pods,apps/deployments:web`: verbs, resources with their group, and a name. */
export function ruleOf(text: string): object {
  const [verbs = '', on = ''] = text.split(' on ');
  const [targets = '', name] = on.split(':');
  if (targets.startsWith('/')) return { verbs: verbs.split(' '), nonResourceURLs: targets.split(',') };
  const parts = targets.split(',').map((target) => (target.startsWith('~') ? target.slice(1).split('~') : ['', target]));
  return {
    verbs: verbs.split(' '),
    apiGroups: [...new Set(parts.map(([group]) => group))],
    resources: parts.map(([, resource]) => resource),
    ...(name === undefined ? {} : { resourceNames: [name] }),
  };
}
