import { apiVersionOf } from '../kinds/kind.ts';
import type { KubeObject } from '../object.ts';
import { admissionregistrationDefaults } from './admissionregistration.ts';
import { appsDefaults } from './apps.ts';
import { autoscalingDefaults } from './autoscaling.ts';
import { batchDefaults } from './batch.ts';
import { certificatesDefaults } from './certificates.ts';
import { coreDefaults } from './core.ts';
import type { DefaultsByKind } from './defaults.ts';
import { apiextensionsDefaults, apiregistrationDefaults, flowcontrolDefaults } from './extensions.ts';
import { discoveryDefaults, networkingDefaults } from './networking.ts';
import { rbacDefaults } from './rbac.ts';
import { resourceDefaults } from './resource.ts';
import { schedulingDefaults } from './scheduling.ts';
import { emptyStatusOf } from './status.ts';
import { storageDefaults } from './storage.ts';

export { templateGeneration } from './apps.ts';
export { defaultPullPolicy } from './images.ts';

const byKind: DefaultsByKind = {
  ...admissionregistrationDefaults,
  ...apiextensionsDefaults,
  ...apiregistrationDefaults,
  ...appsDefaults,
  ...autoscalingDefaults,
  ...batchDefaults,
  ...certificatesDefaults,
  ...coreDefaults,
  ...discoveryDefaults,
  ...flowcontrolDefaults,
  ...networkingDefaults,
  ...rbacDefaults,
  ...resourceDefaults,
  ...schedulingDefaults,
  ...storageDefaults,
};

/**
 * Fills in what an object of a built-in kind leaves open, in place, as upstream does on decoding: declared defaults, a Secret's `stringData` taken over
 * into `data`, and the empty status that every object shows. The object must have passed `checkStructure`. What depends on the cluster or on the
 * request (addresses, finalizers, phases, generated selectors) is the API server's affair.
 */
export function applyDefaults(kind: { readonly group: string; readonly version: string; readonly kind: string }, object: KubeObject): void {
  const key = `${apiVersionOf(kind)}/${kind.kind}`;
  byKind[key]?.(object);
  emptyStatusOf(key)?.(object);
}
