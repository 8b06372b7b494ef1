import type { Problem } from '../documents/problem.ts';
import { grouped } from '../grouped.ts';

const order = ['hint', 'information', 'warning', 'error'] as const;

/** What rules found in a document, each matter once: where one rule says in whole what others say bit by bit, either it is told or they are. */
export function inOneVoice(problems: readonly Problem[]): readonly Problem[] {
  const gone = new Set<Problem>();
  const replaced = new Map<Problem, Problem>();
  const byObject = grouped(problems, ({ told }) => [told?.object]);
  for (const whole of problems) {
    const { bits, object } = whole.told ?? {};
    if (!bits) continue;
    const same = (byObject.get(object) ?? []).filter((other) => bits.rules.includes(other.code) && !gone.has(other));
    if (same.length === 0) continue;
    if (!bits.first && same.length >= bits.count) {
      gone.add(whole);
      continue;
    }
    for (const bit of same) gone.add(bit);
    replaced.set(whole, withFixOf(whole, same));
  }
  return gone.size === 0 ? problems : problems.filter((problem) => !gone.has(problem)).map((problem) => replaced.get(problem) ?? problem);
}

/** A problem that stands for others: as grave as they are, and mended as the only one of them is. */
function withFixOf(whole: Problem, bits: readonly Problem[]): Problem {
  const severity = [whole, ...bits].reduce<Problem['severity']>(
    (worst, { severity: each }) => (order.indexOf(each) > order.indexOf(worst) ? each : worst),
    whole.severity,
  );
  const [only, ...more] = bits;
  return { ...whole, severity, ...(only?.edit && more.length === 0 && { edit: only.edit }) };
}
