import type { Rule } from '../rule.ts';
import { perObject } from '../shapes.ts';

export const updateStrategy: Rule = {
  id: 'update-strategy',
  title: 'Workload that is not replaced step by step',
  why: 'Nothing answers between the old pods and the new ones, or the old ones just stay.',
  severity: 'off',
  scope: 'object',
  check: perObject(['Deployment', 'StatefulSet', 'DaemonSet'], (object, { facts }) => {
    const type = object.get('spec', facts.kind === 'Deployment' ? 'strategy' : 'updateStrategy', 'type');
    const messages: Readonly<Record<string, string>> = {
      Recreate: 'Nothing answers while the pods are replaced',
      OnDelete: 'Pods are replaced only when somebody deletes them',
    };
    const message = messages[type.text ?? ''];
    return message === undefined ? [] : [{ at: type, message, fix: { replace: 'RollingUpdate' } }];
  }),
};
