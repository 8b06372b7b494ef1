import type { Rule, Severity } from './rule.ts';

const severities: ReadonlySet<unknown> = new Set<Severity | 'off'>(['off', 'hint', 'information', 'warning', 'error']);

/** What the editor's settings say about rules: `kubeside.rules.<id>` is a severity, or `off`. */
export class RuleSettings {
  readonly #chosen = new Map<string, Severity | 'off'>();
  #generation = 0;

  /** Goes up whenever the settings change. */
  get generation(): number {
    return this.#generation;
  }

  /** Takes in the value of `kubeside.rules`; anything but a mapping of severities is as if it were not there. */
  update(value: unknown): void {
    this.#generation++;
    this.#chosen.clear();
    if (typeof value !== 'object' || value === null) return;
    for (const [id, severity] of Object.entries(value)) {
      if (severities.has(severity)) this.#chosen.set(id, severity);
      else if (severity === false) this.#chosen.set(id, 'off');
    }
  }

  /** How findings of a rule are told. What is chosen holds for all of them; by itself a rule may tell some more quietly. */
  severity(rule: Rule, own: Severity | undefined): Severity | 'off' {
    return this.#chosen.get(rule.id) ?? (rule.severity === 'off' ? 'off' : (own ?? rule.severity));
  }

  isOff(rule: Rule): boolean {
    return this.severity(rule, undefined) === 'off';
  }
}
