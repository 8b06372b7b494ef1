import type { Node, Pod } from '../../../api/generated/types/core/v1.ts';
import { semanticEqual } from '../../../api/validation/equality.ts';
import { stringAt } from '../../registry/api-object.ts';
import type { AdmissionPlugin } from '../admission.ts';
import { refuse } from '../refuse.ts';

/** What nodes declare that an update of a pod on them may need. Upstream: `component-helpers/nodedeclaredfeatures`. */
const needs: Readonly<Record<string, (pod: Pod, old: Pod) => boolean>> = {
  InPlacePodLevelResourcesVerticalScaling: (pod, old) => !semanticEqual(pod.spec?.resources, old.spec?.resources),
};

/** Pods are not changed into what their node does not know. Follows upstream's `NodeDeclaredFeatureValidator`. */
export const nodeDeclaredFeatures: AdmissionPlugin = {
  name: 'NodeDeclaredFeatureValidator',
  validate(attributes, { reader }) {
    const { operation, resource, subresource, object, oldObject } = attributes;
    if (operation !== 'UPDATE' || resource.kind.group !== '' || resource.kind.plural !== 'pods') return;
    if (subresource !== '' && subresource !== 'resize') return;
    const name = stringAt(object, 'spec', 'nodeName');
    // The generation changes with the specification alone.
    if (object === undefined || name === '' || object.metadata.generation === oldObject?.metadata.generation) return;
    const needed = Object.keys(needs).filter((feature) => needs[feature]?.(object as Pod, oldObject as Pod));
    if (needed.length === 0) return;
    const node = reader.get('', 'nodes', '', name);
    if (node === undefined) throw refuse(attributes, `node ${JSON.stringify(name)} not found`);
    const declared = (node as Node).status?.declaredFeatures ?? [];
    const lacks = needed.filter((feature) => !declared.includes(feature));
    if (lacks.length === 0) return;
    throw refuse(attributes, `pod update requires features ${lacks.join(', ')} which are not available on node ${JSON.stringify(name)}`);
  },
};
