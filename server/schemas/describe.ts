import { t } from '@vscode/l10n';
import type { Definitions, Descriptions } from '../../runtime/api/kinds/schema.ts';
import type { FieldPath } from '../documents/path.ts';
import { changeOf, lifecycleOf } from '../versions/history.ts';
import { closedValues, valueChanges } from './closed-values.ts';
import { deref, refName, type StructuralSchema, typeName } from './structural.ts';
import { shortName } from './templates.ts';

/** A field as documentation tells of it. */
export interface Field {
  readonly schema: StructuralSchema;
  readonly required: boolean;
  /** The definition it belongs to and its name there: where its description is found. */
  readonly owner?: { readonly definition: string; readonly name: string };
}

/** Goes one step down: to a field of an object, an entry of a map, or an item of a list. */
export function step(schema: StructuralSchema, name: string | number, definitions: Definitions): Field | undefined {
  const target = deref(schema, definitions);
  if (typeof name === 'number') return target.items && { schema: target.items, required: false };
  const property = target.properties && Object.hasOwn(target.properties, name) ? target.properties[name] : undefined;
  if (!property) return target.additionalProperties && { schema: target.additionalProperties, required: false };
  const definition = refName(schema);
  return {
    schema: property,
    required: target.required?.includes(name) ?? false,
    ...(definition !== undefined && { owner: { definition, name } }),
  };
}

/** Goes a whole path down from an object's schema. */
export function walk(schema: StructuralSchema, path: FieldPath, definitions: Definitions): Field | undefined {
  let field: Field | undefined = { schema, required: false };
  for (const name of path) {
    field = step(field.schema, name, definitions);
    if (!field) return undefined;
  }
  return field;
}

/** The text about a field, or about the type it has. */
export function descriptionOf(field: Field, descriptions: Descriptions): string {
  const { schema, owner } = field;
  const own = owner ? descriptions[owner.definition]?.[owner.name] : schema.description;
  const type = refName(schema);
  return own ?? schema.description ?? (type === undefined ? '' : (descriptions[type]?.[''] ?? ''));
}

/** Whether people should no longer write a field. */
export function isDeprecated(field: Field, descriptions: Descriptions): boolean {
  const told = field.owner && descriptions[field.owner.definition]?.[field.owner.name];
  const text = told ?? field.schema.description ?? '';
  return /(^|[\s(])Deprecated[:.]|^Deprecated[A-Z]|^This field is deprecated|is a deprecated alias/.test(text);
}

/** `Defaults to 3.`; not what something else is by default, nor what depends on more than is said, or is counted in hours. */
const saidDefault =
  /(?<!\bwill )\b[Dd]efaults? (?:to|is|value is) ["'`]?([\w%/-]+(?:\.[\w%/-]+)*)["'`]?(?=[.,;)\s]|$)(?! (?:if|when|for|unless|in|hours?|minutes?)\b)/;

/** The value that a field gets when it is left out: what the schema says, else what the text about it says plainly. */
export function defaultOf(field: Field, definitions: Definitions, descriptions: Descriptions): string | undefined {
  const target = deref(field.schema, definitions);
  const fallback = field.schema.default ?? target.default;
  if (fallback !== undefined && typeof fallback !== 'object') return String(fallback);
  if (target.type === 'object' || target.type === 'array') return undefined;
  const said = saidDefault.exec(descriptionOf(field, descriptions))?.[1];
  if (said === undefined) return undefined;
  if (target.enum) return target.enum.find((value) => String(value) === said)?.toString();
  if (target.type === 'boolean') return /^(true|false)$/i.test(said) ? said.toLowerCase() : undefined;
  if (target.type === 'integer' || target.type === 'number') return /^(\d+)s?$/.exec(said)?.[1];
  return /^\d+%?$|^(?=.*[A-Z/-])\w[\w/-]*$/.test(said) ? said : undefined;
}

/** One line of facts in Markdown: `integer · required · default: 1`; without marks where it stands for itself. */
export function factsOf(field: Field, definitions: Definitions, descriptions: Descriptions, mark = '`'): string {
  const facts = [`${mark}${typeName(field.schema, definitions)}${mark}`];
  if (field.required) facts.push(t('required'));
  const fallback = defaultOf(field, definitions, descriptions);
  if (fallback !== undefined) facts.push(t('default: {0}', `${mark}${fallback}${mark}`));
  if (isDeprecated(field, descriptions)) facts.push(t('deprecated'));
  const { added, removed } = changeOf(field.owner?.definition, field.owner?.name ?? '') ?? {};
  if (added !== undefined) facts.push(t('since {0}', added));
  if (removed !== undefined) facts.push(t('removed in {0}', removed));
  return facts.join(' · ');
}

/** How long a kind is there: `since 1.21`, `deprecated in 1.33`, `removed in 1.38`. */
export function lifeOf(apiVersion: string, kind: string): readonly string[] {
  const { introduced, deprecated, removed } = lifecycleOf(apiVersion, kind) ?? {};
  const facts = [];
  if (introduced !== undefined) facts.push(t('since {0}', introduced));
  if (deprecated !== undefined) facts.push(t('deprecated in {0}', deprecated));
  if (removed !== undefined) facts.push(t('removed in {0}', removed));
  return facts;
}

/** The documentation of a field in Markdown, with the line of facts before it. */
export function markdownOf(field: Field, definitions: Definitions, descriptions: Descriptions): string {
  return [factsOf(field, definitions, descriptions), purposeOf(field, definitions, descriptions)]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** What a field may hold, where its schema does not list it, or lists more. */
export function allowedValues({ owner }: Field): readonly string[] | undefined {
  return owner && closedValues(`${shortName(owner.definition)}.${owner.name}`);
}

/** What a field is for and which values it may have, in Markdown. */
export function purposeOf(field: Field, definitions: Definitions, descriptions: Descriptions): string {
  const parts: string[] = [];
  const description = descriptionOf(field, descriptions);
  if (description !== '') parts.push(escapeMarkdown(description));
  const allowed = allowedValues(field) ?? deref(field.schema, definitions).enum;
  if (allowed && !description.includes('Possible enum values')) {
    const changes = valueChanges(field.owner?.definition, field.owner?.name ?? '');
    const shown = allowed.map((value) => {
      const { added } = changes?.[String(value)] ?? {};
      return `\`${JSON.stringify(value)}\`${added === undefined ? '' : ` (${t('since {0}', added)})`}`;
    });
    parts.push(t('Possible values: {0}', shown.join(', ')));
  }
  return parts.join('\n\n');
}

/** Descriptions are written as plain text with a little Markdown (lists, code): only what would become HTML, or stress what stands between two stars, is taken out. */
function escapeMarkdown(text: string): string {
  return text.replaceAll('<', '&lt;').replaceAll(/(?<=\S[^\S\n]*)(?<!\*)\*(?!\*)/g, '\\*');
}
