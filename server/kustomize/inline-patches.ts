import { t } from '@vscode/l10n';
import { isSeq } from 'yaml';
import type { Definitions } from '../../runtime/api/kinds/schema.ts';
import { didYouMean } from '../documents/did-you-mean.ts';
import { Field } from '../documents/field.ts';
import type { Problem } from '../documents/problem.ts';
import type { Span } from '../documents/span.ts';
import { Tree } from '../documents/tree.ts';
import { checkDocument } from '../schemas/check-document.ts';
import { nearest } from '../schemas/distance.ts';
import type { Kinds } from '../schemas/kinds.ts';
import type { Applied } from './apply-patches.ts';
import { placedIn } from './embedded.ts';
import { checkJsonPatch } from './json-patch-check.ts';
import { type PatchEntry, patchEntries } from './patch-entries.ts';
import { inPatch } from './patch-problems.ts';
import type { Schemas } from './patched-fields.ts';
import type { Met } from './patches.ts';
import { mapAt, type Resource } from './resource.ts';
import { targetFields, unreadable } from './target.ts';

/** What is wrong with the strategic merge patches that stand in a kustomization, and with what cannot be read as a patch. */
export function mergePatchProblems(tree: Tree, kinds: Kinds, definitions: Definitions): Problem[] {
  return patchEntries(tree).flatMap(({ embedded }) => {
    if (!embedded || isSeq(embedded.tree.root)) return [];
    const { tree: patch } = embedded;
    return placedIn(embedded, patch.sound ? inPatch(checkDocument(patch, kinds, definitions)) : patch.problems);
  });
}

/** What is wrong with the JSON patches of a kustomization, but for those in YAML files, which tell it themselves. */
export function jsonPatchesProblems(tree: Tree, met: Met, kinds: Kinds, schemas: Schemas): Problem[] {
  return patchEntries(tree).flatMap((entry) => {
    const { key, field, embedded } = entry;
    const applied = met.entries.get(key);
    const check = (patch: Tree) => (patch.sound ? checkJsonPatch(patch, applied ? [applied] : [], kinds, schemas) : patch.problems);
    const isJsonPatch = applied !== undefined || isSeq(embedded?.tree.root);
    const targetless = isJsonPatch ? [...targetProblems(entry), ...missedProblems(entry, applied)] : [];
    if (embedded) return [...targetless, ...(isSeq(embedded.tree.root) ? placedIn(embedded, check(embedded.tree)) : [])];
    const text = met.texts.get(key);
    if (text === undefined) return targetless;
    const { span, text: path } = field.get('path');
    const problems = check(new Tree(text)).map(({ severity, code, message }) => ({
      ...span,
      severity,
      code,
      message: `${path}: ${message}`,
    }));
    return [...targetless, ...problems];
  });
}

/** What kustomize refuses: a strategic merge patch for an object that is not taken in. */
export function unmatchedProblems(tree: Tree, { unmatched }: Met): Problem[] {
  return patchEntries(tree).flatMap(({ key, field, embedded }) => {
    const missed = unmatched.get(key);
    if (!missed) return [];
    const { named, among } = missed;
    const [name = ''] = named.names;
    const alike = among.filter(({ apiVersion, kind }) => apiVersion === named.apiVersion && kind === named.kind);
    const meant = nearest(name, new Set(alike.flatMap(({ names }) => names)));
    const message = `no resource matches strategic merge patch ${JSON.stringify(idOf(named))}${didYouMean(meant)}`;
    const problem = { severity: 'warning' as const, code: 'target', message };
    if (!embedded) return [{ ...(field.get('path').exists ? field.get('path') : field).span, ...problem }];
    const written = new Field(embedded.tree, embedded.tree.root).get('metadata', 'name');
    return placedIn(embedded, [{ ...written.span, ...problem, ...(meant !== undefined && { fix: meant }) }]);
  });
}

/** What kustomize calls an object: `Deployment.v1.apps/web.[noNs]`. */
function idOf({ apiVersion, kind, names, object }: Resource): string {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['[noGrp]', apiVersion];
  const { namespace } = object ? mapAt(object, 'metadata') : {};
  return `${kind}.${version}.${group}/${names[0] || '[noName]'}.${typeof namespace === 'string' ? namespace : '[noNs]'}`;
}

/** What kustomize passes over without a word: a patch that is for none of the objects that there are. */
function missedProblems({ field }: PatchEntry, applied: Applied | undefined): Problem[] {
  const target = field.get('target');
  const isReadable = targetFields.every((name) => unreadable(name, target.get(name).text ?? '') === undefined);
  if (!applied?.missed || !target.exists || !isReadable) return [];
  const kind = target.get('kind');
  const kinds = new Set(applied.missed.map((resource) => resource.kind));
  const meant = kind.text === undefined || kinds.has(kind.text) ? undefined : nearest(kind.text, kinds);
  const span = meant === undefined ? target.keySpan : kind.span;
  const message = t('Nothing that is taken in here fits the target, so nothing is patched') + didYouMean(meant);
  return [{ ...span, severity: 'warning', code: 'target', message, ...(meant !== undefined && { fix: meant }) }];
}

/** A JSON patch does not say itself what it is for. */
function targetProblems({ key, field }: PatchEntry): Problem[] {
  const target = field.get('target');
  const report = (span: Span, message: string, code = 'required'): Problem[] => [{ ...span, severity: 'error', code, message }];
  if (!target.exists) {
    const path = field.get('path');
    const patch = path.exists ? path : field.get('patch');
    return report(patch.keySpan, `must specify a target for JSON patch${path.exists ? ` [path: ${JSON.stringify(path.text)}]` : ''}`);
  }
  const unreadables = targetFields.flatMap((name) => {
    const { text, span } = target.get(name);
    const why = text === undefined ? undefined : unreadable(name, text);
    return why === undefined ? [] : report(span, why, 'pattern');
  });
  const nameless = key.startsWith('patchesJson6902') && !target.get('name').exists;
  return [...unreadables, ...(nameless ? report(target.keySpan, 'must specify the target name') : [])];
}
