import { t } from '@vscode/l10n';
import { CodeActionKind } from 'vscode-languageserver';
import { parsePath } from '../../documents/path.ts';
import { migrate } from '../../versions/migrations/index.ts';
import { type Action, editsOf, offer } from './action.ts';

/** Fields of an Ingress that `networking.k8s.io/v1` writes in another way. */
const old = /^(serviceName|servicePort|backend)$/;

/** Writes the back ends of an Ingress that already has the new version, but not its fields, as that version has them. */
export const oldBackEnds: Action = (context) => {
  const { object, known, placed } = context;
  if (known.kind !== 'Ingress' || known.apiVersion !== 'networking.k8s.io/v1') return [];
  const diagnostics = context.reported.flatMap(({ problem: { code, path = '' }, diagnostic }) =>
    code === 'unknown-field' && old.test(String(parsePath(path).at(-1))) ? [diagnostic] : [],
  );
  if (diagnostics.length === 0) return [];
  const edits = editsOf(context);
  edits.replacements.push(...migrate(placed.manifest.text, object.get('apiVersion').span.start, known.apiVersion));
  return offer(context, t('Write the back ends as {0} has them', known.apiVersion), CodeActionKind.QuickFix, edits, {
    diagnostics,
    isPreferred: true,
  });
};
