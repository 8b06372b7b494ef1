import { t } from '@vscode/l10n';
import { sharedVersions } from './duplicate-definition.ts';
import { folderOf } from './folders.ts';
import type { Rule } from './rule.ts';

/** Two manifests for one object in a file, or in the files of a folder that no kustomization composes. */
export const duplicateObject: Rule = {
  id: 'duplicate-object',
  title: 'Object declared twice',
  why: 'Applied one after the other, the last one wins, and nobody sees that the first had no effect.',
  severity: 'warning',
  scope: 'workspace',
  check({ uri, object, facts, index }) {
    if (facts.name === '') return [];
    const same = index
      .declared(facts.kind, facts.namespace, facts.name)
      .filter(({ what }) => what.group === facts.group && !what.made && (what === facts || sharedVersions(what, facts).length === 0));
    const here = same.filter((other) => other.uri === uri);
    const at = object.get('metadata', 'name');
    const called = `${facts.kind} "${facts.name}"`;
    if (here.length > 1) return [{ at, message: t('{0} is declared {1} times in this file', called, here.length) }];
    const folder = folderOf(uri);
    const beside = same.find((other) => other.uri !== uri && folderOf(other.uri) === folder);
    if (!beside || index.has(`${folder}/kustomization.yaml`)) return [];
    const file = decodeURIComponent(beside.uri.slice(folder.length + 1));
    return [{ at, message: t('{0} is declared in {1} too', called, file), severity: 'hint' }];
  },
};
