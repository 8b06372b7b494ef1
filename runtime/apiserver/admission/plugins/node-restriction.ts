import type { Node, PersistentVolumeClaim, Pod } from '../../../api/generated/types/core/v1.ts';
import { notFound } from '../../../api/status.ts';
import { nodeOf } from '../../authorization/node.ts';
import { type ApiObject, arrayAt, jsonEqual, stringAt, valueAt } from '../../registry/api-object.ts';
import type { AdmissionContext, AdmissionPlugin, Attributes } from '../admission.ts';
import { refuse } from '../refuse.ts';
import { requestedSubject } from '../requested-subject.ts';
import { forbiddenLabels, modifiedLabels } from './node-labels.ts';
import { audienceProblem } from './token-audience.ts';

const mirrorAnnotation = 'kubernetes.io/config.mirror';
const leaseNamespace = 'kube-node-lease';

/** Kubelets write what belongs to their own node and nothing else. Follows upstream's `NodeRestriction`. */
export const nodeRestriction: AdmissionPlugin = {
  name: 'NodeRestriction',
  admit(attributes, context) {
    if (attributes.operation === 'CONNECT') return;
    const node = nodeOf(attributes.user);
    if (node === undefined) return;
    if (node === '') throw refuse(attributes, `could not determine node from user ${quoted(attributes.user.name)}`);
    const { group, plural } = attributes.resource.kind;
    return checks[`${group}/${plural}`]?.(node, attributes, context);
  },
};

type Check = (node: string, attributes: Attributes, context: AdmissionContext) => void | Promise<void>;

const quoted = (text: string) => JSON.stringify(text);

const checks: Readonly<Record<string, Check>> = {
  '/pods': checkPod,
  '/nodes': checkNode,
  '/persistentvolumeclaims': checkClaim,
  '/serviceaccounts': checkToken,
  'coordination.k8s.io/leases': checkLease,
  'storage.k8s.io/csinodes': (node, attributes) =>
    checkOwnName(node, attributes, 'can only access CSINode with the same name as the requesting node'),
  'resource.k8s.io/resourceslices': checkSlice,
  'certificates.k8s.io/certificatesigningrequests': checkCertificateRequest,
};

function checkPod(node: string, attributes: Attributes, context: AdmissionContext): ReturnType<Check> {
  const { subresource } = attributes;
  const check = podChecks[subresource];
  if (check === undefined) {
    throw refuse(attributes, `unexpected pod subresource ${quoted(subresource)}, only 'status' and 'eviction' are allowed`);
  }
  return check(node, attributes, context);
}

const podChecks: Readonly<Record<string, Check>> = {
  '': checkWholePod,
  status: checkPodStatus,
  eviction(node, attributes, context) {
    if (stringAt(podNamed(attributes.name, attributes, context), 'spec', 'nodeName') === node) return;
    throw refuse(attributes, `node ${node} can only evict pods with spec.nodeName set to itself`);
  },
};

function checkWholePod(node: string, attributes: Attributes, context: AdmissionContext): void {
  const { operation, name } = attributes;
  if (operation === 'CREATE') checkMirrorPod(node, attributes, context);
  else if (operation !== 'DELETE') {
    throw refuse(attributes, `unexpected operation ${quoted(operation)}, node ${quoted(node)} can only create and delete mirror pods`);
  } else if (stringAt(podNamed(name, attributes, context), 'spec', 'nodeName') !== node) {
    throw refuse(attributes, `node ${quoted(node)} can only delete pods with spec.nodeName set to itself`);
  }
}

function podNamed(name: string, { namespace }: Attributes, { reader }: AdmissionContext): ApiObject {
  const pod = reader.get('', 'pods', namespace, name);
  if (pod === undefined) throw notFound({ group: '', resource: 'pod' }, name);
  return pod;
}

function checkPodStatus(node: string, attributes: Attributes): void {
  const { operation, object, oldObject } = attributes;
  if (operation !== 'UPDATE') throw refuse(attributes, `unexpected operation ${quoted(operation)}`);
  if (stringAt(oldObject, 'spec', 'nodeName') !== node) {
    throw refuse(attributes, `node ${quoted(node)} can only update pod status for pods with spec.nodeName set to itself`);
  }
  if (!jsonEqual(object?.metadata.labels ?? {}, oldObject?.metadata.labels ?? {})) {
    throw refuse(attributes, `node ${quoted(node)} cannot update labels through pod status`);
  }
  const claims = (pod: ApiObject | undefined) =>
    arrayAt(pod, 'status', 'resourceClaimStatuses').map((each) => [valueAt(each, 'name'), valueAt(each, 'resourceClaimName') ?? null]);
  if (!jsonEqual(claims(object), claims(oldObject))) throw refuse(attributes, `node ${quoted(node)} cannot update resource claim statues`);
}

