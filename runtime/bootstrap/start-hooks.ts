/** What kube-apiserver does once when it starts, under the names and in the order of its health checks. */
export const startHooks = [
  'priority-and-fairness-config-consumer',
  'crd-informer-synced',
  'start-system-namespaces-controller',
  'start-cluster-authentication-info-controller',
  'start-legacy-token-tracking-controller',
  'start-service-ip-repair-controllers',
  'rbac/bootstrap-roles',
  'scheduling/bootstrap-system-priority-classes',
  'priority-and-fairness-config-producer',
  'bootstrap-controller',
  'start-kubernetes-service-cidr-controller',
  'apiservice-status-local-available-controller',
  'apiservice-status-remote-available-controller',
  'kube-apiserver-autoregistration',
] as const;

export type StartHook = (typeof startHooks)[number];

/** The hooks that start controllers, by the names of these. */
const hooksOfControllers: Readonly<Record<string, readonly StartHook[]>> = {
  'ipallocator-repair-controller': ['start-service-ip-repair-controllers'],
  'priority-and-fairness-config-controller': ['priority-and-fairness-config-consumer'],
  autoregister: ['kube-apiserver-autoregistration'],
  AvailabilityController: ['apiservice-status-local-available-controller', 'apiservice-status-remote-available-controller'],
  legacy_token_tracking_controller: ['start-legacy-token-tracking-controller'],
  cluster_authentication_trust_controller: ['start-cluster-authentication-info-controller'],
};

/** Knows which of the hooks have been done, and which part of the server has ended since. */
export class StartHooks {
  private readonly done = new Set<StartHook>();
  private readonly failures = new Map<StartHook, string>();

  /** The health checks `poststarthook/…`: each gives why it fails, and nothing when all is well. */
  get checks(): readonly { readonly name: string; check(): string | undefined }[] {
    return startHooks.map((hook) => ({
      name: `poststarthook/${hook}`,
      check: () => this.failures.get(hook) ?? (this.done.has(hook) ? undefined : 'not finished'),
    }));
  }

  /** Notes that hooks are done. */
  finished(...hooks: readonly StartHook[]): void {
    for (const hook of hooks) this.done.add(hook);
  }

  /** Notes that a controller works. */
  started(controller: string): void {
    this.finished(...(hooksOfControllers[controller] ?? []));
  }

  /** Notes that a controller does not work any more. */
  ended(controller: string): void {
    for (const hook of hooksOfControllers[controller] ?? []) this.failures.set(hook, `${controller} has ended`);
  }
}
