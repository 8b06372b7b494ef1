import { TextDocument } from 'vscode-languageserver-textdocument';
import { isMap } from 'yaml';
import { Field } from '../documents/field.ts';
import type { Manifest } from '../documents/manifest.ts';
import { groupOf } from '../schemas/kinds.ts';
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
  if (manifest.tooLong || !/\bkind\b|Generator:/.test(manifest.text)) return nothing;
  const { tree } = manifest;
  if (!tree.sound) return undefined;
  if (!isMap(tree.root)) return nothing;
  const root = new Field(tree, tree.root);
  const document = TextDocument.create('', 'yaml', 0, manifest.text);
  const roots = root.get('kind').text === 'List' ? root.get('items').items() : [root];
  const objects: ObjectFacts[] = [];
  const occurrences: Occurrence[] = [];
  for (const object of roots) {
    const maker = object.get('metadata', 'namespace').text ?? object.get('namespace').text ?? defaultNamespace;
    const recorder = new Recorder(document, maker, '');
    objects.push(...madeObjects(object, recorder));
    occurrences.push(...recorder.occurrences);
    const kind = object.get('kind').text;
    const apiVersion = object.get('apiVersion').text;
    if (kind === undefined || apiVersion === undefined) continue;
    const read = readObject(object, kind, groupOf(apiVersion), document);
    objects.push(read.facts);
    occurrences.push(...read.occurrences);
  }
  return { objects, occurrences };
}

function readObject(object: Field, kind: string, group: string, document: TextDocument) {
  const name = object.get('metadata', 'name');
  const namespaceField = object.get('metadata', 'namespace');
  const namespace = namespaceField.text ?? defaultNamespace;
  const owner = ownerOf(kind, namespace, name.text ?? object.span.start);
  const recorder = new Recorder(document, namespace, owner);
  if (name.text !== undefined) recorder.add(name, symbols.object(kind, namespace, name.text), 'declaration');
  if (namespaceField.text !== undefined) recorder.object('Namespace', namespaceField);
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
    range: recorder.range((name.text === undefined ? object.get('kind') : name).span),
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
