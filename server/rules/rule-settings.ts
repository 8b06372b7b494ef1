import type { Rule, Severity } from './rule.ts';

const severities: ReadonlySet<unknown> = new Set<Severity | 'off'>(['off', 'hint', 'information', 'warning', 'error']);

const profiles = ['recommended', 'strict', 'off'] as const;
export type Profile = (typeof profiles)[number];

/**
 * What the editor's settings say about rules: `kubeside.checks.profile` is where to start from, and `kubeside.rules.<id>` a severity, or `off`.
 * The strict profile raises what is a hint to a warning, and tells what is off as information.
 */
export class RuleSettings {
  readonly #chosen = new Map<string, Severity | 'off'>();
  #profile: Profile = 'recommended';
  #generation = 0;

  /** Goes up whenever the settings change. */
  get generation(): number {
    return this.#generation;
  }

  get profile(): Profile {
    return this.#profile;
  }

  /** Takes in the values of `kubeside.rules` and `kubeside.checks.profile`; what is not understood is as if it were not there. */
  update(rules: unknown, profile?: unknown): void {
    this.#generation++;
    this.#profile = profiles.find((each) => each === profile) ?? 'recommended';
    this.#chosen.clear();
    if (typeof rules !== 'object' || rules === null) return;
    for (const [id, severity] of Object.entries(rules)) {
      if (severities.has(severity)) this.#chosen.set(id, severity);
      else if (severity === false) this.#chosen.set(id, 'off');
    }
  }

  /** How findings of a rule are told. What is chosen holds for all of them; by itself a rule may tell some more quietly. */
  severity(rule: Rule, own: Severity | undefined): Severity | 'off' {
    const chosen = this.#chosen.get(rule.id);
    if (chosen !== undefined) return chosen;
    if (this.#profile === 'off') return 'off';
    const usual = rule.severity === 'off' ? 'off' : (own ?? rule.severity);
    if (this.#profile === 'recommended' || rule.house) return usual;
    return usual === 'off' ? 'information' : usual === 'hint' ? 'warning' : usual;
  }

  isOff(rule: Rule): boolean {
    return this.severity(rule, undefined) === 'off';
  }
}
