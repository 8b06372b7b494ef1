import { nodeRules } from '../../api/rbac/node-rules.ts';
import { ruleAllows } from '../../api/rbac/policy-rule.ts';
import type { User } from '../authentication/user.ts';
import type { AccessAttributes, Authorizer, Decision, UserRules } from './authorizer.ts';
import type { NodeGraph, Referenced } from './node-graph.ts';

const namePrefix = 'system:node:';
const leaseNamespace = 'kube-node-lease';
const none: Decision = { decision: 'none' };
const refuse = (reason: string): Decision => ({ decision: 'none', reason });
const allow: Decision = { decision: 'allow' };

/** Kinds whose objects belong to a node or to its pods. */
type Related = Referenced | 'persistentvolumes' | 'volumeattachments' | 'resourceslices';

/** The node that a user is; undefined for everyone else. */
export function nodeOf({ name, groups }: User): string | undefined {
  return name.startsWith(namePrefix) && groups.includes('system:nodes') ? name.slice(namePrefix.length) : undefined;
}

/**
 * Lets kubelets do what nodes do, and read only those secrets, config maps, claims, volumes and accounts that their pods refer to, and what is attached
 * to or offered by the node.
 * Has no opinion about anyone else. Upstream: plugin/pkg/auth/authorizer/node.
 */
export class NodeAuthorizer implements Authorizer {
  readonly #graph: NodeGraph;

  constructor(graph: NodeGraph) {
    this.#graph = graph;
  }

  authorize(attributes: AccessAttributes): Decision {
    const node = nodeOf(attributes.user);
    if (node === undefined) return none;
    if (node === '') return refuse(`unknown node for user ${JSON.stringify(attributes.user.name)}`);
    if (attributes.isResource) {
      const decision = this.#ofOne(node, attributes);
      if (decision !== undefined) return decision;
    }
    return nodeRules.some((rule) => ruleAllows(rule, attributes)) ? allow : none;
  }

  rulesFor(user: User): UserRules {
    const nothing = { resourceRules: [], nonResourceRules: [] };
    return nodeOf(user) === undefined
      ? nothing
      : { ...nothing, incomplete: true, evaluationError: 'node authorizer does not support user rule resolution' };
  }

