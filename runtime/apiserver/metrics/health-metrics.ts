import { type Family, Numbers } from './families.ts';

/** Tells how health checks have come out, under the names of upstream's `component-base/metrics/prometheus/slis`. */
export class HealthMetrics {
  private readonly last = new Numbers('gauge', 'kubernetes_healthcheck', 'How a health check came out last: 1 when all was well.', [
    'name',
    'type',
  ]);
  private readonly total = new Numbers('counter', 'kubernetes_healthchecks_total', 'Health checks by how they came out.', [
    'name',
    'type',
    'status',
  ]);

  get families(): readonly Family[] {
    return [this.last, this.total];
  }

  /** `type`: which of the paths asked, `livez`. */
  checked(name: string, type: string, isWell: boolean): void {
    this.last.of([name, type]).set(isWell ? 1 : 0);
    this.total.add([name, type, isWell ? 'success' : 'error']);
  }
}
