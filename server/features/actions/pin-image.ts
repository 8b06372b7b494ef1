import { t } from '@vscode/l10n';
import { CodeActionKind } from 'vscode-languageserver';
import { type Action, containerAt, editsOf, offer } from './action.ts';

/** Gives an image without a fixed tag one that the workspace has elsewhere; the most usual first. */
export const pinImage: Action = (context) => {
  const image = containerAt(context)?.get('image');
  const written = image?.text;
  if (!image || written === undefined || written.includes('@') || !context.path.includes('image')) return [];
  const [, name = '', tag] = /^(.*?)(?::([^:/]+))?$/.exec(written) ?? [];
  if (tag !== undefined && tag !== 'latest') return [];
  const uses = new Map<string, number>();
  for (const { what } of context.index.all()) {
    for (const other of what.pod?.images ?? []) {
      if (other.startsWith(`${name}:`) && other !== `${name}:latest`) uses.set(other, (uses.get(other) ?? 0) + 1);
    }
  }
  const tags = [...uses].sort(([one, a], [other, b]) => b - a || other.localeCompare(one, 'en', { numeric: true }));
  return tags.slice(0, 5).flatMap(([fixed], place) => {
    const edits = editsOf(context);
    edits.replace(image.span.start, image.span.end, fixed);
    const diagnostics = context.reported.filter(({ problem }) => problem.code === 'latest-image').map(({ diagnostic }) => diagnostic);
    const kind = diagnostics.length > 0 ? CodeActionKind.QuickFix : CodeActionKind.RefactorRewrite;
    return offer(context, t('Change to {0}', fixed), kind, edits, {
      ...(diagnostics.length > 0 && { diagnostics, isPreferred: place === 0 }),
    });
  });
};
