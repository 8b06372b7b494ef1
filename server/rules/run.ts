import { t } from '@vscode/l10n';
import { Field } from '../documents/field.ts';
import type { Manifest } from '../documents/manifest.ts';
import type { FieldPath } from '../documents/path.ts';
import type { Problem } from '../documents/problem.ts';
import { grouped } from '../grouped.ts';
import type { DocumentFacts, ObjectFacts, Occurrence } from '../index/facts.ts';
import type { Inquiry } from '../index/inquiry.ts';
import type { Kinds } from '../schemas/kinds.ts';
import { rules } from './index.ts';
import type { Finding, Fix, Rule, Subject } from './rule.ts';
import type { RuleSettings } from './rule-settings.ts';
import { has, Silence, silencedBy } from './silence.ts';

/** What rules are run with. */
export interface Surroundings {
  readonly uri: string;
  readonly names: Inquiry;
  readonly settings: RuleSettings;
  readonly kinds: Kinds;
}

/** What the rules of a scope find in a document. */
export function findingsOf(manifest: Manifest, facts: DocumentFacts, around: Surroundings, scope: Rule['scope']): Problem[] {
  const { settings } = around;
  const { tree } = manifest;
  // Of a template it is not known what it will be.
  if (facts.objects.length === 0 || !tree.sound || manifest.text.includes('{{')) return [];
  const active = rules.filter((rule) => rule.scope === scope && !settings.isOff(rule));
  const silence = new Silence(manifest.text, manifest.header.content);
  const root = new Field(tree, tree.root);
  const occurrencesIn = occurrencesByObject(facts);
  return facts.objects.flatMap((object) => {
    if (object.made) return [];
    const subject = subjectOf(root.at(object.path), object, occurrencesIn(object), around);
    const silenced = silencedBy(subject.object);
    return active
      .filter((rule) => !has(silenced, rule.id))
      .flatMap((rule) => rule.check(subject).flatMap((finding) => problemOf(rule, finding, settings, object)))
      .filter((problem) => !silence.covers(problem.code, problem.start));
  });
}

/** What is said of names in each object of a document; a list may hold thousands. */
function occurrencesByObject({ objects, occurrences }: DocumentFacts): (object: ObjectFacts) => readonly Occurrence[] {
  if (objects.every(({ path }) => path.length === 0)) return () => occurrences;
  const depths = [...new Set(objects.map(({ path }) => path.length))];
  const found = grouped(occurrences, ({ path }) => depths.map((depth) => placeOf(path.slice(0, depth))));
  return ({ path }) => found.get(placeOf(path)) ?? [];
}

/** The place of an object in its document, where those of lists have numbers. */
function placeOf(path: FieldPath): string {
  return path.join('.');
}

function subjectOf(object: Field, facts: ObjectFacts, occurrences: readonly Occurrence[], { uri, names, kinds }: Surroundings): Subject {
  const pod = facts.pod && object.at(facts.pod.path);
  const containers = ['initContainers', 'containers', 'ephemeralContainers'].flatMap((list) => pod?.get('spec', list).items() ?? []);
  return {
    ...{ uri, object, facts, occurrences, pod, containers, kinds, index: names },
    isInCluster: (kind, namespace, name) => names.isInCluster(kind, namespace, name),
  };
}

function problemOf(rule: Rule, finding: Finding, settings: RuleSettings, { path }: ObjectFacts): Problem[] {
  const severity = settings.severity(rule, finding.severity);
  if (severity === 'off') return [];
  const { start, end } = finding.onName ? finding.at.keySpan : finding.at.span;
  return [
    {
      start,
      end,
      severity,
      code: rule.id,
      rule: true,
      message: t(finding.message),
      told: { object: placeOf(path), ...(finding.bits && { bits: finding.bits }) },
      ...(rule.deprecated && { deprecated: true as const }),
      ...(finding.fix && fixOf(finding.fix, finding.at)),
    },
  ];
}

function fixOf(fix: Fix, at: Field): Pick<Problem, 'fix' | 'edit'> {
  if ('replace' in fix) {
    const { replace, of = at } = fix;
    if (replace !== '' && of === at) return { fix: replace };
    return { edit: { title: t('Change to {0}', asItem(replace)), ...of.span, newText: of.quoted ? replace : asItem(replace) } };
  }
  const isField = 'to' in fix;
  const edit = isField ? fix.to.adding(fix.add) : fix.of.addingItem(asItem(fix.item));
  return edit ? { edit: { title: t('Add {0}', isField ? fix.add : asItem(fix.item)), ...edit } } : {};
}

/** A name as it stands in a list: nothing at all takes quotes. */
function asItem(name: string): string {
  return name === '' ? '""' : name;
}
