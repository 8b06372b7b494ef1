import { isMap } from 'yaml';
import { groupOf } from '../../runtime/api/kinds/kind.ts';
import { Field } from '../documents/field.ts';
import { type Positions, positionsIn } from '../documents/lines.ts';
import type { Manifest } from '../documents/manifest.ts';
import { objectsIn } from '../documents/objects.ts';
import type { DocumentFacts, Labels, ObjectFacts, Occurrence } from './facts.ts';
import { madeObjects } from './made-objects.ts';
import { objectReferences } from './object-references.ts';
import { podReferences } from './pod-references.ts';
import { Recorder } from './recorder.ts';
import { defaultNamespace, namespaceOf, ownerOf, symbols } from './symbol.ts';

const nothing: DocumentFacts = { objects: [], occurrences: [] };

/** Where kinds keep the pods they make. */
const podPaths: Readonly<Record<string, readonly string[]>> = {
  Pod: [],
  PodTemplate: ['template'],
  Deployment: ['spec', 'template'],
  ReplicaSet: ['spec', 'template'],
  ReplicationController: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
  DaemonSet: ['spec', 'template'],
  Job: ['spec', 'template'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
};

/** Reads what a document declares and refers to; undefined while its YAML is broken. */
export function readFacts(manifest: Manifest): DocumentFacts | undefined {
  if (manifest.tooLong || !/\bkind\b|Generator:|^namespace:/m.test(manifest.text)) return nothing;
  const { tree } = manifest;
  if (!tree.sound) return undefined;
  if (!isMap(tree.root)) return nothing;
  const root = new Field(tree, tree.root);
  const positions = positionsIn(manifest.text);
  const objects: ObjectFacts[] = [];
  const occurrences: Occurrence[] = [];
  for (const { object, type } of objectsIn(root)) {
    const maker = object.get('metadata', 'namespace').text ?? object.get('namespace').text ?? defaultNamespace;
    const recorder = new Recorder(positions, maker, '');
    objects.push(...madeObjects(object, type.kind, recorder));
    occurrences.push(...recorder.occurrences);
    const { apiVersion, kind } = type;
    if (kind === undefined || apiVersion === undefined) continue;
    const read = readObject(object, kind, groupOf(apiVersion), positions);
    objects.push(read.facts);
    occurrences.push(...read.occurrences);
  }
  return { objects, occurrences };
}

/** What the head of a document whose YAML is broken still declares: that the object is there, and nothing of what is in it. */
export function headFacts(manifest: Manifest): DocumentFacts {
  const { apiVersion, kind, name, namespace } = manifest.header;
  // What an expression of a template comes to is not known.
  if (!apiVersion || !kind || !name || isExpression(name.text)) return nothing;
  const positions = positionsIn(manifest.text);
  const range = { start: positions.positionAt(name.start), end: positions.positionAt(name.end) };
  const inNamespace = namespace && !isExpression(namespace.text) ? namespace.text : defaultNamespace;
  const symbol = symbols.object(kind.text, inNamespace, name.text);
  const quoted = /["']/.test(manifest.text[name.start] ?? '');
  const between = quoted ? shrunk(range) : range;
  const facts: ObjectFacts = {
    group: groupOf(apiVersion.text),
    kind: kind.text,
    namespace: namespaceOf(kind.text, inNamespace),
    name: name.text,
    range: between,
    path: [],
    labels: {},
  };
  return { objects: [facts], occurrences: [{ symbol, role: 'declaration', range: between, path: ['metadata', 'name'], quoted }] };
}

function isExpression(text: string): boolean {
  return text.includes('{{');
}

/** A range without the quotes at its ends. */
function shrunk({ start, end }: Occurrence['range']): Occurrence['range'] {
  return { start: { ...start, character: start.character + 1 }, end: { ...end, character: end.character - 1 } };
}

function readObject(object: Field, kind: string, group: string, positions: Positions) {
  const name = object.get('metadata', 'name');
  const namespaceField = object.get('metadata', 'namespace');
  const namespace = namespaceField.text ?? defaultNamespace;
  const owner = ownerOf(kind, namespace, name.text ?? object.span.start);
  const recorder = new Recorder(positions, namespace, owner);
  if (name.text !== undefined) recorder.add(name, symbols.object(kind, namespace, name.text), 'declaration');
  // What belongs to no namespace names one without effect.
  if (namespaceField.text !== undefined && namespaceOf(kind, namespace) !== '') recorder.object('Namespace', namespaceField);
  const labels = recorder.labels(object.get('metadata', 'labels'), 'declaration');
  const pod = readPod(object, kind, labels, recorder);
  const references = objectReferences(object, kind, group, recorder);
  for (const owner of object.get('metadata', 'ownerReferences').items()) {
    const ownerKind = owner.get('kind').text;
    if (ownerKind !== undefined) recorder.object(ownerKind, owner.get('name'));
  }
  const replicas = object.get('spec', 'replicas').number;
  const facts: ObjectFacts = {
    group,
    kind,
    namespace: namespaceOf(kind, namespace),
    name: name.text ?? '',
    range: recorder.range((name.text === undefined ? object.head : name).span),
    path: object.path,
    labels,
    ...(pod && { pod }),
    ...references,
    ...(replicas !== undefined && { replicas }),
  };
  return { facts, occurrences: recorder.occurrences };
}

function readPod(object: Field, kind: string, ownLabels: Labels, recorder: Recorder): ObjectFacts['pod'] {
  const path = podPaths[kind];
  if (!path) return undefined;
  const pod = object.get(...path);
  recorder.container(pod.get('metadata', 'annotations', 'kubectl.kubernetes.io/default-container'), 'reference');
  const labels = path.length === 0 ? ownLabels : recorder.labels(pod.get('metadata', 'labels'), 'declaration');
  const spec = pod.get('spec');
  const images = ['initContainers', 'containers'].flatMap((list) => spec.get(list).items()).flatMap((item) => item.get('image').text ?? []);
  return { labels, ports: podReferences(spec, labels, recorder), images, path: pod.path };
}
