import { t } from '@vscode/l10n';
import { type CompletionItem, CompletionItemKind, MarkupKind } from 'vscode-languageserver';
import { closedValues } from '../../schemas/closed-values.ts';
import { defaultOf, descriptionOf, type Field } from '../../schemas/describe.ts';
import { escapeSnippet } from '../../schemas/skeleton.ts';
import { deref, type StructuralSchema } from '../../schemas/structural.ts';
import { valueRank } from '../../schemas/usage.ts';
import { accessSources } from './access.ts';
import type { Choice, Context, Sources } from './context.ts';
import { customDefinitionSources } from './custom-definitions.ts';
import { kustomizationChoices } from './kustomizations.ts';
import { labelSources } from './labels.ts';
import { objectSources } from './objects.ts';
import { podSources, restartPolicies } from './pods.ts';
import { portSources } from './ports.ts';
import { quantitySources } from './quantities.ts';
import { scheduleSources } from './schedules.ts';
import { wellKnownSources } from './well-known.ts';
import type { Writing } from './writing.ts';

const sources: Sources = {
  ...objectSources,
  ...portSources,
  ...podSources,
  ...labelSources,
  ...quantitySources,
  ...accessSources,
  ...scheduleSources,
  ...customDefinitionSources,
  ...wellKnownSources,
};

/** What could stand as a value, or as the name of an entry: what the sources know, then what the schema allows. */
export function choicesFor(context: Context): Choice[] {
  if (context.known.tool) return [...kustomizationChoices(context)];
  return [...(sources[context.owner]?.(context) ?? [])];
}

/** Values for a field or an item. */
export function valueItems(context: Context, field: Field, writing: Writing): CompletionItem[] {
  if (writing.variable) return [];
  const { definitions, descriptions } = context;
  const target = deref(field.schema, definitions);
  // Between quotes everything is text.
  if (writing.quoted && /^(boolean|integer|number)$/.test(target.type ?? '')) return [];
  const found = new Map<string, Choice>();
  for (const choice of choicesFor(context)) if (!found.has(choice.text)) found.set(choice.text, choice);
  const enumerated = valuesOf(context, target);
  const description = enumerated ? descriptionOf(field, descriptions) : '';
  const fallback = field.schema.default ?? target.default;
  const usual = enumerated || target.type === 'boolean' ? undefined : defaultOf(field, definitions, descriptions);
  if (usual !== undefined && !found.has(usual)) found.set(usual, { text: usual, rank: 2, detail: t('default') });
  for (const [index, value] of (enumerated ?? []).entries()) {
    const text = String(value);
    if (text === '' || found.has(text)) continue;
    const said = aboutValue(text, description);
    const isDefault = value === fallback;
    // What a schema lists stands in the order of letters; what we list stands in ours.
    const rank = target.enum ? 3 + valueRank(text) : index;
    found.set(text, { text, rank, ...(said !== '' && { documentation: said }), ...(isDefault && { detail: t('default') }) });
  }
  if (target.type === 'boolean') {
    for (const value of [true, false])
      found.set(String(value), { text: String(value), ...(value === fallback && { detail: t('default') }) });
  }
  const taken = takenIn(writing);
  const kind = enumerated || target.type === 'boolean' ? CompletionItemKind.EnumMember : CompletionItemKind.Value;
  return [...found.values()]
    .filter(({ text }) => !taken.has(text.replace(/^"(.*)"$/, '$1')))
    .map((choice) => valueItem(choice, target.type === 'string' && !target['x-kubernetes-int-or-string'], kind, writing));
}

/** All that a field may hold, where that can be counted: what its place leaves of it, what is known besides its schema, or what that lists. */
function valuesOf(context: Context, target: StructuralSchema): readonly unknown[] | undefined {
  const { owner, rest, kinds } = context;
  if (rest.length > 0) return target.enum;
  const left = owner === 'core.v1.PodSpec.restartPolicy' ? restartPolicies(context) : undefined;
  return left ?? closedValues(owner, kinds.version.release) ?? target.enum;
}

/** Environment variables, where `$(` was begun. */
export function variableItems(choices: readonly Choice[], writing: Writing): CompletionItem[] {
  if (!writing.variable) return [];
  return choices.map((choice) =>
    writing.variableItem(choice.text, { kind: CompletionItemKind.Variable, sortText: `0${choice.text}`, ...told(choice) }),
  );
}

/** Values that a list has already: most lists are sets. */
function takenIn({ place }: Writing): ReadonlySet<string> {
  const list = place.kind === 'item' ? place.node : place.node.parent?.kind === 'list' ? place.node.parent : undefined;
  return new Set(list?.children.filter((item) => item !== place.node).flatMap((item) => item.text ?? []));
}

function valueItem(choice: Choice, isString: boolean, kind: CompletionItemKind, writing: Writing): CompletionItem {
  const dash = writing.place.kind === 'item' && writing.place.ownLine;
  const written = writing.quoted ? choice.text.replace(/^"(.*)"$/, '$1') : quoted(choice.text, isString, writing.inFlow);
  return writing.item(dash ? `- ${choice.text}` : choice.text, [escapeSnippet(written)], {
    kind: choice.real ? CompletionItemKind.Reference : kind,
    sortText: `0${String(choice.rank ?? 5).padStart(2, '0')}${choice.text}`,
    ...told(choice),
    ...(writing.typed.startsWith('"') && { filterText: `"${choice.text}"` }),
  });
}

/** Entries that a mapping of free names may get, without those that are there. */
export function entryItems(context: Context, writing: Writing): CompletionItem[] {
  const { place } = writing;
  const present = new Set(place.node.children.filter((child) => child !== place.self).map(({ name }) => name));
  return choicesFor(context)
    .filter(({ text }) => !present.has(text))
    .map((choice) => {
      const value = choice.value === undefined || choice.value === '' ? '$1' : `\${1:${escapeSnippet(quoted(choice.value, true, false))}}`;
      const line = place.self ? choice.text : `${choice.text}: ${value}`;
      const label = choice.value ? `${choice.text}: ${choice.value.replace(/^"(.*)"$/, '$1')}` : choice.text;
      return writing.item(label, [line], {
        kind: choice.real ? CompletionItemKind.Reference : CompletionItemKind.Property,
        sortText: `0${String(choice.rank ?? 5).padStart(2, '0')}${choice.text}`,
        ...told(choice),
      });
    });
}

function told({ detail, documentation }: Choice): Partial<CompletionItem> {
  return {
    ...(detail !== undefined && { detail, labelDetails: { description: detail } }),
    ...(documentation !== undefined && { documentation: { kind: MarkupKind.Markdown, value: documentation } }),
  };
}

/** A value as it has to be written for its type. */
function quoted(text: string, isString: boolean, inFlow: boolean): string {
  if (/^".*"$/.test(text)) return text;
  const readsAsOther = isString && /^([-+.\d][\d._eExo:+-]*|0x[\da-f]+|~|null|true|false|yes|no|on|off|y|n)$/i.test(text);
  const special = /^[*&!|>%@`'"#{[\],?-]|: |:$| #/.test(text) || (inFlow && /[,[\]{}]/.test(text));
  return readsAsOther || text === '' || special ? `"${text}"` : text;
}

/** What a description says of one value of an enumeration. */
function aboutValue(value: string, description: string): string {
  const lines = description.split('\n').filter((line) => line.includes(`\`"${value}"\``) || line.trimStart().startsWith(`- ${value}`));
  return lines.map((line) => line.trim().replace(/^-\s*/, '')).join('\n\n');
}
