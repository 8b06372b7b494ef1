import { t } from '@vscode/l10n';
import type { OutlineNode } from '../../documents/outline-node.ts';
import {
  around,
  type Choice,
  type Context,
  choices,
  containerAround,
  containersOf,
  podAround,
  type Source,
  type Sources,
  siblingsOf,
  templateOf,
} from './context.ts';
import { keyChoices } from './objects.ts';

/** Volumes of the pod, and claims that a StatefulSet makes for it. */
function* volumes({ node, object }: Context): Iterable<Choice> {
  for (const volume of podAround(node)?.items('volumes') ?? []) {
    const text = volume.textAt('name');
    const sort = volume.children.find(({ name }) => name !== 'name')?.name;
    if (text !== undefined) yield { text, detail: sort === undefined ? t('volume') : t('volume ({0})', sort), rank: 0, real: true };
  }
  for (const claim of object.items('spec', 'volumeClaimTemplates')) {
    const text = claim.textAt('metadata', 'name');
    if (text !== undefined) yield { text, detail: t('claim made for each pod'), rank: 0, real: true };
  }
}

/** For a new volume: names that are mounted and not declared yet. */
function* undeclared({ node }: Context): Iterable<Choice> {
  const pod = podAround(node);
  const declared = new Set(pod?.items('volumes').map((volume) => volume.textAt('name')));
  for (const container of containersOf(pod)) {
    for (const mount of container.items('volumeMounts')) {
      const text = mount.textAt('name');
      if (text !== undefined && !declared.has(text))
        yield { text, detail: t('mounted by {0}', container.textAt('name') ?? t('a container')), rank: 0 };
    }
  }
}

function volumeOf(mount: OutlineNode | undefined): OutlineNode | undefined {
  const name = mount?.textAt('name');
  return (
    mount &&
    podAround(mount)
      ?.items('volumes')
      .find((volume) => volume.textAt('name') === name)
  );
}

function* mountPaths({ node }: Context): Iterable<Choice> {
  const mount = siblingsOf(node);
  const volume = volumeOf(mount);
  const name = mount?.textAt('name');
  const base = volume?.child('configMap') ? '/etc' : volume?.child('secret') ? '/etc/secrets' : volume?.child('emptyDir') ? '' : '/var/lib';
  if (name !== undefined) yield { text: `${base}/${name}`, detail: t('after the volume'), rank: 0 };
  for (const text of ['/data', '/tmp', '/cache', '/etc/config', '/var/log', '/var/cache/nginx', '/usr/share/nginx/html']) yield { text };
}

const subPaths: Source = (context) => {
  const volume = volumeOf(siblingsOf(context.node));
  return [
    ...keyChoices(context, 'ConfigMap', volume?.textAt('configMap', 'name')),
    ...keyChoices(context, 'Secret', volume?.textAt('secret', 'secretName')),
  ];
};

function* containerNames({ node }: Context): Iterable<Choice> {
  for (const container of containersOf(podAround(node))) {
    const text = container.textAt('name');
    if (text !== undefined) yield { text, detail: t('container'), rank: 0, real: true };
  }
}