  /** About what belongs to single nodes; undefined for the rest. */
  #ofOne(node: string, attributes: AccessAttributes): Decision | undefined {
    switch (`${attributes.group}/${attributes.resource}`) {
      case '/nodes':
        return ownNode(node, attributes);
      case '/pods':
        return this.#pod(node, attributes);
      case '/secrets':
        return this.#read(node, 'secrets', attributes);
      case '/configmaps':
        return this.#read(node, 'configmaps', attributes);
      case '/persistentvolumeclaims':
        return attributes.subresource === 'status' ? this.#claimStatus(node, attributes) : this.#get(node, attributes);
      case '/persistentvolumes':
        return this.#get(node, attributes);
      case 'resource.k8s.io/resourceclaims':
        return this.#get(node, attributes);
      case 'storage.k8s.io/volumeattachments':
        return this.#get(node, attributes);
      case 'resource.k8s.io/resourceslices':
        return this.#slice(node, attributes);
      case '/serviceaccounts':
        return this.#account(node, attributes);
      case 'coordination.k8s.io/leases':
        return lease(node, attributes);
      case 'storage.k8s.io/csinodes':
        return csiNode(node, attributes);
      default:
        return undefined;
    }
  }

  /** What a kubelet may do to pods beyond reading them, the rules say. */
  #pod(node: string, attributes: AccessAttributes): Decision | undefined {
    const { verb, subresource, name } = attributes;
    if (subresource !== '') return undefined;
    if (verb === 'get') return this.#related(node, 'pods', attributes);
    if (verb !== 'list' && verb !== 'watch') return undefined;
    if (selectsOwn(node, attributes)) return allow;
    return name === '' ? refuse('can only list/watch pods with spec.nodeName field selector') : this.#related(node, 'pods', attributes);
  }

  /** Of what is made or is one of many, admission sees whose it is. */
  #slice(node: string, attributes: AccessAttributes): Decision {
    const { verb, subresource } = attributes;
    if (subresource !== '') return refuse('cannot authorize ResourceSlice subresources');
    switch (verb) {
      case 'create':
        return allow;
      case 'get':
      case 'update':
      case 'patch':
      case 'delete':
        return this.#related(node, 'resourceslices', attributes);
      case 'watch':
      case 'list':
      case 'deletecollection':
        if (selectsOwn(node, attributes)) return allow;
        return refuse('can only list/watch/deletecollection resourceslices with nodeName field selector');
      default:
        return refuse(
          'only the following verbs are allowed for a ResourceSlice: get, watch, list, create, update, patch, delete, deletecollection',
        );
    }
  }

  #read(node: string, kind: Referenced, attributes: AccessAttributes): Decision {
    const { verb, subresource, namespace } = attributes;
    if (verb !== 'get' && verb !== 'list' && verb !== 'watch') return refuse('can only read resources of this type');
    if (subresource !== '') return refuse('cannot read subresource');
    if (namespace === '') return refuse('can only read namespaced object of this type');
    return this.#related(node, kind, attributes);
  }

  #get(node: string, attributes: AccessAttributes): Decision {
    if (attributes.verb !== 'get') return refuse('can only get individual resources of this type');
    if (attributes.subresource !== '') return refuse('cannot get subresource');
    return this.#related(node, attributes.resource as Related, attributes);
  }

  #claimStatus(node: string, attributes: AccessAttributes): Decision {
    const { verb } = attributes;
    if (verb !== 'update' && verb !== 'patch') return refuse('can only update and patch status subresource');
    return this.#related(node, 'persistentvolumeclaims', attributes);
  }

  #account(node: string, attributes: AccessAttributes): Decision {
    const { verb, subresource, name } = attributes;
    if (verb === 'get' && subresource === '') return this.#related(node, 'serviceaccounts', attributes);
    if (verb !== 'create' || name === '') return refuse('can only create tokens for individual service accounts');
    if (subresource !== 'token') return refuse('can only create token subresource of serviceaccount');
    return this.#related(node, 'serviceaccounts', attributes);
  }

  #related(node: string, kind: Related, { namespace, name }: AccessAttributes): Decision {
    if (name === '') return refuse('No Object name found');
    return this.#isRelated(node, kind, namespace, name) ? allow : refuse(`no relationship found between node '${node}' and this object`);
  }

  #isRelated(node: string, kind: Related, namespace: string, name: string): boolean {
    const graph = this.#graph;
    switch (kind) {
      case 'persistentvolumes':
        return graph.usesVolume(node, name);
      case 'volumeattachments':
        return graph.isFor(node, 'storage.k8s.io', kind, name);
      case 'resourceslices':
        return graph.isFor(node, 'resource.k8s.io', kind, name);
      case 'secrets':
        return graph.refers(node, kind, namespace, name) || graph.needsForVolume(node, namespace, name);
      default:
        return graph.refers(node, kind, namespace, name);
    }
  }
}

/** Whether only what is on the node is asked for. */
function selectsOwn(node: string, { fieldSelector = '' }: AccessAttributes): boolean {
  return fieldSelector.split(',').some((part) => part === `spec.nodeName=${node}` || part === `spec.nodeName==${node}`);
}

function ownNode(node: string, { verb, name, subresource }: AccessAttributes): Decision | undefined {
  if (subresource !== '' || (verb !== 'get' && verb !== 'list' && verb !== 'watch')) return undefined;
  if (name === node) return allow;
  return refuse(
    name === ''
      ? `node '${node}' cannot read all nodes, only its own Node object`
      : `node '${node}' cannot read '${name}', only its own Node object`,
  );
}

const ownVerbs: ReadonlySet<string> = new Set(['get', 'create', 'update', 'patch', 'delete']);

function lease(node: string, { verb, namespace, name, subresource }: AccessAttributes): Decision {
  if (!ownVerbs.has(verb)) return refuse('can only get, create, update, patch, or delete a node lease');
  if (subresource !== '') return refuse('cannot access lease subresource');
  if (namespace !== leaseNamespace) return refuse(`can only access leases in the ${JSON.stringify(leaseNamespace)} system namespace`);
  // The name of a lease that is being made is not known yet.
  if (verb !== 'create' && name !== node) return refuse('can only access node lease with the same name as the requesting node');
  return allow;
}

function csiNode(node: string, { verb, name, subresource }: AccessAttributes): Decision {
  if (!ownVerbs.has(verb)) return refuse('can only get, create, update, patch, or delete a CSINode');
  if (subresource !== '') return refuse('cannot authorize CSINode subresources');
  if (verb !== 'create' && name !== node) return refuse('can only access CSINode with the same name as the requesting node');
  return allow;
}
