import { t } from '@vscode/l10n';
import type { OutlineNode } from '../../documents/outline-node.ts';
import { type ContainerPort, type Labels, selects } from '../../index/facts.ts';
import { type Choice, type Context, containerAround, type Source, type Sources, siblingsOf } from './context.ts';

/** The ports of a container as the outline shows them. */
function portsOf(container: OutlineNode): ContainerPort[] {
  return container.items('ports').map((port) => ({ name: port.textAt('name'), number: Number(port.textAt('containerPort')) || undefined }));
}

function* portChoices(ports: Iterable<ContainerPort>, of: string, by: 'both' | 'number' = 'both'): Iterable<Choice> {
  for (const { name, number } of ports) {
    if (name !== undefined && by === 'both')
      yield { text: name, detail: number === undefined ? t('port of {0}', of) : t('port {0} of {1}', number, of), rank: 0, real: true };
    if (number !== undefined)
      yield { text: String(number), detail: name === undefined ? t('port of {0}', of) : t('port {0} of {1}', name, of), rank: 1 };
  }
}

/** Ports of the container that a probe or hook belongs to. */
const ownPort: Source = ({ node }) => {
  const container = containerAround(node);
  return container ? portChoices(portsOf(container), t('container {0}', container.textAt('name') ?? '')) : [];
};

const ownPortNumber: Source = ({ node }) => {
  const container = containerAround(node);
  return container ? portChoices(portsOf(container), t('container {0}', container.textAt('name') ?? ''), 'number') : [];
};

/** Ports of the pods that labels choose, in the workspace; of all pods of the namespace when none are chosen. */
function* selectedPorts({ names, namespace }: Context, selector: Labels, by: 'both' | 'number' = 'both'): Iterable<Choice> {
  const pods = [...names.inNamespace(namespace)].filter(({ pod }) => pod && pod.ports.length > 0);
  const chosen = pods.filter(({ pod }) => pod && selects(selector, pod.labels));
  for (const { kind, name, pod } of chosen.length > 0 ? chosen : pods) yield* portChoices(pod?.ports ?? [], `${kind}/${name}`, by);
}

const targetPort: Source = (context) => selectedPorts(context, Object.fromEntries(context.object.pairs('spec', 'selector')));

function* servicePort(context: Context): Iterable<Choice> {
  yield* selectedPorts(context, Object.fromEntries(context.object.pairs('spec', 'selector')), 'number');
  yield* inOrder(usual);
}

function* policyPort(context: Context): Iterable<Choice> {
  yield* selectedPorts(context, Object.fromEntries(context.object.pairs('spec', 'podSelector', 'matchLabels')));
  yield* inOrder([...usual, ['53', 'DNS']]);
}

const usual = [
  ['80', 'HTTP'],
  ['8080', 'HTTP without root'],
  ['443', 'HTTPS'],
  ['8443', 'HTTPS without root'],
] as const;
const usualNames = [['http'], ['https'], ['grpc'], ['metrics']] as const;

/** What people write most comes first, behind all that is known of the place. */
function inOrder(values: readonly (readonly [text: string, detail?: string])[]): readonly Choice[] {
  return values.map(([text, detail], place) => ({ text, rank: 4 + place, ...(detail !== undefined && { detail: t(detail) }) }));
}

/** What well-known images listen on. */
const imagePorts: readonly (readonly [RegExp, string, string])[] = [
  [/nginx-unprivileged/, '8080', 'http'],
  [/nginx|httpd|apache|caddy|traefik/, '80', 'http'],
  [/redis|valkey/, '6379', 'redis'],
  [/postgres/, '5432', 'postgres'],
  [/mysql|mariadb/, '3306', 'mysql'],
  [/mongo/, '27017', 'mongodb'],
  [/rabbitmq/, '5672', 'amqp'],
  [/memcached/, '11211', 'memcached'],
  [/elasticsearch|opensearch/, '9200', 'http'],
  [/grafana/, '3000', 'http'],
  [/prometheus/, '9090', 'http'],
];

function* containerPort({ node }: Context): Iterable<Choice> {
  const image = containerAround(node)?.textAt('image') ?? '';
  for (const [pattern, text] of imagePorts) if (pattern.test(image)) yield { text, detail: t('what {0} listens on', image), rank: 0 };
  yield* inOrder(usual);
}

function* portName({ node }: Context): Iterable<Choice> {
  const image = containerAround(node)?.textAt('image') ?? '';
  for (const [pattern, , text] of imagePorts) if (pattern.test(image)) yield { text, rank: 0 };
  yield* inOrder(usualNames);
}

function* servicePortName(context: Context): Iterable<Choice> {
  const target = siblingsOf(context.node)?.textAt('targetPort');
  if (target !== undefined && /[a-z]/.test(target)) yield { text: target, detail: t('as the target is named'), rank: 0 };
  for (const { text, detail } of selectedPorts(context, Object.fromEntries(context.object.pairs('spec', 'selector')))) {
    if (/[a-z]/.test(text)) yield { text, rank: 1, ...(detail !== undefined && { detail }) };
  }
  yield* inOrder(usualNames);
}

/** Fields that name ports. */
export const portSources: Sources = {
  'core.v1.HTTPGetAction.port': ownPort,
  'core.v1.TCPSocketAction.port': ownPort,
  'core.v1.GRPCAction.port': ownPortNumber,
  'core.v1.ContainerPort.containerPort': containerPort,
  'core.v1.ContainerPort.name': portName,
  'core.v1.ServicePort.port': servicePort,
  'core.v1.ServicePort.targetPort': targetPort,
  'core.v1.ServicePort.name': servicePortName,
  'networking.v1.NetworkPolicyPort.port': policyPort,
};
