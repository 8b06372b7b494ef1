import { t } from '@vscode/l10n';
import { type CodeAction, CodeActionKind } from 'vscode-languageserver';
import { selects } from '../../index/facts.ts';
import { defaultNamespace } from '../../index/symbol.ts';
import { type Action, type ActionContext, editsOf, freeName, metadataFor, offer, podLabels, podOf, toEndOfFile } from './action.ts';

/** Objects that go with a workload: a Service for its ports, and a PodDisruptionBudget. Written as further documents of the file. */
export const companions: Action = (context) => {
  const { object, facts, path, index } = context;
  const name = object.get('metadata', 'name').text;
  const labels = podLabels(context);
  const place = path[object.path.length];
  // Offered at the object's head, where it is the object that is meant and not something in it.
  if (!facts?.pod || name === undefined || !labels || !['apiVersion', 'kind', 'metadata', undefined].includes(place as string | undefined))
    return [];
  const namespace = object.get('metadata', 'namespace').text ?? defaultNamespace;
  const isThere = (kind: string) =>
    index.objects(kind, namespace).some(({ what }) => what.selector && selects(what.selector.labels, facts.pod?.labels ?? {}));
  const actions: CodeAction[] = [];
  if (!isThere('Service')) actions.push(...service(context, name, labels));
  if (['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController'].includes(facts.kind) && !isThere('PodDisruptionBudget')) {
    actions.push(
      ...append(context, t('Add a PodDisruptionBudget for {0}', name), {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: metadataFor(context, freeName(context, 'PodDisruptionBudget', name)),
        spec: { maxUnavailable: 1, selector: { matchLabels: labels } },
      }),
    );
  }
  return actions;
};

function service(context: ActionContext, name: string, selector: Readonly<Record<string, string>>): CodeAction[] {
  const containers = podOf(context)?.get('spec', 'containers').items() ?? [];
  const open = containers.flatMap((container) => container.get('ports').items());
  const ports = open.flatMap((port, place) => {
    const number = port.get('containerPort').number;
    if (number === undefined) return [];
    const portName = port.get('name').text;
    const protocol = port.get('protocol').text;
    return [
      {
        // Only a single port may go without a name.
        ...((portName !== undefined || open.length > 1) && { name: portName ?? `port-${place + 1}` }),
        port: number,
        targetPort: portName ?? number,
        ...(protocol !== undefined && protocol !== 'TCP' && { protocol }),
      },
    ];
  });
  if (ports.length === 0) return [];
  const metadata = metadataFor(context, freeName(context, 'Service', name));
  return append(context, t('Add a Service for {0}', name), { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector, ports } });
}

function append(context: ActionContext, title: string, object: Readonly<Record<string, unknown>>): CodeAction[] {
  const edits = editsOf(context);
  edits.append(object, toEndOfFile(context));
  return offer(context, title, CodeActionKind.Refactor, edits);
}
