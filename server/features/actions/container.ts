import { t } from '@vscode/l10n';
import { CodeActionKind } from 'vscode-languageserver';
import type { Field } from '../../documents/field.ts';
import { type Action, containerAt, editsOf, offer } from './action.ts';
import { templateFor } from './template-for.ts';

/** Numbers of ports that almost always speak HTTP. */
const webPorts = new Set([80, 443, 3000, 5000, 8000, 8080, 8081, 8443, 9090]);

/** Adds what a container lacks: probes that fit its ports, resources, and a security context as the restricted standard wants it. */
export const containerActions: Action = (context) => {
  const container = containerAt(context);
  if (!container?.get('name').exists) return [];
  const add = (title: string, value: unknown, overwrite = false) => {
    const edits = editsOf(context);
    edits.merge(container.path, value, overwrite);
    return offer(context, title, CodeActionKind.RefactorRewrite, edits);
  };
  const resources = container.get('resources').exists ? undefined : templateFor(context, container.path, 'resources');
  return [
    ...probes(container, context.facts?.kind).flatMap(([name, title, probe]) => add(title, { [name]: probe })),
    ...(resources === undefined ? [] : add(t('Add resource requests and limits'), { resources })),
    ...(isRestricted(container) || needsMore(container)
      ? []
      : add(t('Add a restricted security context'), { securityContext: restricted }, true)),
  ];
};

const restricted = {
  allowPrivilegeEscalation: false,
  runAsNonRoot: true,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
};

function isRestricted(container: Field): boolean {
  const context = container.get('securityContext');
  return (
    context.get('allowPrivilegeEscalation').flag === false &&
    context.get('runAsNonRoot').isTrue &&
    context
      .get('capabilities', 'drop')
      .items()
      .some(({ text }) => text === 'ALL') &&
    context.get('seccompProfile', 'type').exists
  );
}

/** Whether a container asks for what the restricted standard forbids: it would not work without, and be refused with both. */
function needsMore(container: Field): boolean {
  const context = container.get('securityContext');
  const added = context.get('capabilities', 'add').items();
  return context.get('privileged').isTrue || added.some(({ text }) => text !== 'NET_BIND_SERVICE');
}

/** The probes that a container lacks, and what they would ask. Init containers have none unless they stay, ephemeral ones never. */
function probes(container: Field, kind: string | undefined): [string, string, unknown][] {
  const list = container.path.at(-2);
  const stays = list === 'containers' || (list === 'initContainers' && container.get('restartPolicy').text === 'Always');
  const asks = stays && kind !== 'Job' && kind !== 'CronJob' ? handler(container) : undefined;
  if (!asks) return [];
  const all: [string, string, unknown][] = [
    ['readinessProbe', t('Add a readiness probe'), { ...asks, periodSeconds: 10 }],
    ['livenessProbe', t('Add a liveness probe'), { ...asks, initialDelaySeconds: 10, periodSeconds: 10 }],
    ['startupProbe', t('Add a startup probe'), { ...asks, periodSeconds: 5, failureThreshold: 30 }],
  ];
  return all.filter(([name]) => !container.get(name).exists);
}

/** A question to the port that says the most about the container. */
function handler(container: Field): Readonly<Record<string, unknown>> | undefined {
  const ports = container
    .get('ports')
    .items()
    .filter((port) => (port.get('protocol').text ?? 'TCP') === 'TCP')
    .flatMap((port) => {
      const number = port.get('containerPort').number;
      return number === undefined ? [] : [{ number, name: port.get('name').text }];
    });
  const web = ports.find(({ number, name }) => (name === undefined ? webPorts.has(number) : /^(http|web)/.test(name)));
  if (web) {
    const secure = web.name?.startsWith('https') || (web.name === undefined && [443, 8443].includes(web.number));
    return { httpGet: { path: '/', port: web.name ?? web.number, ...(secure && { scheme: 'HTTPS' }) } };
  }
  const [first] = ports;
  if (!first) return undefined;
  // The kubelet asks gRPC by number only.
  return first.name?.startsWith('grpc') ? { grpc: { port: first.number } } : { tcpSocket: { port: first.name ?? first.number } };
}
