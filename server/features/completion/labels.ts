import { t } from '@vscode/l10n';
import type { OutlineNode } from '../../documents/outline-node.ts';
import { around, type Choice, type Context, type Source, type Sources, siblingsOf, templateOf } from './context.ts';

/** Labels with a word about who carries them. */
type Carried = readonly (readonly [name: string, value: string, by: string])[];

/** The labels of the pods that this document makes. */
function templateLabels(object: OutlineNode): Carried {
  const template = templateOf(object);
  return [...(template?.pairs('metadata', 'labels') ?? [])].map(([name, value]) => [name, value, t('the pods of this document')] as const);
}

/** What this document selects by. */
function selectorLabels(object: OutlineNode): Carried {
  const spec = object.get('spec');
  const pairs = [...(spec?.pairs('selector', 'matchLabels') ?? []), ...(spec?.pairs('selector') ?? [])];
  return pairs.map(([name, value]) => [name, value, t('selected by this document')] as const);
}

function ownLabels(object: OutlineNode): Carried {
  return [...object.pairs('metadata', 'labels')].map(([name, value]) => [name, value, t('this object')] as const);
}

/** Labels of the namespace: of pods, or of the objects themselves. */
function nearby({ names, namespace }: Context, whose: 'pods' | 'objects' | 'both'): Carried {
  return [...names.inNamespace(namespace)].flatMap(({ kind, name, labels, pod }) => {
    const carried = { ...(whose === 'pods' ? {} : labels), ...(whose === 'objects' ? {} : pod?.labels) };
    return Object.entries(carried).map(([label, value]) => [label, value, `${kind}/${name}`] as const);
  });
}

function ofKind({ names }: Context, kind: string): Carried {
  return [...names.objects(kind, '')].flatMap(({ name, labels }) =>
    Object.entries(labels).map(([label, value]) => [label, value, `${kind}/${name}`] as const),
  );
}

const recommended: Carried = [
  ['app.kubernetes.io/name', '', 'name of the application'],
  ['app.kubernetes.io/instance', '', 'one installation of it'],
  ['app.kubernetes.io/version', '', 'its version'],
  ['app.kubernetes.io/component', '', 'its part in the architecture'],
  ['app.kubernetes.io/part-of', '', 'the larger application'],
  ['app.kubernetes.io/managed-by', '', 'the tool that manages it'],
  ['app', '', 'short label'],
];

const podSecurity: Carried = ['enforce', 'warn', 'audit'].flatMap((mode) =>
  ['restricted', 'baseline', 'privileged'].map((level) => [`pod-security.kubernetes.io/${mode}`, level, 'Pod Security Standard'] as const),
);

export const nodeLabels: Carried = [
  ['kubernetes.io/hostname', '', 'the node’s name'],
  ['kubernetes.io/os', 'linux', 'operating system'],
  ['kubernetes.io/os', 'windows', 'operating system'],
  ['kubernetes.io/arch', 'amd64', 'processor architecture'],
  ['kubernetes.io/arch', 'arm64', 'processor architecture'],
  ['topology.kubernetes.io/zone', '', 'zone of the node'],
  ['topology.kubernetes.io/region', '', 'region of the node'],
  ['node.kubernetes.io/instance-type', '', 'machine type'],
  ['node-role.kubernetes.io/control-plane', '', 'nodes of the control plane'],
];

/** Labels of everybody, with what they are in the words of the editor's language. */
function translated(carried: Carried): Carried {
  return carried.map(([name, value, by]) => [name, value, t(by)] as const);
}

/** Pairs for a mapping of labels, or, behind one of them, its values. */
function pairs(carried: Carried, rest: readonly (string | number)[]): Choice[] {
  const [label] = rest;
  const found = new Map<string, Choice>();
  for (const [index, [name, value, by]] of carried.entries()) {
    // Whoever carries it is named as `Kind/name`.
    const told = { detail: by, rank: Math.min(index, 40), real: by.includes('/') };
    if (label !== undefined) {
      if (name === label && value !== '' && !found.has(value)) found.set(value, { text: value, ...told });
    } else if (!found.has(name)) found.set(name, { text: name, value, ...told });
  }
  return [...found.values()];
}

