import type { Field } from '../documents/field.ts';
import { fileSource, literalIn } from '../kustomize/generator-sources.ts';
import type { ObjectFacts } from './facts.ts';
import type { Recorder } from './recorder.ts';
import { defaultNamespace, symbols } from './symbol.ts';

/** What stands in the index for a kustomization that moves objects into a namespace, under the name of that. */
export const movingInto = 'KustomizationNamespace';

/** Objects that no manifest declares by itself, but that something in the workspace makes. */
export function madeObjects(object: Field, kind: string | undefined, recorder: Recorder): ObjectFacts[] {
  const made: ObjectFacts[] = [];
  const make = (kind: string, name: Field, more: Partial<ObjectFacts> = {}, namespace = recorder.namespace) => {
    if (name.text === undefined) return;
    recorder.add(name, symbols.object(kind, namespace, name.text), 'declaration');
    const range = recorder.range(name.span);
    made.push({
      group: '',
      kind,
      namespace,
      name: name.text,
      range,
      path: [],
      labels: {},
      made: true,
      ...more,
    });
  };
  for (const [list, generated] of [
    ['configMapGenerator', 'ConfigMap'],
    ['secretGenerator', 'Secret'],
  ] as const) {
    for (const generator of object.get(list).items()) {
      // The transformer for namespaces moves manifests without one along, which refer to the name from where they stand.
      const own = generator.get('namespace').text;
      const namespaces = own === undefined ? new Set([recorder.namespace, defaultNamespace]) : [own];
      for (const namespace of namespaces) make(generated, generator.get('name'), generatedKeys(generator), namespace);
    }
  }
  const moved = object.get('namespace');
  if (moved.text !== undefined) {
    const range = recorder.range(moved.span);
    made.push({ group: '', kind: movingInto, namespace: '', name: moved.text, range, path: [], labels: {}, made: true });
  }
  // Operators that turn their own kinds into Secrets: cert-manager, External Secrets, Sealed Secrets.
  const target = object.get('spec', 'target', 'name');
  const name = object.get('metadata', 'name');
  switch (kind) {
    case 'Certificate':
      make('Secret', object.get('spec', 'secretName'));
      break;
    case 'ExternalSecret':
      make('Secret', target.exists ? target : name);
      break;
    case 'SealedSecret':
      make('Secret', name);
      break;
    case 'Ingress':
      if (isIssued(object)) for (const tls of object.get('spec', 'tls').items()) make('Secret', tls.get('secretName'));
  }
  return made;
}

/** Whether cert-manager is asked for the certificates of an Ingress. */
function isIssued(ingress: Field): boolean {
  const annotations = ingress.get('metadata', 'annotations');
  return ['cert-manager.io/issuer', 'cert-manager.io/cluster-issuer', 'kubernetes.io/tls-acme'].some(
    (name) => annotations.get(name).exists,
  );
}

/** The keys of a kustomization's generator, and the files of variables that say others. */
function generatedKeys(generator: Field): Pick<ObjectFacts, 'keys' | 'variables'> {
  const texts = (field: Field) => field.items().flatMap((item) => item.text ?? []);
  const keys = [
    ...texts(generator.get('literals')).flatMap((text) => literalIn(text)?.key ?? []),
    ...texts(generator.get('files')).flatMap((text) => fileSource(text)?.key ?? []),
  ];
  const variables = [...generator.get('envs').items(), generator.get('env')].flatMap((field) => field.text ?? []);
  return { keys, ...(variables.length > 0 && { variables }) };
}
