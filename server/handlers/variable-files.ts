import { variablesIn } from '../kustomize/generator-sources.ts';
import type { Session } from '../session.ts';

/** Reads the files of variables that kustomizations name; of those only the ones that have changed, or that a changed kustomization names. */
export async function readVariables({ kustomizations, index, readText }: Session, changed?: readonly string[]): Promise<void> {
  const named = kustomizations.variableFiles();
  const wanted = changed ? new Set(changed.flatMap((uri) => (named.has(uri) ? uri : kustomizations.variablesOf(uri)))) : named;
  await Promise.all(
    [...wanted].map(async (uri) => {
      const text = await readText(uri);
      const variables = text === undefined ? undefined : variablesIn(text).flatMap((variable) => variable?.key ?? []);
      index.saveVariables(uri, variables);
    }),
  );
}
