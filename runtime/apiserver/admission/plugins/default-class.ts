import { type ApiObject, ensureDict } from '../../registry/api-object.ts';
import type { AdmissionPlugin } from '../admission.ts';

/** Fills in a class that an object leaves out with the class that is marked as the default. */
function defaultClass(options: {
  readonly name: string;
  readonly group: string;
  readonly plural: string;
  readonly field: string;
  /** An annotation that names the class in the old way, and so counts as a choice. */
  readonly oldAnnotation: string;
  readonly classGroup: string;
  readonly classPlural: string;
  readonly defaultAnnotation: string;
}): AdmissionPlugin {
  return {
    name: options.name,
    admit({ operation, resource, subresource, object }, { reader }) {
      if (operation !== 'CREATE' || subresource !== '' || object === undefined) return;
      if (resource.kind.group !== options.group || resource.kind.plural !== options.plural) return;
      const spec = ensureDict(object, 'spec');
      if (spec[options.field] !== undefined || object.metadata.annotations?.[options.oldAnnotation] !== undefined) return;
      const [chosen] = reader
        .list(options.classGroup, options.classPlural)
        .filter(({ metadata }) => metadata.annotations?.[options.defaultAnnotation] === 'true')
        .sort(newestFirst);
      if (chosen !== undefined) spec[options.field] = chosen.metadata.name;
    },
  };
}

function newestFirst(a: ApiObject, b: ApiObject): number {
  const [createdA = '', createdB = ''] = [a.metadata.creationTimestamp, b.metadata.creationTimestamp];
  if (createdA !== createdB) return createdA > createdB ? -1 : 1;
  return (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1;
}

/** Follows upstream's `DefaultStorageClass`. */
export const defaultStorageClass = defaultClass({
  name: 'DefaultStorageClass',
  group: '',
  plural: 'persistentvolumeclaims',
  field: 'storageClassName',
  oldAnnotation: 'volume.beta.kubernetes.io/storage-class',
  classGroup: 'storage.k8s.io',
  classPlural: 'storageclasses',
  defaultAnnotation: 'storageclass.kubernetes.io/is-default-class',
});

/** Follows upstream's `DefaultIngressClass`. */
export const defaultIngressClass = defaultClass({
  name: 'DefaultIngressClass',
  group: 'networking.k8s.io',
  plural: 'ingresses',
  field: 'ingressClassName',
  oldAnnotation: 'kubernetes.io/ingress.class',
  classGroup: 'networking.k8s.io',
  classPlural: 'ingressclasses',
  defaultAnnotation: 'ingressclass.kubernetes.io/is-default-class',
});
