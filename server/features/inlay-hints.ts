import { type InlayHint, MarkupKind, type Range } from 'vscode-languageserver';
import { isMap } from 'yaml';
import { applyDefaults } from '../../runtime/api/defaults/index.ts';
import type { Definitions, Descriptions } from '../../runtime/api/kinds/schema.ts';
import type { KubeObject } from '../../runtime/api/object.ts';
import { checkStructure } from '../../runtime/api/structure/index.ts';
import type { Field } from '../documents/field.ts';
import type { ManifestFile, Placed } from '../documents/file.ts';
import { nodeAt } from '../documents/node-at.ts';
import type { WorkspaceIndex } from '../index/workspace-index.ts';
import { kindAt } from '../schemas/kind-at.ts';
import type { Kinds, KnownKind } from '../schemas/kinds.ts';
import { defaults } from './inlay-hints/defaults.ts';
import { type Hint, type HintedObject, type HintSource, rootOf, visit } from './inlay-hints/hint.ts';
import { quantities } from './inlay-hints/quantities.ts';
import { schedules } from './inlay-hints/schedules.ts';
import type { HintSettings } from './inlay-hints/settings.ts';

const sources: Readonly<Record<keyof HintSettings, HintSource>> = { defaults, quantities, schedules };

export interface HintParts {
  readonly kinds: Kinds;
  readonly definitions: Definitions;
  readonly index: WorkspaceIndex;
  readonly settings: HintSettings;
}

/** What is shown in a part of a file that is not written there. */
export function inlayHintsIn(file: ManifestFile, range: Range, parts: HintParts): InlayHint[] {
  const active = (Object.keys(sources) as (keyof typeof sources)[]).filter((sort) => parts.settings[sort]).map((sort) => sources[sort]);
  if (file.tooLong || active.length === 0) return [];
  const start = file.offsetAt(range.start);
  const end = file.offsetAt(range.end);
  return file.documents
    .filter((placed) => placed.start <= end && start <= placed.end)
    .flatMap((placed) =>
      hintsOf(file, placed, active, parts)
        .filter(({ offset }) => placed.start + offset >= start && placed.start + offset <= end)
        .map((hint) => shown(file, placed, hint)),
    );
}

function hintsOf(file: ManifestFile, placed: Placed, active: readonly HintSource[], { kinds, definitions, index }: HintParts): Hint[] {
  const { manifest } = placed;
  if (manifest.tooLong || manifest.empty || manifest.template || !manifest.tree.sound) return [];
  const objects = index.document(file.uri, placed.index)?.objects.filter(({ made }) => !made) ?? [];
  return objects.flatMap(({ path }) => {
    const object = rootOf(manifest.tree).at(path);
    const known = kindAt(manifest, path, kinds)?.known;
    if (!known || known.tool) return [];
    const completed = once(() => complete(placed, object, known));
    const hinted: HintedObject = { object, known, definitions, text: manifest.text, completed };
    return [...visit(hinted)].flatMap((visited) => active.flatMap((source) => source(visited, hinted)));
  });
}

/** The object with its defaults; undefined when the API server would not take it. */
function complete({ manifest }: Placed, { path }: Field, { builtIn }: KnownKind): unknown {
  const node = nodeAt(manifest.tree, path);
  if (!builtIn || !isMap(node)) return undefined;
  const object: KubeObject = node.toJS(manifest.tree.document, { maxAliasCount: -1 });
  if (checkStructure(builtIn.definition, object).error !== undefined) return undefined;
  applyDefaults(builtIn, object);
  return object;
}

function shown(file: ManifestFile, placed: Placed, { offset, label, about }: Hint): InlayHint {
  return { position: file.positionAt(placed.start + offset), label, paddingLeft: true, ...(about && { data: about }) };
}

/** Adds what the fields are for. */
export function resolveHint(hint: InlayHint, descriptions: Descriptions): InlayHint {
  const about: unknown = hint.data;
  if (!Array.isArray(about)) return hint;
  const told = about.flatMap(({ definition, name }: { definition?: unknown; name?: unknown }) => {
    const text = descriptions[String(definition)]?.[String(name)];
    return text === undefined ? [] : [`**${name}** ${text.replaceAll('<', '&lt;')}`];
  });
  return told.length === 0 ? hint : { ...hint, tooltip: { kind: MarkupKind.Markdown, value: told.join('\n\n') } };
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
