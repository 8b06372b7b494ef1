import { t } from '@vscode/l10n';
import { CodeActionKind } from 'vscode-languageserver';
import { type FieldPath, formatPath, parsePath } from '../../documents/path.ts';
import type { Problem } from '../../documents/problem.ts';
import { type Action, type ActionContext, editsOf, offer, podOf, textsOf } from './action.ts';
import { templateFor } from './template-for.ts';

/** Adds a field that must be there, or all of them. */
export const requiredFields: Action = (context) => {
  const single = context.reported.filter(({ problem }) => isMissing(problem));
  if (single.length === 0) return [];
  const missing = context.problems.filter(isMissing);
  const actions = single.flatMap(({ problem, diagnostic }) => {
    const path = parsePath(problem.path ?? '');
    return offer(context, t('Add required field {0}', String(path.at(-1))), CodeActionKind.QuickFix, filled(context, [path]), {
      diagnostics: [diagnostic],
    });
  });
  if (missing.length < 2) return actions;
  const all = filled(
    context,
    missing.map(({ path = '' }) => parsePath(path)),
  );
  const more = { diagnostics: single.map(({ diagnostic }) => diagnostic) };
  return [...actions, ...offer(context, t('Add all {0} missing required fields', missing.length), CodeActionKind.QuickFix, all, more)];
};

function isMissing({ code, path, message }: Problem): boolean {
  return path !== undefined && (code === 'required' || (code === 'rule' && / Required value(:|$)/.test(message)));
}

function filled(context: ActionContext, paths: readonly FieldPath[]) {
  const edits = editsOf(context);
  // Fields of one parent are written together: each by itself would not see the others.
  const parents = new Map<string, { path: FieldPath; fields: Record<string, unknown> }>();
  for (const path of paths) {
    const name = path.at(-1);
    if (typeof name !== 'string') continue;
    const parent = path.slice(0, -1);
    const key = formatPath(parent);
    const found = parents.get(key) ?? { path: parent, fields: {} };
    parents.set(key, found);
    found.fields[name] = valueFor(context, parent, name);
  }
  for (const { path, fields } of parents.values()) edits.merge(path, fields);
  return edits;
}

/** What the object itself already says about a field, else what a snippet would write. */
function valueFor(context: ActionContext, parent: FieldPath, name: string): unknown {
  const own = formatPath([...parent.slice(context.object.path.length), name]);
  if (own === 'spec.selector' && context.known.kind !== 'Service') {
    const labels = textsOf(podOf(context)?.get('metadata', 'labels') ?? context.object.get('none'));
    if (Object.keys(labels).length > 0) return { matchLabels: labels };
    const named = labelOfName(context);
    if (named) return { matchLabels: named };
  }
  if (own === 'spec.template') {
    const matchLabels = textsOf(context.object.get('spec', 'selector', 'matchLabels'));
    const template = templateFor(context, parent, name);
    const labels = Object.keys(matchLabels).length > 0 ? matchLabels : labelOfName(context);
    return labels && typeof template === 'object' ? { ...template, metadata: { labels } } : template;
  }
  if (name === 'name' && isContainer(parent)) {
    const image = context.object.at(parent).get('image').text ?? '';
    const short = image.replace(/[@:][^/]*$/, '').replace(/^.*\//, '');
    if (/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(short)) return short;
  }
  return templateFor(context, parent, name) ?? '';
}

/** The label that tells the pods of an object from others where nothing is said yet: its name, as a snippet has it. */
function labelOfName({ object }: ActionContext): Readonly<Record<string, string>> | undefined {
  const { text } = object.get('metadata', 'name');
  return text !== undefined && text.length <= 63 && !object.get('spec', 'selector').exists ? { app: text } : undefined;
}

function isContainer(path: FieldPath): boolean {
  return /^(initC|c|ephemeralC)ontainers$/.test(String(path.at(-2)));
}