/** A node makes pods only to show what it was told to run by other means. */
function checkMirrorPod(node: string, attributes: Attributes, context: AdmissionContext): void {
  const problem = problemOfMirror(node, attributes, context);
  if (problem !== undefined) throw refuse(attributes, problem);
}

function problemOfMirror(node: string, { object }: Attributes, { reader }: AdmissionContext): string | undefined {
  const name = quoted(node);
  // The structure of the object has been checked.
  const { metadata, spec } = object as ApiObject & Pod;
  if (!Object.hasOwn(metadata.annotations ?? {}, mirrorAnnotation)) {
    return `pod does not have ${quoted(mirrorAnnotation)} annotation, node ${name} can only create mirror pods`;
  }
  if (spec?.nodeName !== node) return `node ${name} can only create pods with spec.nodeName set to itself`;
  const [owner, another] = metadata.ownerReferences ?? [];
  if (another !== undefined) return `node ${name} can only create pods with a single owner reference set to itself`;
  if (owner === undefined || owner.apiVersion !== 'v1' || owner.kind !== 'Node' || owner.name !== node) {
    return `node ${name} can only create pods with an owner reference set to itself`;
  }
  if (owner.controller !== true) return `node ${name} can only create pods with a controller owner reference set to itself`;
  if (owner.blockOwnerDeletion === true) return `node ${name} must not set blockOwnerDeletion on an owner reference`;
  const own = reader.get('', 'nodes', '', node);
  if (own === undefined) throw notFound({ group: '', resource: 'node' }, node);
  if (owner.uid !== own.metadata.uid) return `node ${node} UID mismatch: expected ${owner.uid} got ${own.metadata.uid ?? ''}`;
  const reference = referenceOf(spec);
  return reference && `node ${name} can not create pods that reference ${reference}`;
}

/** What other object a pod refers to. */
function referenceOf({
  serviceAccountName,
  containers,
  initContainers = [],
  imagePullSecrets = [],
  volumes = [],
}: NonNullable<Pod['spec']>) {
  if (serviceAccountName) return 'a service account';
  const all = [...initContainers, ...containers];
  const variables = all.flatMap(({ env = [] }) => env.flatMap(({ valueFrom }) => valueFrom ?? []));
  const sources = all.flatMap(({ envFrom = [] }) => envFrom);
  const projected = volumes.flatMap((volume) => volume.projected?.sources ?? []);
  const secrets = [
    ...imagePullSecrets,
    ...variables.filter(({ secretKeyRef }) => secretKeyRef !== undefined),
    ...sources.filter(({ secretRef }) => secretRef !== undefined),
    ...[...volumes, ...projected].filter(({ secret }) => secret !== undefined),
  ];
  if (secrets.length > 0) return 'secrets';
  const configMaps = [
    ...variables.filter(({ configMapKeyRef }) => configMapKeyRef !== undefined),
    ...sources.filter(({ configMapRef }) => configMapRef !== undefined),
    ...[...volumes, ...projected].filter(({ configMap }) => configMap !== undefined),
  ];
  if (configMaps.length > 0) return 'configmaps';
  if (projected.some(({ clusterTrustBundle }) => clusterTrustBundle !== undefined)) return 'clustertrustbundles';
  return volumes.some(({ persistentVolumeClaim }) => persistentVolumeClaim !== undefined) ? 'persistentvolumeclaims' : undefined;
}

function checkNode(node: string, attributes: Attributes): void {
  const { operation, object, oldObject } = attributes;
  const name = attributes.name || object?.metadata.name || '';
  if (name !== node) throw refuse(attributes, `node ${quoted(node)} is not allowed to modify node ${quoted(name)}`);
  // The structure of the objects has been checked.
  const [now, before] = [object as Node | undefined, oldObject as Node | undefined];
  const forbidden = forbiddenLabels(modifiedLabels(now?.metadata?.labels, before?.metadata?.labels)).join(', ');
  if (operation === 'CREATE') {
    if (now?.spec?.configSource !== undefined) {
      throw refuse(attributes, `node ${quoted(node)} is not allowed to create pods with a non-nil configSource`);
    }
    if (forbidden !== '') throw refuse(attributes, `node ${quoted(node)} is not allowed to set the following labels: ${forbidden}`);
  }
  if (operation !== 'UPDATE') return;
  if (now?.spec?.configSource !== undefined && !jsonEqual(now.spec.configSource, before?.spec?.configSource)) {
    throw refuse(attributes, `node ${quoted(node)} is not allowed to update configSource to a new non-nil configSource`);
  }
  if (!jsonEqual(now?.spec?.taints ?? [], before?.spec?.taints ?? [])) {
    throw refuse(attributes, `node ${quoted(node)} is not allowed to modify taints`);
  }
  if (forbidden !== '') throw refuse(attributes, `is not allowed to modify labels: ${forbidden}`);
}

