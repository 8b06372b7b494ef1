import type { Scope } from './behaviour.ts';
import { ask, call, eventually, type Json } from './cluster.ts';
import { type Replies, startWebhooks, type WebhookServer } from './webhook-server.ts';

export const group = '/apis/admissionregistration.k8s.io/v1';
export const merge = { 'Content-Type': 'application/merge-patch+json' };

/** Webhooks of a behaviour's own namespace. */
export interface Hooks extends WebhookServer {
  readonly namespace: string;
  /** Configures webhooks that are asked about the behaviour's own namespace. */
  configure(kind: 'mutating' | 'validating', ...webhooks: Json[]): Promise<string>;
  path(resource: string, name?: string): string;
}

/** A namespace, and webhooks that are asked about it alone. */
export async function hooks(scope: Scope, replies: Replies): Promise<Hooks> {
  const namespace = await scope.namespace();
  const server = await startWebhooks(scope, namespace, replies);
  const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': namespace } };
  return {
    ...server,
    namespace,
    path: (resource, name = '') => `/api/v1/namespaces/${namespace}/${resource}${name === '' ? '' : `/${name}`}`,
    async configure(kind, ...webhooks) {
      const name = scope.unique('hooks');
      const collection = `${group}/${kind}webhookconfigurations`;
      scope.finally(() => call('DELETE', `${collection}/${name}`));
      await ask('POST', collection, {
        metadata: { name },
        webhooks: webhooks.map((each, index) => ({
          name: `hook-${index}.example.com`,
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
          namespaceSelector,
          ...each,
        })),
      });
      return `${collection}/${name}`;
    },
  };
}

export const rules = (resource: string, ...operations: string[]) => [
  { operations, apiGroups: [''], apiVersions: ['v1'], resources: [resource] },
];
export const map = (name: string, data: Json = {}) => ({ metadata: { name }, data });

/** Writes until the webhook is in force, as it is only some time after its configuration. */
export async function untilRefused(write: () => Promise<{ readonly status: number; readonly body: Json }>): Promise<Json> {
  return await eventually('the webhook is in force', async () => {
    const { status, body } = await write();
    return status < 300 ? undefined : body;
  });
}
