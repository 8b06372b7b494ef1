import { type FieldError, invalid } from '../validation/field-error.ts';
import { Path } from '../validation/path.ts';

export type Level = 'privileged' | 'baseline' | 'restricted';

/** A level as some minor version of Kubernetes 1 defined it. */
export interface LevelVersion {
  readonly level: Level;
  readonly version: number | 'latest';
}

/** What holds in a namespace: what is refused, what is noted for the audit, and what is warned of. */
export interface Policy {
  readonly enforce: LevelVersion;
  readonly audit: LevelVersion;
  readonly warn: LevelVersion;
}

const anything: LevelVersion = { level: 'privileged', version: 'latest' };

/** What holds where nothing is said. */
export const privilegedPolicy: Policy = { enforce: anything, audit: anything, warn: anything };

const strictness: readonly Level[] = ['privileged', 'baseline', 'restricted'];
const prefix = 'pod-security.kubernetes.io/';
const versionPattern = /^v1\.(0|[1-9][0-9]*)$/;

/** Negative, zero or positive: how much stricter `a` is than `b`. */
export function compareLevels(a: Level, b: Level): number {
  return strictness.indexOf(a) - strictness.indexOf(b);
}

/** `restricted:latest`, `baseline:v1.30`. */
export function formatLevelVersion({ level, version }: LevelVersion): string {
  return `${level}:${version === 'latest' ? version : `v1.${version}`}`;
}

/** Whether two say the same; what allows everything does so in every version. */
export function isEquivalent(a: LevelVersion, b: LevelVersion): boolean {
  return a.level === b.level && (a.level === 'privileged' || a.version === b.version);
}

type Labels = Readonly<Record<string, string>>;

/**
 * The policy that a namespace's labels ask for, and what is wrong with them. A label that cannot be read means the strictest for what is enforced, and
 * nothing for what is only said. Follows upstream's `PolicyToEvaluate`.
 */
export function policyOf(
  labels: Labels | undefined,
  defaults: Policy,
): { readonly policy: Policy; readonly errors: readonly FieldError[] } {
  const errors: FieldError[] = [];
  if (labels === undefined) return { policy: defaults, errors };
  const enforce = read(labels, 'enforce', defaults.enforce, 'restricted', errors);
  const audit = read(labels, 'audit', defaults.audit, 'privileged', errors);
  let warn = read(labels, 'warn', defaults.warn, 'privileged', errors);
  const asked = labels[`${prefix}enforce`];
  // Who enforces more than is warned of is also warned of it: of workloads, whose pods would be refused only later.
  if (asked === enforce.level && labels[`${prefix}warn`] === undefined && compareLevels(enforce.level, warn.level) > 0) {
    warn = { level: enforce.level, version: labels[`${prefix}warn-version`] === undefined ? enforce.version : warn.version };
  }
  return { policy: { enforce, audit, warn }, errors };
}

function read(labels: Labels, mode: string, defaults: LevelVersion, fallback: Level, errors: FieldError[]): LevelVersion {
  const at = (label: string) => Path.of('metadata', 'labels').key(label);
  let { level, version } = defaults;
  const levelText = labels[prefix + mode];
  if (levelText !== undefined) {
    const known = strictness.find((each) => each === levelText);
    if (known === undefined) errors.push(invalid(at(prefix + mode), levelText, `must be one of ${strictness.join(', ')}`));
    level = known ?? fallback;
  }
  const versionLabel = `${prefix}${mode}-version`;
  const versionText = labels[versionLabel];
  if (versionText !== undefined) {
    const match = versionPattern.exec(versionText);
    if (match === null && versionText !== 'latest') errors.push(invalid(at(versionLabel), versionText, 'must be "latest" or "v1.x"'));
    version = match === null ? 'latest' : Number(match[1]);
  }
  return { level, version };
}
