import { forbidden, notFound } from '../../../api/status.ts';
import { stringAt } from '../../registry/api-object.ts';
import type { AdmissionPlugin } from '../admission.ts';

const immortal: ReadonlySet<string> = new Set(['default', 'kube-system', 'kube-public']);

/** Nothing is made in a namespace that does not exist or is going away, and the namespaces of the system itself stay. Follows upstream's `NamespaceLifecycle`. */
export const namespaceLifecycle: AdmissionPlugin = {
  name: 'NamespaceLifecycle',
  admit({ operation, resource, subresource, namespace, name }, { reader }) {
    const { group, plural } = resource.kind;
    if (operation === 'DELETE') {
      if (group === '' && plural === 'namespaces' && immortal.has(name)) {
        throw forbidden(resource.subject, name, 'this namespace may not be deleted');
      }
      return;
    }
    if (operation !== 'CREATE' || subresource !== '' || !resource.kind.namespaced) return;
    if (group === 'authorization.k8s.io' && plural === 'localsubjectaccessreviews') return;
    const found = reader.get('', 'namespaces', '', namespace);
    if (found === undefined) throw notFound({ group: '', resource: 'namespaces' }, namespace);
    if (stringAt(found, 'status', 'phase') !== 'Terminating') return;
    throw forbidden(resource.subject, name, `unable to create new content in namespace ${namespace} because it is being terminated`, [
      { reason: 'NamespaceTerminating', message: `namespace ${namespace} is being terminated`, field: 'metadata.namespace' },
    ]);
  },
};
