import { t } from '@vscode/l10n';
import type { RuleInfo } from '../protocol.ts';
import { equivalentsOf } from '../rules/equivalents.ts';
import { rules } from '../rules/index.ts';
import type { RuleSettings } from '../rules/rule-settings.ts';

/** All rules with what the settings make of them. */
export function describeRules(settings: RuleSettings): { profile: string; rules: RuleInfo[] } {
  return {
    profile: settings.profile,
    rules: rules.map((rule) => ({
      id: rule.id,
      title: t(rule.title),
      why: t(rule.why),
      usual: rule.severity,
      severity: settings.severity(rule, undefined),
      equivalents: equivalentsOf(rule.id),
    })),
  };
}
