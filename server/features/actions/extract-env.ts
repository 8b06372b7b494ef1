import { t } from '@vscode/l10n';
import { type CodeAction, CodeActionKind } from 'vscode-languageserver';
import type { Field } from '../../documents/field.ts';
import { isSecretName } from '../../rules/lint/secret-in-env.ts';
import { type Action, type ActionContext, containerAt, editsOf, freeName, metadataFor, offer, toEndOfFile } from './action.ts';

const titles = {
  Secret: (variable: string) => t('Move {0} to a Secret', variable),
  ConfigMap: (variable: string) => t('Move {0} to a ConfigMap', variable),
} as const;
const suffixes = { Secret: '-secret', ConfigMap: '-config' } as const;

/** Moves values of the environment out of the manifest: into a ConfigMap, or into a Secret. */
export const extractEnv: Action = (context) => {
  const { path, object } = context;
  const container = containerAt(context);
  const name = object.get('metadata', 'name').text;
  if (!container || name === undefined || path[container.path.length] !== 'env') return [];
  const literals = container.get('env').items().filter(isLiteral);
  const own = literals.find((variable) => variable.path.at(-1) === path[container.path.length + 1]);
  const plain = literals.filter((variable) => !isSecretName(nameOf(variable)));
  const kinds = own && isSecretName(nameOf(own)) ? (['Secret', 'ConfigMap'] as const) : (['ConfigMap', 'Secret'] as const);
  return [
    ...(own ? kinds.flatMap((kind) => extract(context, titles[kind](nameOf(own)), kind, name + suffixes[kind], [own])) : []),
    ...(plain.length > 1
      ? extract(
          context,
          t('Move the environment of {0} to a ConfigMap', container.get('name').text ?? ''),
          'ConfigMap',
          name + suffixes.ConfigMap,
          plain,
        )
      : []),
  ];
};

/** A value written out, under a name that can be a key. Values with `$(…)` are completed by the kubelet only where they stand. */
function isLiteral(variable: Field): boolean {
  const value = variable.get('value');
  return (
    /^[-._a-zA-Z0-9]+$/.test(nameOf(variable)) &&
    value.text !== undefined &&
    !value.text.includes('$(') &&
    !variable.get('valueFrom').exists
  );
}

function nameOf(variable: Field): string {
  return variable.get('name').text ?? '';
}

function extract(
  context: ActionContext,
  title: string,
  kind: 'ConfigMap' | 'Secret',
  wanted: string,
  variables: readonly Field[],
): CodeAction[] {
  const data = Object.fromEntries(variables.map((variable) => [nameOf(variable), variable.get('value').text ?? '']));
  // Of two values for one name the later one counts: apart from each other they would not know.
  if (Object.keys(data).length < variables.length) return [];
  const name = freeName(context, kind, wanted);
  const edits = editsOf(context);
  const from = kind === 'Secret' ? 'secretKeyRef' : 'configMapKeyRef';
  const whole = takesWhole(context, variables);
  if (whole) edits.replaceField(whole.get('env').path, { envFrom: [{ configMapRef: { name } }] });
  else
    for (const { path } of variables)
      edits.replaceField([...path, 'value'], { valueFrom: { [from]: { name, key: keyOf(context, path) } } });
  const object = kind === 'Secret' ? { type: 'Opaque', stringData: data } : { data };
  edits.append({ apiVersion: 'v1', kind, metadata: metadataFor(context, name), ...object }, toEndOfFile(context));
  return offer(context, title, CodeActionKind.RefactorExtract, edits);
}

function keyOf({ object }: ActionContext, path: Field['path']): string {
  return object.at(path).get('name').text ?? '';
}

/** The container, when all of its environment moves and there is no comment that would be lost: it then takes the ConfigMap as a whole. */
function takesWhole(context: ActionContext, variables: readonly Field[]): Field | undefined {
  const container = containerAt(context);
  const env = container?.get('env');
  if (!container || !env || variables.length < 2 || env.items().length > variables.length || container.get('envFrom').exists)
    return undefined;
  const first = env.items()[0]?.span.start ?? 0;
  const last = env.items().at(-1)?.span.end ?? 0;
  return context.placed.manifest.text.slice(first, last).includes('#') ? undefined : container;
}
