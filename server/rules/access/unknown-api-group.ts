import { t } from '@vscode/l10n';
import { didYouMean } from '../../documents/did-you-mean.ts';
import { distance } from '../../schemas/distance.ts';
import type { Resources } from '../../schemas/resources.ts';
import type { Finding, Rule } from '../rule.ts';
import { groupIn, perPolicyRule } from './policy-rules.ts';

/** API groups of a role that are slips of known ones. Any other name may be the group of something that is installed elsewhere. */
export const unknownApiGroup: Rule = {
  id: 'unknown-api-group',
  title: 'API group of a role that does not exist',
  why: 'A rule about a group that is misspelt, or written with its version, allows nothing.',
  severity: 'warning',
  scope: 'object',
  check: perPolicyRule(({ field }, resources) =>
    field
      .get('apiGroups')
      .items()
      .filter(({ text }) => text !== undefined && text !== '*')
      .flatMap((at): Finding[] => {
        const group = groupIn(at);
        const slash = group.indexOf('/');
        if (slash >= 0) {
          return [{ at, message: t('Rules name API groups without their versions'), fix: { replace: group.slice(0, slash) } }];
        }
        const meant = meantBy(group, resources);
        if (meant === undefined) return [];
        const message =
          meant === ''
            ? t('There is no API group "{0}": the core group is written ""', group)
            : t('There is no API group "{0}"', group) + didYouMean(meant);
        return [{ at, message, fix: { replace: meant } }];
      }),
  ),
};

/** The group that a name is a slip of; undefined of groups that are known, or may be. */
function meantBy(name: string, resources: Resources): string | undefined {
  if (resources.isKnown(name)) return undefined;
  if (/^(core|v\d+)$/i.test(name)) return '';
  const { groups } = resources;
  const lower = name.toLowerCase();
  const whole = name.includes('.') ? undefined : groups.find((group) => group.startsWith(`${lower}.`) && group.endsWith('.k8s.io'));
  return whole ?? groups.find((group) => group.length > 2 && distance(lower, group, 1) <= 1);
}
