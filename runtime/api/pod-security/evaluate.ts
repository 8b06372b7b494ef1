import type { Check, CheckPod, PodLike, Violation } from './check.ts';
import { hostChecks } from './host.ts';
import type { LevelVersion } from './policy.ts';
import { privilegeChecks } from './privileges.ts';
import { profileChecks } from './profiles.ts';
import { volumeChecks } from './volumes.ts';

/** The newest version there are rules of; later ones mean this one. */
const newest = 36;

/** Baseline first, and by id (in the order of bytes), so that messages always read the same. */
const checks: readonly Check[] = [...hostChecks, ...privilegeChecks, ...profileChecks, ...volumeChecks].sort((a, b) =>
  a.level === b.level ? (a.id < b.id ? -1 : 1) : a.level < b.level ? -1 : 1,
);

const chosen = new Map<string, readonly CheckPod[]>();

/**
 * What a pod does that a level does not allow, in upstream's words and order. Follows the Pod Security Standards as `k8s.io/pod-security-admission`
 * has them.
 */
export function violationsOf(pod: PodLike, wanted: LevelVersion): readonly Violation[] {
  if (wanted.level === 'privileged') return [];
  return checksOf(wanted)
    .map((check) => check(pod))
    .filter((violation) => violation !== undefined);
}

function checksOf({ level, version }: LevelVersion): readonly CheckPod[] {
  const minor = version === 'latest' ? newest : Math.min(version, newest);
  const id = `${level}:${minor}`;
  let known = chosen.get(id);
  if (known === undefined) {
    const valid = checks
      .filter((check) => level === 'restricted' || check.level === 'baseline')
      .flatMap((check) => {
        const last = check.versions.filter(({ since }) => since <= minor).at(-1);
        return last === undefined ? [] : [{ id: check.id, ...last }];
      });
    const overridden = new Set(valid.flatMap(({ overrides = [] }) => overrides));
    known = valid.filter((each) => !overridden.has(each.id)).map(({ check }) => check);
    chosen.set(id, known);
  }
  return known;
}

/** `host namespaces (hostNetwork=true), privileged (container "a" must not …)` */
export function describeViolations(violations: readonly Violation[]): string {
  return violations.map(({ reason, detail }) => (detail === '' ? reason : `${reason} (${detail})`)).join(', ');
}