function checkClaim(node: string, attributes: Attributes): void {
  const { operation, subresource, object, oldObject } = attributes;
  if (subresource !== 'status') throw refuse(attributes, 'may only update PVC status');
  if (operation !== 'UPDATE') throw refuse(attributes, `unexpected operation ${quoted(operation)}`);
  const rest = (claim: PersistentVolumeClaim | undefined) => {
    const { resourceVersion: _version, managedFields: _managed, ...metadata } = claim?.metadata ?? {};
    const {
      capacity: _capacity,
      conditions: _conditions,
      allocatedResourceStatuses: _statuses,
      allocatedResources: _allocated,
      ...status
    } = claim?.status ?? {};
    return { metadata, spec: claim?.spec, status };
  };
  if (jsonEqual(rest(object), rest(oldObject))) return;
  throw refuse(attributes, `node ${quoted(node)} is not allowed to update fields other than status.capacity and status.conditions`);
}

/** A node asks for tokens of accounts only in the name of pods that run on it. */
async function checkToken(node: string, attributes: Attributes, context: AdmissionContext): Promise<void> {
  const { operation, subresource, object } = attributes;
  if (operation !== 'CREATE' || subresource !== 'token') return;
  const reference = valueAt(object, 'spec', 'boundObjectRef');
  const name = stringAt(reference, 'name');
  if (stringAt(reference, 'apiVersion') !== 'v1' || stringAt(reference, 'kind') !== 'Pod' || name === '') {
    throw refuse(attributes, 'node requested token not bound to a pod');
  }
  const uid = stringAt(reference, 'uid');
  if (uid === '') throw refuse(attributes, 'node requested token with a pod binding without a uid');
  const pod = podNamed(name, attributes, context);
  if (pod.metadata.uid !== uid) {
    throw refuse(
      attributes,
      `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`,
    );
  }
  if (stringAt(pod, 'spec', 'nodeName') !== node) {
    throw refuse(attributes, 'node requested token bound to a pod scheduled on a different node');
  }
  const problem = await audienceProblem(pod, attributes, context);
  if (problem !== undefined) throw refuse(attributes, problem);
}

function checkLease(node: string, attributes: Attributes): void {
  if (attributes.namespace !== leaseNamespace) {
    throw refuse(attributes, `can only access leases in the ${quoted(leaseNamespace)} system namespace`);
  }
  checkOwnName(node, attributes, 'can only access node lease with the same name as the requesting node');
}

/** What is not told by the objects that there are, the node authorizer leaves to this: new slices, and all of a collection. */
function checkSlice(node: string, attributes: Attributes): void {
  const { operation, object, oldObject } = attributes;
  if (operation !== 'CREATE' && operation !== 'DELETE') return;
  if (stringAt(operation === 'CREATE' ? object : oldObject, 'spec', 'nodeName') === node) return;
  throw refuse(attributes, `can only ${operation.toLowerCase()} ResourceSlice with the same NodeName as the requesting node`);
}

const kubeletSigners: ReadonlySet<string> = new Set(['kubernetes.io/kubelet-serving', 'kubernetes.io/kube-apiserver-client-kubelet']);

/** Of the signers of kubelets' certificates a node asks for its own. */
async function checkCertificateRequest(node: string, attributes: Attributes): Promise<void> {
  const { operation, object } = attributes;
  if (operation !== 'CREATE' || !kubeletSigners.has(stringAt(object, 'spec', 'signerName'))) return;
  const { commonName } = await requestedSubject(stringAt(object, 'spec', 'request')).catch((error: unknown) => {
    throw refuse(attributes, `unable to parse csr: ${error instanceof Error ? error.message : String(error)}`);
  });
  if (commonName !== `system:node:${node}`) throw refuse(attributes, `can only create a node CSR with CN=system:node:${node}`);
}

function checkOwnName(node: string, attributes: Attributes, why: string): void {
  const { operation, object, name } = attributes;
  if ((operation === 'CREATE' ? object?.metadata.name : name) !== node) throw refuse(attributes, why);
}