/** What a selector of pods can ask for; the pods of the same document come first. */
const podSelector: Source = (context) => {
  // A namespace's selector asks for labels of namespaces.
  if (around(context.node, ({ name }) => name === 'namespaceSelector')) return pairs(namespaceLabels(context), context.rest);
  const own = [...templateLabels(context.object), ...ownLabels(context.object)];
  const named = context.object.textAt('metadata', 'name');
  const guess: Carried = named === undefined ? [] : [['app', named, t('after the object')]];
  return pairs([...own, ...nearby(context, 'pods'), ...guess], context.rest);
};

function namespaceLabels(context: Context): Carried {
  const named = [...context.names.objects('Namespace', '')].map(
    ({ name }) => ['kubernetes.io/metadata.name', name, `Namespace/${name}`] as const,
  );
  const standard = ['default', 'kube-system'].map((name) => ['kubernetes.io/metadata.name', name, t('every cluster')] as const);
  return [...named, ...standard, ...ofKind(context, 'Namespace')];
}

/** Labels to carry: those that somebody selects by come first. */
const labels: Source = (context) => {
  const inTemplate = around(context.node, ({ name }) => name === 'template' || name === 'jobTemplate') !== undefined;
  const { kind } = context.known;
  const wanted = inTemplate || kind === 'Pod' ? selectorLabels(context.object) : [];
  const named = context.object.textAt('metadata', 'name');
  const guess: Carried =
    named === undefined
      ? []
      : [
          ['app', named, t('after the object')],
          ['app.kubernetes.io/name', named, t('after the object')],
        ];
  const special = kind === 'Namespace' ? podSecurity : [];
  const own = inTemplate ? ownLabels(context.object) : templateLabels(context.object);
  return pairs([...wanted, ...own, ...translated(special), ...guess, ...nearby(context, 'both'), ...translated(recommended)], context.rest);
};

const nodes: Source = (context) => pairs([...ofKind(context, 'Node'), ...translated(nodeLabels)], context.rest);

const keysOf = (choices: Iterable<Choice>): Choice[] => [...choices].map(({ value: _value, ...choice }) => choice);

/** The keys, or values for the key beside, of a requirement. */
const requirement =
  (part: 'key' | 'values', source: Source): Source =>
  (context) => {
    const key = siblingsOf(context.node)?.textAt('key');
    if (part === 'key') return keysOf(source({ ...context, rest: [] }));
    return key === undefined ? [] : source({ ...context, rest: [key] });
  };

const topologyKeys: Source = (context) => {
  const usual = ['kubernetes.io/hostname', 'topology.kubernetes.io/zone', 'topology.kubernetes.io/region'];
  const known = keysOf(nodes({ ...context, rest: [] })).filter(({ text }) => !usual.includes(text));
  return [...usual.map((text, rank) => ({ text, rank, detail: t('well-known') })), ...known.map((choice) => ({ ...choice, rank: 9 }))];
};

/** Keys of which pods that stand alike have the same value: the one that tells revisions apart, and those of the document's own pods. */
const alikeKeys: Source = ({ object }) => [
  { text: 'pod-template-hash', detail: t('tells the revisions of a Deployment apart'), rank: 0 },
  ...keysOf(pairs(templateLabels(object), [])).map((choice) => ({ ...choice, rank: 1 })),
];

/** Fields that hold labels, or ask for them. */
export const labelSources: Sources = {
  'meta.v1.ObjectMeta.labels': labels,
  'meta.v1.LabelSelector.matchLabels': podSelector,
  'meta.v1.LabelSelectorRequirement.key': requirement('key', podSelector),
  'meta.v1.LabelSelectorRequirement.values': requirement('values', podSelector),
  'core.v1.ServiceSpec.selector': podSelector,
  'core.v1.ReplicationControllerSpec.selector': podSelector,
  'core.v1.PodSpec.nodeSelector': nodes,
  'core.v1.NodeSelectorRequirement.key': requirement('key', nodes),
  'core.v1.NodeSelectorRequirement.values': requirement('values', nodes),
  'core.v1.PodAffinityTerm.topologyKey': topologyKeys,
  'core.v1.TopologySpreadConstraint.topologyKey': topologyKeys,
  'core.v1.PodAffinityTerm.matchLabelKeys': alikeKeys,
  'core.v1.PodAffinityTerm.mismatchLabelKeys': alikeKeys,
  'core.v1.TopologySpreadConstraint.matchLabelKeys': alikeKeys,
  'node.v1.Scheduling.nodeSelector': nodes,
};
