import type { Definitions } from '../../runtime/api/kinds/schema.ts';
import { deref, type StructuralSchema } from './structural.ts';

/** So far down a field is looked for. */
const depthLimit = 6;

/**
 * What people write at a wrong level belongs above or below it: `containers` of a Deployment to `spec.template.spec`. Undefined where nothing there has
 * the field, or several things do: each probe has its `timeoutSeconds`.
 */
export function homeOf(root: StructuralSchema, here: readonly string[], name: string, definitions: Definitions): string | undefined {
  const levels: { readonly schema: StructuralSchema; readonly path: readonly string[] }[] = [{ schema: root, path: [] }];
  let found: readonly string[] | undefined;
  for (const { schema, path } of levels) {
    // Levels come in the order of their depth.
    if (found && path.length > found.length) break;
    const { properties = {} } = deref(schema, definitions);
    if (Object.hasOwn(properties, name) && path.join() !== here.join()) {
      if (found) return undefined;
      found = path;
    }
    if (path.length === depthLimit || path[0] === 'metadata' || path[0] === 'status') continue;
    for (const [step, property] of Object.entries(properties)) {
      // What does not lie above or below is not meant, but for metadata.
      const isOnTheWay = path.length >= here.length || here[path.length] === step || (path.length === 0 && step === 'metadata');
      if (!isOnTheWay) continue;
      const inner = deref(property, definitions);
      // A pod has many lists, but people forget this one.
      const below = step === 'containers' ? inner.items : inner;
      if (below && deref(below, definitions).properties) levels.push({ schema: below, path: [...path, step] });
    }
  }
  return found && shown(found);
}

function shown(path: readonly string[]): string | undefined {
  return path.length === 0 ? undefined : path.map((step) => (step === 'containers' ? 'containers[]' : step)).join('.');
}
