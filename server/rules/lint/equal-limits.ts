import { t } from '@vscode/l10n';
import type { Rule } from '../rule.ts';
import { perEachContainer } from '../shapes.ts';

export const equalLimits: Rule = {
  id: 'equal-limits',
  title: 'Container with requests that are not its limits',
  why: 'Only pods whose requests are their limits are guaranteed what they ask for.',
  severity: 'off',
  house: true,
  scope: 'object',
  check: perEachContainer((container) =>
    ['cpu', 'memory', 'ephemeral-storage'].flatMap((resource) => {
      const request = container.get('resources', 'requests', resource);
      const limit = container.get('resources', 'limits', resource);
      if (!request.exists || request.amount === limit.amount) return [];
      return [{ at: request, message: t('The request of {0} is not its limit', resource) }];
    }),
  ),
};
