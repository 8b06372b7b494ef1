import type { ClusterRole, ClusterRoleBinding, PolicyRule, RoleRef, Subject } from '../../api/generated/types/rbac/v1.ts';
import { rbacGroup } from '../../api/rbac/policy-rule.ts';
import type { Entry, Store, StoreEvent } from '../../store/store.ts';
import type { User } from '../authentication/user.ts';
import type { Resource } from '../registry/resource.ts';
import type { ResourceTable } from '../registry/resource-table.ts';

/** A binding as the index knows it. */
export interface Binding {
  readonly name: string;
  /** Empty for a ClusterRoleBinding. */
  readonly namespace: string;
  readonly roleRef: RoleRef;
}

/** One way in which a user holds a role: the binding, and the subject in it that the user is. */
export interface Grant {
  readonly binding: Binding;
  readonly subject: Subject;
  /** What the role allows; undefined when the role does not exist. */
  readonly rules: readonly PolicyRule[] | undefined;
}

interface HeldBinding extends Binding {
  readonly subjects: readonly Subject[];
}

const plurals = ['clusterroles', 'roles', 'clusterrolebindings', 'rolebindings'] as const;
type Plural = (typeof plurals)[number];

/**
 * Who holds which rules, in memory and always current: it follows the store, and is told of a write before the one who wrote it is.
 * Bindings are filed by namespace and subject, so that a question looks only at those that concern the one who asks.
 */
export class RbacIndex {
  readonly #resources: Readonly<Record<Plural, Resource | undefined>>;
  /** By store key. */
  readonly #rules = new Map<string, readonly PolicyRule[]>();
  readonly #bindings = new Map<string, HeldBinding>();
  /** Namespace (empty: the whole cluster), then subject, then store key. */
  readonly #bySubject = new Map<string, Map<string, Map<string, { binding: Binding; subject: Subject }>>>();

  constructor(store: Store, resources: ResourceTable) {
    const find = (plural: Plural) => resources.findAnyVersion(rbacGroup, plural);
    this.#resources = {
      clusterroles: find('clusterroles'),
      roles: find('roles'),
      clusterrolebindings: find('clusterrolebindings'),
      rolebindings: find('rolebindings'),
    };
    for (const plural of plurals) {
      const resource = this.#resources[plural];
      if (resource === undefined) continue;
      const prefix = resource.prefixIn('');
      const isRole = plural === 'clusterroles' || plural === 'roles';
      const put = (entry: Entry) => (isRole ? this.#putRole(resource, entry) : this.#putBinding(resource, entry));
      const { revision } = store;
      for (const entry of store.current(prefix)) put(entry);
      const follow = (events: readonly StoreEvent[]) => {
        for (const { type, entry } of events) {
          if (type === 'put') put(entry);
          else if (isRole) this.#rules.delete(entry.key);
          else this.#removeBinding(entry.key);
        }
      };
      // A store that has failed or was closed answers no request either.
      store.watch(prefix, revision, follow).catch(() => {});
    }
  }

  /** How a user holds roles in a namespace: over the whole cluster first, then in the namespace, unless that is empty. */
  *grantsOf(user: User, namespace: string): Generator<Grant> {
    yield* this.#grantsIn('', user);
    if (namespace !== '') yield* this.#grantsIn(namespace, user);
  }

  /** The rules of a role that a binding in this namespace (empty: over the cluster) refers to; undefined when there is no such role. */
  rulesOf({ kind, name }: RoleRef, namespace: string): readonly PolicyRule[] | undefined {
    const key = kind === 'ClusterRole' ? this.#resources.clusterroles?.keyOf('', name) : this.#resources.roles?.keyOf(namespace, name);
    return key === undefined ? undefined : this.#rules.get(key);
  }

  *#grantsIn(namespace: string, user: User): Generator<Grant> {
    const bySubject = this.#bySubject.get(namespace);
    if (bySubject === undefined) return;
    for (const bound of bySubject.get(userKey(user.name))?.values() ?? []) yield this.#grant(bound);
    for (const group of user.groups) for (const bound of bySubject.get(groupKey(group))?.values() ?? []) yield this.#grant(bound);
  }

  #grant({ binding, subject }: { binding: Binding; subject: Subject }): Grant {
    return { binding, subject, rules: this.rulesOf(binding.roleRef, binding.namespace) };
  }

  #putRole(resource: Resource, entry: Entry): void {
    const role = resource.form.decode(entry.value, entry.revision) as Pick<ClusterRole, 'rules'>;
    this.#rules.set(entry.key, role.rules ?? []);
  }

  #putBinding(resource: Resource, entry: Entry): void {
    this.#removeBinding(entry.key);
    const object = resource.form.decode(entry.value, entry.revision);
    const { roleRef, subjects = [] } = object as unknown as Pick<ClusterRoleBinding, 'roleRef' | 'subjects'>;
    const { name = '', namespace = '' } = object.metadata;
    const binding: HeldBinding = { name, namespace, roleRef, subjects };
    this.#bindings.set(entry.key, binding);
    const bySubject = this.#bySubject.get(namespace) ?? new Map<string, Map<string, { binding: Binding; subject: Subject }>>();
    this.#bySubject.set(namespace, bySubject);
    for (const subject of subjects) {
      const key = subjectKey(subject, namespace);
      const bound = bySubject.get(key) ?? new Map<string, { binding: Binding; subject: Subject }>();
      bySubject.set(key, bound);
      if (!bound.has(entry.key)) bound.set(entry.key, { binding, subject });
    }
  }

  #removeBinding(key: string): void {
    const binding = this.#bindings.get(key);
    if (binding === undefined) return;
    this.#bindings.delete(key);
    const bySubject = this.#bySubject.get(binding.namespace);
    for (const subject of binding.subjects) {
      const name = subjectKey(subject, binding.namespace);
      const bound = bySubject?.get(name);
      bound?.delete(key);
      if (bound?.size === 0) bySubject?.delete(name);
    }
    if (bySubject?.size === 0) this.#bySubject.delete(binding.namespace);
  }
}

const userKey = (name: string) => `u:${name}`;
const groupKey = (name: string) => `g:${name}`;

/** A service account is the user of its name; one without a namespace is of the binding's. */
function subjectKey({ kind, name, namespace }: Subject, bindingNamespace: string): string {
  if (kind === 'Group') return groupKey(name);
  return userKey(kind === 'ServiceAccount' ? `system:serviceaccount:${namespace || bindingNamespace}:${name}` : name);
}
