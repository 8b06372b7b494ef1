import { type Family, Numbers } from './families.ts';

/** Counts the audit log under the names of upstream's `audit/metrics`. */
export class AuditMetrics {
  private readonly events = new Numbers('counter', 'apiserver_audit_event_total', 'Events that were written to the audit log.', []);
  private readonly levels = new Numbers(
    'counter',
    'apiserver_audit_level_total',
    'Requests by the level at which the policy wants them written down.',
    ['level'],
  );
  private readonly event = this.events.of([]);

  constructor() {
    this.event.add(0);
  }

  get families(): readonly Family[] {
    return [this.events, this.levels];
  }

  written(): void {
    this.event.add();
  }

  judged(level: string): void {
    this.levels.add([level]);
  }
}
