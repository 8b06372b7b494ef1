import type { CertificateSigningRequest } from '../../../api/generated/types/certificates/v1.ts';
import type { Pod } from '../../../api/generated/types/core/v1.ts';
import type { ObjectMeta } from '../../../api/generated/types/meta/v1.ts';
import type { KubeObject } from '../../../api/object.ts';
import {
  type FieldError,
  semanticEqual,
  validateCertificateSigningRequestApproval,
  validateEphemeralContainersUpdate,
  validateNamespaceFinalize,
  validatePodResize,
} from '../../../api/validation/index.ts';
import { arrayAt, type Dict, ensureDict, isDict, stringAt } from '../../registry/api-object.ts';
import { dateConditions } from '../../registry/strategies/certificate-signing-requests.ts';
import type { UpdateOptions } from '../../registry/update.ts';

/** How a subresource that is a part of the object is written: what of the new object counts, and that the rest stays. */
type Part = Pick<UpdateOptions, 'prepare' | 'check'>;

/** What a write of a part of a pod leaves of the metadata as it is. */
const keptMetadata = ['labels', 'annotations', 'finalizers', 'ownerReferences'] as const;

/** Everything as it was, but for what `take` brings over from the new object. Metadata beside `kept` is left to the common rules. */
function only(take: (from: Dict, to: Dict) => void, kept: readonly (keyof ObjectMeta)[] = []): Part {
  return {
    prepare(object, old) {
      for (const field of kept) {
        delete object.metadata[field];
        if (old.metadata[field] !== undefined) Object.assign(object.metadata, { [field]: old.metadata[field] });
      }
      const wanted: Dict = { ...object };
      for (const field of Object.keys(object)) if (!isTypeOrMetadata(field)) delete object[field];
      for (const [field, value] of Object.entries(old)) if (!isTypeOrMetadata(field)) object[field] = value;
      take(wanted, object);
      if (object.metadata.generation !== undefined && !semanticEqual(object.spec, old.spec)) object.metadata.generation += 1;
    },
  };
}

function isTypeOrMetadata(field: string): boolean {
  return field === 'kind' || field === 'apiVersion' || field === 'metadata';
}

/** `namespaces/finalize`: the namespace's own finalizers. */
export const finalize: Part = {
  ...only((from, to) => {
    const { finalizers: _, ...spec } = ensureDict(to, 'spec');
    const finalizers = arrayAt(from, 'spec', 'finalizers');
    to.spec = finalizers.length === 0 ? spec : { ...spec, finalizers };
  }),
  check: (namespace) => {
    const errors: FieldError[] = [];
    validateNamespaceFinalize({ ...namespace, spec: { finalizers: arrayAt(namespace, 'spec', 'finalizers').map(String) } }, errors);
    return errors;
  },
};

const takeConditions = only((from, to) => {
  to.status = { ...ensureDict(to, 'status'), conditions: arrayAt(from, 'status', 'conditions') };
});

/** `certificatesigningrequests/approval`: the conditions, which say whether the request is approved. */
export const approval: Part = {
  prepare(request, old, now) {
    takeConditions.prepare?.(request, old, now);
    dateConditions(request, old, now);
  },
  // The structure of both has been checked against the definition of a request.
  check: (request: KubeObject, old: KubeObject) => {
    const errors: FieldError[] = [];
    validateCertificateSigningRequestApproval(request as CertificateSigningRequest, old as CertificateSigningRequest, errors);
    return errors;
  },
};

/** `pods/ephemeralcontainers`: containers that are added to a running pod for looking into it. */
export const ephemeralContainers: Part = {
  ...only((from, to) => {
    to.spec = { ...ensureDict(to, 'spec'), ephemeralContainers: arrayAt(from, 'spec', 'ephemeralContainers') };
  }, keptMetadata),
  // The structure of both has been checked against the definition of a pod.
  check: (pod: KubeObject, old: KubeObject) => validateEphemeralContainersUpdate(pod as Pod, old as Pod),
};

/** `pods/resize`: what a running pod and its containers ask for. Containers that come, go or change places are left for the check to refuse. */
export const resize: Part = {
  ...only((from, to) => {
    const wanted = ensureDict(from, 'spec');
    const spec = { ...ensureDict(to, 'spec') };
    for (const list of ['containers', 'initContainers']) {
      if (arrayAt(wanted, list).length !== arrayAt(spec, list).length) {
        to.spec = wanted;
        return;
      }
      if (spec[list] !== undefined) spec[list] = resized(arrayAt(spec, list), arrayAt(wanted, list));
    }
    delete spec.resources;
    if (wanted.resources !== undefined) spec.resources = wanted.resources;
    to.spec = spec;
  }, keptMetadata),
  check: (pod: KubeObject, old: KubeObject) => validatePodResize(pod as Pod, old as Pod),
};

function resized(containers: readonly unknown[], wanted: readonly unknown[]): readonly unknown[] {
  if (containers.some((container, index) => stringAt(container, 'name') !== stringAt(wanted[index], 'name'))) return wanted;
  return containers.map((container, index) => {
    const same = wanted[index];
    if (!isDict(container) || !isDict(same)) return container;
    const { resources: _, resizePolicy: _policy, ...rest } = container;
    return {
      ...rest,
      ...(same.resources === undefined ? {} : { resources: same.resources }),
      ...(same.resizePolicy === undefined ? {} : { resizePolicy: same.resizePolicy }),
    };
  });
}
