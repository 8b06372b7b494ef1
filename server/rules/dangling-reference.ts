import { t } from '@vscode/l10n';
import { didYouMean } from '../documents/did-you-mean.ts';
import type { Field } from '../documents/field.ts';
import type { Occurrence } from '../index/facts.ts';
import { nameOf, sortOf } from '../index/symbol.ts';
import { distance, nearest } from '../schemas/distance.ts';
import { folderOf } from './folders.ts';
import { namespacesOf } from './moved-namespaces.ts';
import type { Finding, Rule, Severity, Subject } from './rule.ts';

/** Objects that a cluster has from the start. */
const builtIn =
  /^(ServiceAccount default|Namespace (default|kube-.*)|ClusterRole (cluster-admin|admin|edit|view|system:.*)|Role system:.*|PriorityClass system-.*|ConfigMap kube-root-ca\.crt|Service kubernetes)$/;

/** Kinds that something else than a manifest often makes: certificates, operators, whoever set the cluster up. */
const oftenElsewhere = new Set([
  'Secret',
  'StorageClass',
  'IngressClass',
  'PriorityClass',
  'RuntimeClass',
  'ClusterRole',
  'Namespace',
  'PersistentVolume',
]);

/** References to objects that no manifest declares, while manifests of the same namespace are here. */
export const danglingReference: Rule = {
  id: 'dangling-reference',
  title: 'Reference to an object that is not there',
  why: 'Pods that refer to a missing ConfigMap, Secret, account or claim do not start, and routes to a missing Service lead nowhere.',
  severity: 'warning',
  scope: 'workspace',
  check: (subject) => subject.occurrences.flatMap((occurrence) => (occurrence.optional ? [] : dangling(subject, occurrence))),
};

/** The same of references that may dangle. */
export const optionalReference: Rule = {
  id: 'optional-reference',
  title: 'Optional reference to an object that is not there',
  why: 'Pods start without it, and a name that is misspelt is never found out.',
  severity: 'off',
  scope: 'workspace',
  check: (subject) => subject.occurrences.flatMap((occurrence) => (occurrence.optional ? dangling(subject, occurrence) : [])),
};

function dangling({ uri, object, facts, index, isInCluster }: Subject, occurrence: Occurrence): Finding[] {
  if (occurrence.role !== 'reference' || sortOf(occurrence.symbol) !== 'object') return [];
  const [, kind = '', namespace = ''] = occurrence.symbol.split(' ');
  const name = nameOf(occurrence.symbol);
  const namespaces = namespacesOf(index, namespace);
  if (builtIn.test(`${kind} ${name}`) || namespaces.some((one) => index.declared(kind, one, name).length > 0)) return [];
  if (isInCluster(kind, namespace, name)) return [];
  if (isReplaced(object, facts.kind, occurrence)) return [];
  const peers = namespaces.flatMap((one) => index.objects(kind, one));
  const others =
    namespace === '' ? peers : index.inNamespace(namespace).filter(({ what }) => what.name !== facts.name || what.kind !== facts.kind);
  if (others.length === 0) return [];
  const similar = nearest(
    name,
    peers.map(({ what }) => what.name),
  );
  // Names are of people's own choosing: short ones are easily alike.
  const meant = similar !== undefined && distance(name, similar) * 3 <= name.length ? similar : undefined;
  // What stands beside others of its kind is missed there; what others of other folders are is their own affair.
  const near = peers.some((peer) => folderOf(peer.uri) === folderOf(uri));
  const severity: Severity = meant !== undefined || (near && !oftenElsewhere.has(kind)) ? 'warning' : 'hint';
  const missing =
    namespace === ''
      ? t('No manifest of this workspace declares {0} "{1}"', kind, name)
      : t('No manifest of this workspace declares {0} "{1}" in namespace "{2}"', kind, name, namespace);
  return [
    {
      at: object.at(occurrence.path),
      message: missing + didYouMean(meant),
      severity,
      ...(meant !== undefined && { fix: { replace: meant } }),
    },
  ];
}

/** Whether a volume makes way for a claim that a StatefulSet makes for each pod. */
function isReplaced(object: Field, kind: string, { path }: Occurrence): boolean {
  if (kind !== 'StatefulSet' || path.at(-1) !== 'claimName') return false;
  const volume = object.at(path.slice(0, -2)).get('name').text;
  const claims = object.get('spec', 'volumeClaimTemplates').items();
  return claims.some((claim) => claim.get('metadata', 'name').text === volume);
}
