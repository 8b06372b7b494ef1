import { t } from '@vscode/l10n';
import { selects } from '../index/facts.ts';
import { folderOf } from './folders.ts';
import type { Rule } from './rule.ts';
import { lasting, perObject } from './shapes.ts';

/** Workloads that choose each other's pods. */
export const overlappingSelectors: Rule = {
  id: 'overlapping-selectors',
  title: 'Workloads that select the same pods',
  why: 'Services, budgets and policies cannot tell them apart, and an autoscaler counts the pods of both.',
  severity: 'hint',
  scope: 'workspace',
  check: perObject(lasting, (object, { uri, facts, index }) => {
    const { selector, pod } = facts;
    if (!selector || !pod || facts.name === '') return [];
    // Files of other folders are other environments as often as not.
    const other = index.selectedBy(facts.namespace, selector.labels).find(({ uri: file, what }) => {
      if (what.kind === facts.kind && what.name === facts.name) return false;
      return folderOf(file) === folderOf(uri) && what.selector !== undefined && selects(what.selector.labels, pod.labels);
    });
    if (!other) return [];
    const message = t('The selectors of this and of {0} "{1}" choose each other\'s pods', other.what.kind, other.what.name);
    return [{ at: object.at(selector.path), onName: true, message }];
  }),
};
