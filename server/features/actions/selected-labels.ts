import { t } from '@vscode/l10n';
import { CodeActionKind } from 'vscode-languageserver';
import { type Action, type ActionContext, editsOf, offer, textsOf } from './action.ts';

const selectorPath = ['spec', 'selector', 'matchLabels'];
const labelsPath = ['spec', 'template', 'metadata', 'labels'];

/** Brings a workload's selector and the labels of its template together, from either side. The selector of what a cluster has cannot be changed. */
export const selectedLabels: Action = (context) => {
  if (!isAtLabels(context)) return [];
  const wanted = textsOf(context.object.get(...selectorPath));
  const labels = textsOf(context.object.get(...labelsPath));
  const missing = Object.entries(wanted).filter(([name, value]) => labels[name] !== value);
  if (missing.length === 0 || !context.object.get('spec', 'template').exists) return [];
  const here = context.object.path;
  const toPods = editsOf(context);
  toPods.merge([...here, ...labelsPath], Object.fromEntries(missing), true);
  const diagnostics = context.reported.filter(({ problem }) => mismatch.test(problem.message)).map(({ diagnostic }) => diagnostic);
  const fix = diagnostics.length > 0 ? { diagnostics } : {};
  const toSelector = editsOf(context);
  // What the pods do not have under that name at all, nobody can tell the selector.
  const own = missing.flatMap(([name]) => (labels[name] === undefined ? [] : [[name, labels[name]]]));
  if (own.length === missing.length) toSelector.merge([...here, ...selectorPath], Object.fromEntries(own), true);
  return [
    ...offer(context, t('Give the pods the labels that the selector wants'), CodeActionKind.QuickFix, toPods, {
      ...fix,
      isPreferred: true,
    }),
    ...offer(context, t('Let the selector want the labels of the pods'), CodeActionKind.QuickFix, toSelector, fix),
  ];
};

/** Upstream's words for it. */
const mismatch = /does not match template/;

function isAtLabels({ path, object }: ActionContext): boolean {
  const own = path.slice(object.path.length).join('.');
  return own.startsWith('spec.selector') || own.startsWith('spec.template.metadata');
}
