import type { Field } from '../documents/field.ts';
import type { Limits } from '../index/facts.ts';
import { asked, isMore } from './quantities.ts';
import type { Finding, Rule } from './rule.ts';

/** Containers that a LimitRange of their namespace does not let pass, in the words of the API server. */
export const beyondLimitRange: Rule = {
  id: 'beyond-limit-range',
  title: 'Container beyond the limits of its namespace',
  why: 'The API server refuses such pods; of a workload it is seen only in its events.',
  severity: 'warning',
  scope: 'workspace',
  check: ({ facts, index, containers }) => {
    const limits = index.objects('LimitRange', facts.namespace).flatMap(({ what }) => what.limits ?? []);
    const ofContainers = limits.filter(({ type }) => type === 'Container');
    return containers.flatMap((container) => ofContainers.flatMap((range) => beyond(container, range)));
  },
};

function beyond(container: Field, { max, min }: Limits): Finding[] {
  const tooMuch = Object.entries(max).flatMap(([resource, most]) =>
    (['limits', 'requests'] as const).flatMap((sort) => {
      const at = container.get('resources', sort, resource);
      if (!isMore(at.amount, most)) return [];
      return [{ at, message: `maximum ${resource} usage per Container is ${most}, but ${sort.slice(0, -1)} is ${at.amount}` }];
    }),
  );
  const tooLittle = Object.entries(min).flatMap(([resource, least]) => {
    const at = asked(container, 'requests', resource);
    return isMore(least, at.amount)
      ? [{ at, message: `minimum ${resource} usage per Container is ${least}, but request is ${at.amount}` }]
      : [];
  });
  return [...tooMuch, ...tooLittle];
}
