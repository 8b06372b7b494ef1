export type { PodLike, Violation } from './check.ts';
export { describeViolations, violationsOf } from './evaluate.ts';
export * from './policy.ts';
