import type { Store } from '../store/store.ts';
import type { ComponentCheck } from './endpoints/component-statuses.ts';
import type { HealthCheck } from './health.ts';

/** The store stands where upstream has etcd, and goes by its name. */
export interface StoreHealth {
  readonly checks: readonly HealthCheck[];
  readonly component: ComponentCheck;
}

export function storeHealth(store: Store): StoreHealth {
  const check = () => {
    try {
      store.get('');
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
  return {
    checks: [
      { name: 'etcd', of: ['healthz', 'livez', 'readyz'], check },
      { name: 'etcd-readiness', of: ['readyz'], check },
    ],
    component: { name: 'etcd-0', check },
  };
}
