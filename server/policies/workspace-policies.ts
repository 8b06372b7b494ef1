import { groupOf } from '../../runtime/api/kinds/kind.ts';
import type { ApiObject } from '../../runtime/api/object.ts';
import type { PolicyContext, PolicyResource } from '../../runtime/api/policies/write.ts';
import { Reading, type WorkspaceDocuments } from '../documents/workspace-documents.ts';
import { type ClusterNames, Inquiry } from '../index/inquiry.ts';
import type { WorkspaceIndex } from '../index/workspace-index.ts';
import type { Kinds } from '../schemas/kinds.ts';
import { readObjects } from './found-objects.ts';
import { resourceOf } from './judge.ts';
import { namespaceNameLabel, type PolicyInForce, policiesInForce } from './policies-in-force.ts';

export interface WorkspacePoliciesParts {
  readonly index: WorkspaceIndex;
  readonly cluster: ClusterNames;
  readonly documents: WorkspaceDocuments;
  readonly kinds: Kinds;
}

/** The policies of the workspace as they were at one time, and what they look at beside what is written. */
export interface PolicySnapshot {
  /** Another one whenever there is something else to say. */
  readonly id: number;
  readonly stale: boolean;
  readonly policies: readonly PolicyInForce[];
  readonly context: PolicyContext<PolicyResource>;
  /** Whether a namespace is known with its labels. */
  knowsNamespace(name: string): boolean;
}

const nowhere: PolicyContext<PolicyResource> = {
  reader: { get: () => undefined, list: () => [] },
  resources: { all: () => [], findKind: () => undefined },
};

/** What there is to say where no policy is known. */
export const noPolicies: PolicySnapshot = { id: -1, stale: false, policies: [], context: nowhere, knowsNamespace: () => false };

/** Knows the ValidatingAdmissionPolicies that the manifests of the workspace put in force. */
export class WorkspacePolicies {
  readonly #parts: WorkspacePoliciesParts;
  #known: PolicySnapshot | undefined;
  #pending: Promise<PolicySnapshot> | undefined;
  /** What the last one was made of. */
  #source = '';
  #count = 0;

  constructor(parts: WorkspacePoliciesParts) {
    this.#parts = parts;
  }

  /** The policies as they are now. */
  async current(): Promise<PolicySnapshot> {
    if (this.#known && !this.#known.stale) return this.#known;
    this.#pending ??= this.#gather().finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  async #gather(): Promise<PolicySnapshot> {
    const { index, cluster, documents, kinds } = this.#parts;
    const inquiry = new Inquiry(index, cluster);
    const reading = new Reading(documents);
    const read = (kind: string) => readObjects(inquiry.objects(kind, ''), reading);
    const [written, bindings] = [await read('ValidatingAdmissionPolicy'), await read('ValidatingAdmissionPolicyBinding')];
    const policies = policiesInForce(written, bindings, kinds);
    const namespaces = policies.some(({ looksAtNamespaces }) => looksAtNamespaces) ? await read('Namespace') : [];
    const params = new Set(policies.flatMap(({ policy }) => policy.spec?.paramKind?.kind ?? []));
    const others = params.size === 0 ? [] : inquiry.all().filter(({ what }) => params.has(what.kind));
    const objects = [...namespaces.map(labelled), ...(await readObjects(others, reading))];
    const source = JSON.stringify([kinds.generation, written, bindings, objects]);
    if (source !== this.#source) this.#count++;
    this.#source = source;
    const id = this.#count;
    // The same policies need not be compiled again.
    const same = this.#known?.id === id ? this.#known : undefined;
    this.#known = {
      id,
      get stale() {
        return inquiry.stale || reading.stale;
      },
      policies: same?.policies ?? policies,
      context: same?.context ?? contextOf(objects, kinds),
      knowsNamespace: (name) => name === 'default' || namespaces.some(({ metadata }) => metadata.name === name),
    };
    return this.#known;
  }
}

/** What policies may look up: objects of the workspace. Equivalent versions of what is written are not looked for. */
function contextOf(objects: readonly ApiObject[], kinds: Kinds): PolicyContext<PolicyResource> {
  const list = (group: string, plural: string, namespace = '') =>
    objects.filter(({ apiVersion, kind, metadata }) => {
      const known = kinds.find(apiVersion, kind);
      if (known?.plural !== plural || groupOf(apiVersion) !== group) return false;
      return namespace === '' || (metadata.namespace ?? 'default') === namespace;
    });
  return {
    reader: {
      list,
      get(group, plural, namespace, name) {
        const found = list(group, plural, namespace).find(({ metadata }) => metadata.name === name);
        // Where things are created, there is a namespace, whether or not a manifest says so.
        const isNamespace = group === '' && plural === 'namespaces';
        return found ?? (isNamespace ? labelled({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }) : undefined);
      },
    },
    resources: {
      all: () => [],
      findKind(group, version, kind) {
        const known = kinds.find(group === '' ? version : `${group}/${version}`, kind);
        return known && resourceOf(known);
      },
    },
  };
}

/** A namespace with the label that the API server gives to it. */
function labelled(namespace: ApiObject): ApiObject {
  const { name = '', labels } = namespace.metadata;
  return { ...namespace, metadata: { ...namespace.metadata, labels: { ...labels, [namespaceNameLabel]: name } } };
}
