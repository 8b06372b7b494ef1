import { t } from '@vscode/l10n';
import type { NamedObject } from '../../index/names.ts';
import { defaultNamespace } from '../../index/symbol.ts';
import { type Choice, type Context, siblingsOf } from './context.ts';

/** Kinds whose replicas a kustomization sets. */
const scaled = new Set(['Deployment', 'ReplicaSet', 'ReplicationController', 'StatefulSet']);

/** Objects and images of the workspace, for the fields of a kustomization that name them. */
export function* kustomizationChoices({ rest, node, names, kinds }: Context): Iterable<Choice> {
  const own = new Set(kinds.tools.map(({ kind }) => kind));
  // What kustomizations take in mostly names no namespace.
  const objects = [...names.inNamespace(defaultNamespace), ...names.inNamespace('')].filter(({ kind }) => !own.has(kind));
  const path = rest.join('.');
  if (path === 'images.name') yield* imagesOf(objects);
  else if (path === 'replicas.name') yield* namesOf(objects.filter(({ kind }) => scaled.has(kind)));
  else if (/\b(target|select|reject|source)\.kind$/.test(path)) {
    for (const kind of new Set(objects.map((object) => object.kind))) yield { text: kind, rank: 0, real: true };
  } else if (/\b(target|select|reject|source)\.name$/.test(path)) {
    const kind = siblingsOf(node)?.textAt('kind');
    yield* namesOf(objects.filter((object) => kind === undefined || object.kind === kind));
  } else if (/\border(First|Last)$/.test(path)) {
    for (const kind of new Set(kinds.all().map((known) => known.kind))) yield { text: kind };
  }
}

function* namesOf(objects: readonly NamedObject[]): Iterable<Choice> {
  for (const { kind, name } of objects) if (name !== '') yield { text: name, detail: kind, rank: 0, real: true };
}

/** Images by the names that kustomize looks for, without tag and digest. */
function* imagesOf(objects: readonly NamedObject[]): Iterable<Choice> {
  for (const { kind, name, pod } of objects) {
    for (const image of pod?.images ?? []) {
      const text = image.replace(/@.*$/, '').replace(/:[^:/]*$/, '');
      yield { text, detail: t('image of {0}', `${kind}/${name}`), rank: 0, real: true };
    }
  }
}
