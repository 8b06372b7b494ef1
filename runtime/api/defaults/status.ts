import { kinds } from '../generated/kinds.ts';
import { apiVersionOf } from '../kinds/kind.ts';
import type { Schema } from '../kinds/schema.ts';
import type { KubeObject } from '../object.ts';
import { definitions, referencedDefinition } from '../structure/definitions.ts';

type Fill = (object: KubeObject) => void;

/** Kinds that have no status before they are answered: a pointer in Go, where the status of others is a struct, which is always written. */
const answeredLater: readonly string[] = ['ResourcePoolStatusRequest'];

let fills: ReadonlyMap<string, Fill> | undefined;

/** What gives an object of a kind the status it shows from the start: counts that are always written stand at zero, all else is absent. */
export function emptyStatusOf(key: string): Fill | undefined {
  fills ??= new Map(
    kinds.flatMap((kind): [string, Fill][] => {
      const fill = answeredLater.includes(kind.kind) ? undefined : fillOf(definitions[kind.definition]);
      return fill === undefined ? [] : [[`${apiVersionOf(kind)}/${kind.kind}`, fill]];
    }),
  );
  return fills.get(key);
}

/** Objects that are asked and answered, such as a SubjectAccessReview, have their status from the answer. */
function fillOf(schema: Schema | undefined): Fill | undefined {
  const property = schema?.properties?.status;
  const reference = property === undefined ? undefined : referencedDefinition(property);
  const status = reference === undefined ? undefined : definitions[reference];
  if (status?.properties === undefined || schema?.properties?.metadata === undefined) return undefined;
  const zeros: Record<string, unknown> = {};
  for (const name of status.required ?? []) {
    const type = status.properties[name]?.type;
    if (type === 'integer') zeros[name] = 0;
    else if (type === 'boolean') zeros[name] = false;
  }
  return (object: KubeObject & { status?: Record<string, unknown> }) => {
    if (object.status === undefined) object.status = { ...zeros };
    else for (const name in zeros) object.status[name] ??= zeros[name];
  };
}
