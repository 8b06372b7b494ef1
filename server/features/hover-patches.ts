import { t } from '@vscode/l10n';
import { type Hover, MarkupKind, type Position } from 'vscode-languageserver';
import type { ManifestFile } from '../documents/file.ts';
import type { Applied } from '../kustomize/apply-patches.ts';
import { operationsOf } from '../kustomize/json-patch.ts';
import { type PointerStep, stepsOf } from '../kustomize/json-pointer.ts';
import { spanIn } from '../kustomize/patched-fields.ts';
import { kindsOf } from '../kustomize/patched-kinds.ts';
import type { Patches } from '../kustomize/patches.ts';
import { follow } from '../kustomize/pointed-field.ts';
import { valueAt } from '../kustomize/value-at.ts';
import { ownerOf } from './completion/context.ts';
import { documentation } from './hover/documentation.ts';
import type { HoverParts } from './hover.ts';

/** What is known about the field that a step of a path leads to, in the objects that a JSON patch is for. Undefined outside of such paths. */
export async function hoverInPatch(
  file: ManifestFile,
  position: Position,
  patches: Patches,
  { kinds, definitions, descriptions }: HoverParts,
): Promise<Hover | undefined> {
  const placed = file.tooLong ? undefined : file.at(position);
  if (!placed || !patches.concerns(file.uri, placed.manifest)) return undefined;
  const offset = file.offsetAt(position) - placed.start;
  const patch = await patches.at(file.uri, placed.manifest, offset);
  if (!patch?.tree.sound) return undefined;
  for (const operation of operationsOf(patch.tree)) {
    for (const name of ['path', 'from'] as const) {
      const pointer = operation.pointer(name);
      if (!pointer) continue;
      const steps = stepsOf(pointer.text);
      const spans = steps.map((step) => spanIn(patch.tree, pointer.node, step));
      const at = spans.findIndex(({ start, end }) => start <= offset - patch.start && offset - patch.start <= end);
      const span = spans[at];
      if (!span) continue;
      const way = steps.slice(0, at + 1);
      const known = patch.applied.flatMap((one) => kindsOf(one, kinds).kinds)[0];
      const taken = known && follow(known.schema, way, true, definitions).steps;
      if (!known || taken?.length !== way.length) return undefined;
      const { owner } = ownerOf(known.schema, taken, definitions);
      const told = documentation(known, taken, owner, kinds.version.release, definitions, descriptions);
      const value = [...presentValues(patch.applied, way), told].filter((part) => part !== undefined).join('\n\n---\n\n');
      const range = file.range(placed, patch.start + span.start, patch.start + span.end);
      return value === '' ? undefined : { contents: { kind: MarkupKind.Markdown, value }, range };
    }
  }
  return undefined;
}

/** What stands there in the objects before the patch, where that is one value. */
function presentValues(applied: readonly Applied[], steps: readonly PointerStep[]): string[] {
  const lines = applied.flatMap(({ resources }) =>
    resources.flatMap(({ kind, names, object }) => {
      const value = object && valueAt(object, steps);
      if (value === undefined || typeof value === 'object') return [];
      return [t('{0} has {1} before the patch.', `*${kind}/${names[0] ?? ''}*`, `\`${JSON.stringify(value)}\``)];
    }),
  );
  return lines.length === 0 ? [] : [[...new Set(lines)].join('\n\n')];
}
