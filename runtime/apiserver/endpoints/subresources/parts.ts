import type { CertificateSigningRequest } from '../../../api/generated/types/certificates/v1.ts';
import type { Pod } from '../../../api/generated/types/core/v1.ts';
import type { KubeObject } from '../../../api/object.ts';
import {
  type FieldError,
  validateCertificateSigningRequestApproval,
  validateEphemeralContainersUpdate,
  validateNamespaceFinalize,
} from '../../../api/validation/index.ts';
import { arrayAt, type Dict, ensureDict, isDict, jsonEqual } from '../../registry/api-object.ts';
import { dateConditions } from '../../registry/strategies/certificate-signing-requests.ts';
import type { UpdateOptions } from '../../registry/update.ts';

/** How a subresource that is a part of the object is written: what of the new object counts, and that the rest stays. */
type Part = Pick<UpdateOptions, 'prepare' | 'check'>;

/** Everything as it was, but for what `take` brings over from the new object. Metadata is left to the common rules. */
function only(take: (from: Dict, to: Dict) => void): Part {
  return {
    prepare(object, old) {
      const wanted: Dict = { ...object };
      for (const field of Object.keys(object)) if (!isTypeOrMetadata(field)) delete object[field];
      for (const [field, value] of Object.entries(old)) if (!isTypeOrMetadata(field)) object[field] = value;
      take(wanted, object);
      if (object.metadata.generation !== undefined && !jsonEqual(object.spec, old.spec)) object.metadata.generation += 1;
    },
  };
}

function isTypeOrMetadata(field: string): boolean {
  return field === 'kind' || field === 'apiVersion' || field === 'metadata';
}

/** `namespaces/finalize`: the namespace's own finalizers. */
export const finalize: Part = {
  ...only((from, to) => {
    to.spec = { ...ensureDict(to, 'spec'), finalizers: arrayAt(from, 'spec', 'finalizers') };
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
  }),
  // The structure of both has been checked against the definition of a pod.
  check: (pod: KubeObject, old: KubeObject) => validateEphemeralContainersUpdate(pod as Pod, old as Pod),
};

/** `pods/resize`: what the containers of a running pod ask for. */
export const resize: Part = only((from, to) => {
  const spec = { ...ensureDict(to, 'spec') };
  for (const list of ['containers', 'initContainers']) {
    if (spec[list] !== undefined) spec[list] = resized(arrayAt(spec, list), arrayAt(from, 'spec', list));
  }
  to.spec = spec;
});

function resized(containers: readonly unknown[], wanted: readonly unknown[]): unknown[] {
  return containers.map((container) => {
    if (!isDict(container)) return container;
    const same = wanted.filter(isDict).find(({ name }) => name === container.name);
    if (same === undefined) return container;
    const { resources: _, resizePolicy: _policy, ...rest } = container;
    return {
      ...rest,
      ...(same.resources === undefined ? {} : { resources: same.resources }),
      ...(same.resizePolicy === undefined ? {} : { resizePolicy: same.resizePolicy }),
    };
  });
}
