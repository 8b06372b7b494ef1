import type { Definitions } from '../../runtime/api/kinds/schema.ts';
import type { FieldPath } from '../documents/path.ts';
import { deref, type StructuralSchema } from './structural.ts';

/** So far down a field is looked for. */
const depthLimit = 6;

/** What people write at a wrong level belongs above or below it: `containers` of a Deployment to `spec.template.spec`. Undefined where nothing there has the field. */
export function homeOf(root: StructuralSchema, at: FieldPath, name: string, definitions: Definitions): string | undefined {
  const here = at.filter((step) => typeof step === 'string');
  const levels: { readonly schema: StructuralSchema; readonly path: readonly string[] }[] = [{ schema: root, path: [] }];
  for (const { schema, path } of levels) {
    const { properties = {} } = deref(schema, definitions);
    const isOnTheWay = path.every((step, index) => index >= here.length || here[index] === step);
    if (Object.hasOwn(properties, name) && path.join() !== here.join() && (isOnTheWay || path[0] === 'metadata')) return shown(path);
    if (path.length === depthLimit || path[0] === 'metadata' || path[0] === 'status') continue;
    for (const [step, property] of Object.entries(properties)) {
      const inner = deref(property, definitions);
      // A pod has many lists, but people forget this one.
      const below = step === 'containers' ? inner.items : inner;
      if (below && deref(below, definitions).properties) levels.push({ schema: below, path: [...path, step] });
    }
  }
  return undefined;
}

function shown(path: readonly string[]): string | undefined {
  return path.length === 0 ? undefined : path.map((step) => (step === 'containers' ? 'containers[]' : step)).join('.');
}
