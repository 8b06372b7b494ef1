import { t } from '@vscode/l10n';
import { type CodeAction, CodeActionKind } from 'vscode-languageserver';
import { isAlias, isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml';
import { tryParseQuantity } from '../../../runtime/api/quantity.ts';
import { nodeAt } from '../../documents/node-at.ts';
import { type FieldPath, parsePath } from '../../documents/path.ts';
import { rangeOf } from '../../documents/tree.ts';
import { type Field, walk } from '../../schemas/describe.ts';
import { deref, type StructuralSchema } from '../../schemas/structural.ts';
import { type Action, type ActionContext, editsOf, offer, type Reported } from './action.ts';
import { flowText } from './edits.ts';
import { argumentsOf, commandOf } from './shell-words.ts';

/** Turns a value of the wrong type into what was meant by it. */
export const convertType: Action = (context) =>
  context.reported.flatMap((reported) => (['type', 'quantity'].includes(reported.problem.code) ? conversions(context, reported) : []));

function conversions(context: ActionContext, { problem, diagnostic }: Reported): CodeAction[] {
  const { tree, text } = context.placed.manifest;
  const path = parsePath(problem.path ?? '');
  const node = nodeAt(tree, path);
  const field = walk(context.known.schema, path.slice(context.object.path.length), context.definitions);
  if (!node || isAlias(node) || !field) return [];
  const schema = deref(field.schema, context.definitions);
  const more = { diagnostics: [diagnostic], isPreferred: true };
  if (schema.type === 'array' && isMap(node) && !pairsFit(schema, node, context)) return wrap(context, path, node, more);
  const { start, end } = rangeOf(node);
  // What is rewritten loses its comments.
  if (!isScalar(node) && / #/.test(text.slice(start, end))) return [];
  const value = lineAsList(node, field) ?? converted(node, schema, context);
  if (value === undefined) return [];
  const edits = editsOf(context);
  edits.replaceValue(path, value);
  return offer(context, titleOf(value), CodeActionKind.QuickFix, edits, more);
}

function titleOf(value: unknown): string {
  const shown = flowText(value);
  if (shown.length <= 60) return t('Change to {0}', shown);
  return Array.isArray(value) ? t('Change to a list') : t('Change to a mapping');
}

/** A command that is written as a line. */
function lineAsList(node: Node, { owner }: Field): readonly string[] | undefined {
  if (!isScalar(node) || typeof node.value !== 'string' || !owner) return undefined;
  const isCommand = owner.name === 'command' && /\.core\.v1\.(Container|EphemeralContainer|ExecAction)$/.test(owner.definition);
  if (isCommand) return commandOf(node.value);
  return owner.name === 'args' && /\.core\.v1\.(Ephemeral)?Container$/.test(owner.definition) ? argumentsOf(node.value) : undefined;
}

function converted(node: Node, schema: StructuralSchema, context: ActionContext): unknown {
  if (schema.format === 'quantity') return isScalar(node) ? quantityOf(String(node.value)) : undefined;
  switch (schema.type) {
    case 'array':
      return isScalar(node)
        ? [itemOf(node, schema, context)]
        : isMap(node)
          ? namesAndValues(context.placed.manifest.tree.valueOf(node))
          : undefined;
    case 'object':
      return isScalar(node)
        ? named(node.value, schema)
        : isSeq(node)
          ? mapOf(context.placed.manifest.tree.valueOf(node), schema)
          : undefined;
    case 'string':
      return isSeq(node) && node.items.length === 1 && isScalar(node.items[0]) ? String(node.items[0].value) : undefined;
    case 'boolean':
      return isScalar(node) ? booleanOf(node.value) : undefined;
    case 'integer':
    case 'number':
      return isScalar(node) && typeof node.value === 'string' ? numberOf(node.value, context) : undefined;
    default:
      return undefined;
  }
}

/** A value as the item of a list, which may be one of texts. */
function itemOf({ value, source }: Scalar, { items }: StructuralSchema, { definitions }: ActionContext): unknown {
  const isText = items !== undefined && deref(items, definitions).type === 'string';
  return isText && typeof value !== 'string' ? (source ?? String(value)) : value;
}

function booleanOf(value: unknown): boolean | undefined {
  const text = String(value).toLowerCase();
  if (['true', 'yes', 'on', '1'].includes(text)) return true;
  return ['false', 'no', 'off', '0'].includes(text) ? false : undefined;
}

const seconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86400 };

/** A number in quotes, or a duration where seconds are counted. */
function numberOf(text: string, { path }: ActionContext): number | undefined {
  if (/^-?\d+(\.\d+)?$/.test(text.trim())) return Number(text);
  const [, count, unit = ''] = /^(\d+)([smhd])$/.exec(text.trim()) ?? [];
  return count !== undefined && /[sS]econds/.test(path.join('.')) ? Number(count) * (seconds[unit] ?? 1) : undefined;
}

const units: Readonly<Record<string, string>> = {
  kb: 'k',
  mb: 'M',
  gb: 'G',
  tb: 'T',
  kib: 'Ki',
  mib: 'Mi',
  gib: 'Gi',
  tib: 'Ti',
  ki: 'Ki',
  mi: 'Mi',
  gi: 'Gi',
  ti: 'Ti',
  g: 'G',
  K: 'Ki',
  t: 'T',
};

/** A quantity as Kubernetes writes it: `512 MB` is `512M`, `1gib` is `1Gi`, `500 millicores` is `500m`. */
function quantityOf(text: string): string | undefined {
  const [, number, unit = ''] = /^(\d+(?:[.,]\d+)?)\s*([A-Za-z]*)$/.exec(text.trim()) ?? [];
  if (number === undefined) return undefined;
  const core = /^(cores?|cpus?|vcpus?)$/i.test(unit) ? '' : /^milli(cores?|cpus?)$/i.test(unit) ? 'm' : undefined;
  const written = number.replace(',', '.') + (core ?? units[unit] ?? units[unit.toLowerCase()] ?? unit);
  return tryParseQuantity(written) ? written : undefined;
}

/** A name where an object with a name is wanted. */
function named(value: unknown, schema: StructuralSchema): unknown {
  return typeof value === 'string' && schema.properties?.name ? { name: value } : undefined;
}

/** Names and values, or mappings of one field each, as one mapping; or the only item of a list. */
function mapOf(items: unknown, schema: StructuralSchema): unknown {
  if (!Array.isArray(items)) return undefined;
  if (schema.properties) return items.length === 1 && isPlain(items[0]) ? items[0] : undefined;
  const pairs = items.map((item: unknown) => {
    if (typeof item === 'string') return /^([^=:]+)[=:]\s*(.*)$/.exec(item)?.slice(1);
    if (!isPlain(item)) return undefined;
    const entries = Object.entries(item);
    if (entries.length === 1) return entries[0];
    return 'value' in item ? [item.name ?? item.key, item.value] : undefined;
  });
  return pairs.every((pair) => typeof pair?.[0] === 'string')
    ? Object.fromEntries(pairs.map((pair) => [pair?.[0], String(pair?.[1] ?? '')]))
    : undefined;
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a list's items have a name and a value, as environment variables do, and the mapping holds single values. */
function pairsFit(schema: StructuralSchema, map: Node, { definitions }: ActionContext): boolean {
  const { properties } = schema.items ? deref(schema.items, definitions) : {};
  if (!properties?.name || !properties.value || !isMap(map)) return false;
  return map.items.every(({ key, value }) => !(isScalar(key) && key.value === 'name') && (value === null || isScalar(value)));
}

function namesAndValues(values: unknown): unknown {
  if (!isPlain(values)) return undefined;
  return Object.entries(values).map(([name, value]) => ({ name, value: value === null ? '' : String(value) }));
}

/** Puts a dash before a mapping where a list is wanted; its lines move along, comments among them. */
function wrap(context: ActionContext, path: FieldPath, map: Node, more: Partial<CodeAction>): CodeAction[] {
  const { start, end } = rangeOf(map);
  const { text } = context.placed.manifest;
  const edits = editsOf(context);
  if (isMap(map) && map.flow) {
    edits.replace(start, end, `[${text.slice(start, end)}]`);
  } else {
    edits.replace(start, start, '- ');
    const last = start + text.slice(start, end).trimEnd().length;
    for (let at = text.indexOf('\n', start); at >= 0 && at < last; at = text.indexOf('\n', at + 1)) {
      if (!/^[ \t]*\r?$/m.test(text.slice(at + 1, text.indexOf('\n', at + 1)))) edits.replace(at + 1, at + 1, '  ');
    }
  }
  return offer(context, t('Make {0} a list with this item', String(path.at(-1))), CodeActionKind.QuickFix, edits, more);
}