/** A name for a container: after its image, or its owner. */
function* newContainer({ node, object }: Context): Iterable<Choice> {
  const image = siblingsOf(node)?.textAt('image');
  const short = image?.replace(/[@:][^/]*$/, '').replace(/^.*\//, '');
  if (short !== undefined && /^[a-z0-9-]+$/.test(short)) yield { text: short, detail: t('after the image'), rank: 0 };
  const owner = object.textAt('metadata', 'name');
  if (owner !== undefined) yield { text: owner, detail: t('after the object'), rank: 1 };
}

/** Images that the document uses elsewhere, and some that everybody knows. */
function* images({ root, node }: Context): Iterable<Choice> {
  const own = containerAround(node);
  const used = new Set<string>();
  const walk = (at: OutlineNode) => {
    if (at.name === 'image' && at.parent !== own && at.text !== undefined) used.add(at.text);
    for (const child of at.children) walk(child);
  };
  walk(root);
  for (const text of used) yield { text, detail: t('used in this document'), rank: 0 };
  for (const text of ['nginx:1.29', 'redis:8', 'postgres:18', 'busybox:1.37', 'registry.k8s.io/pause:3.10'])
    if (!used.has(text)) yield { text };
}

/** Environment variables that stand before this one in the container; what `$(NAME)` can mean. */
export function variables(node: OutlineNode): Choice[] {
  const container = containerAround(node);
  const env = container?.items('env') ?? [];
  const own = node.parent ? env.indexOf(node.parent) : -1;
  return env.slice(0, own < 0 ? env.length : own).flatMap((item) => {
    const text = item.textAt('name');
    return text === undefined ? [] : [{ text, detail: item.textAt('value') ?? t('environment variable'), rank: 0 }];
  });
}

const fieldPaths: Readonly<Record<string, string>> = {
  'metadata.name': 'the pod’s name',
  'metadata.namespace': 'the pod’s namespace',
  'metadata.uid': 'the pod’s uid',
  "metadata.labels['<KEY>']": 'one label',
  "metadata.annotations['<KEY>']": 'one annotation',
  'metadata.labels': 'all labels, in a volume only',
  'metadata.annotations': 'all annotations, in a volume only',
  'spec.nodeName': 'the node’s name',
  'spec.serviceAccountName': 'the service account',
  'status.hostIP': 'the node’s first address',
  'status.hostIPs': 'all addresses of the node',
  'status.podIP': 'the pod’s first address',
  'status.podIPs': 'all addresses of the pod',
};

function* fieldPath({ node }: Context): Iterable<Choice> {
  const inVolume = !containerAround(node);
  for (const [text, detail] of Object.entries(fieldPaths)) {
    const onlyInVolume = detail.includes('in a volume only');
    const onlyInEnv = /^(spec|status)\./.test(text);
    if (inVolume ? !onlyInEnv : !onlyInVolume) yield { text, detail: t(detail) };
  }
}

/** What the kind that makes a pod leaves of the policies to restart its containers; undefined for pods by themselves. */
export function restartPolicies({ known, node }: Context): readonly string[] | undefined {
  if (!around(node, ({ name }) => name === 'template')) return undefined;
  if (/^(Cron)?Job$/.test(known.kind)) return ['Never', 'OnFailure'];
  return /^(Deployment|ReplicaSet|StatefulSet|DaemonSet|ReplicationController)$/.test(known.kind) ? ['Always'] : undefined;
}

/** Containers of the pods that an object makes, where it says something about them. */
function* templateContainers({ object }: Context): Iterable<Choice> {
  for (const container of containersOf(templateOf(object)?.get('spec'))) {
    const text = container.textAt('name');
    if (text !== undefined) yield { text, detail: t('container'), rank: 0, real: true };
  }
}

/** Fields inside a pod that name other parts of it. */
export const podSources: Sources = {
  'core.v1.VolumeMount.name': volumes,
  'core.v1.VolumeDevice.name': volumes,
  'core.v1.FileKeySelector.volumeName': volumes,
  'core.v1.Volume.name': undeclared,
  'core.v1.VolumeMount.mountPath': mountPaths,
  'core.v1.VolumeMount.subPath': subPaths,
  'core.v1.Container.name': newContainer,
  'core.v1.Container.image': images,
  'core.v1.Container.restartPolicy': () => choices('Always OnFailure Never'),
  'core.v1.EphemeralContainer.targetContainerName': containerNames,
  'core.v1.ResourceFieldSelector.containerName': containerNames,
  'autoscaling.v2.ContainerResourceMetricSource.container': containerNames,
  'batch.v1.PodFailurePolicyOnExitCodesRequirement.containerName': templateContainers,
  'batch.v1.PodFailurePolicyOnPodConditionsPattern.type': () => choices('DisruptionTarget'),
  'batch.v1.PodFailurePolicyOnPodConditionsPattern.status': () => choices('True False Unknown'),
  'core.v1.ObjectFieldSelector.fieldPath': fieldPath,
  'core.v1.ObjectFieldSelector.apiVersion': () => choices('v1'),
  'core.v1.ResourceFieldSelector.resource': () =>
    choices('limits.cpu limits.memory limits.ephemeral-storage requests.cpu requests.memory requests.ephemeral-storage'),
  'core.v1.Capabilities.add': () =>
    choices('NET_BIND_SERVICE CHOWN SETUID SETGID KILL SYS_PTRACE SYS_TIME NET_ADMIN NET_RAW SYS_ADMIN', t('capability')),
  'core.v1.Capabilities.drop': () => choices('ALL NET_RAW CHOWN SETUID SETGID', t('capability')),
  'core.v1.ResourceClaim.name': function* ({ node }) {
    for (const claim of podAround(node)?.items('resourceClaims') ?? []) {
      const text = claim.textAt('name');
      if (text !== undefined) yield { text, detail: t('claim of the pod'), rank: 0, real: true };
    }
  },
};
