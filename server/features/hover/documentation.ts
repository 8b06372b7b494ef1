import { t } from '@vscode/l10n';
import { kinds as builtIn } from '../../../runtime/api/generated/kinds.ts';
import type { Definitions, Descriptions } from '../../../runtime/api/kinds/schema.ts';
import { type FieldPath, formatPath } from '../../documents/path.ts';
import { descriptionOf, type Field, lifeOf, markdownOf, walk } from '../../schemas/describe.ts';
import type { KnownKind } from '../../schemas/kinds.ts';
import { refName } from '../../schemas/structural.ts';
import { isImmutable, isResizable } from './immutable.ts';

/** What a field is for, or what the kind is when that is under the mouse. */
export function documentation(
  known: KnownKind,
  path: FieldPath,
  owner: string,
  release: string,
  definitions: Definitions,
  descriptions: Descriptions,
): string | undefined {
  if (path.length === 1 && path[0] === 'kind') {
    const field: Field = { schema: known.schema, required: false };
    const scope = known.namespaced ? t('namespaced') : t('cluster-wide');
    const facts = [`**${known.kind}** \`${known.apiVersion}\``, scope, ...lifeOf(known.apiVersion, known.kind)];
    return joined([facts.join(' · '), descriptionOf(field, descriptions), reference(refName(known.schema), release)]);
  }
  const field = walk(known.schema, path, definitions);
  if (!field) return undefined;
  const change = changeOf(known.kind, owner, release);
  const place = `*${known.kind}* \`${formatPath(path)}\``;
  const more = reference(refName(field.schema) ?? field.owner?.definition, release) || reference(refName(known.schema), release);
  const documented = `**${formatPath(path.slice(-1))}** ${markdownOf(field, definitions, descriptions)}`;
  return joined([documented, change, more === '' ? place : `${place} · ${more}`]);
}

/** Whether and how a field of an object that is there can be changed, where that is not by any update. */
function changeOf(kind: string, owner: string, release: string): string {
  if (isResizable(kind, owner, release)) {
    return [
      t('CPU and memory of a running pod change in place, by its subresource `resize`: `kubectl edit pod NAME --subresource resize`.'),
      t('Its class of service has to stay the same, and `resizePolicy` says whether the container starts anew.'),
    ].join(' ');
  }
  return isImmutable(kind, owner) ? `*${t('Cannot be changed once the object is there.')}*` : '';
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n');
}

/** The groups of the packages that definitions are named after: `networking.k8s.io` of `networking`. */
const groups = new Map(builtIn.map(({ definition, group }) => [definition.split('.').at(-3), group === '' ? 'core' : group]));

/** A link to the place of a type in the API reference. */
function reference(definition: string | undefined, release: string): string {
  const [packageName, version, type] = definition?.split('.').slice(-3) ?? [];
  if (!definition?.startsWith('io.k8s.') || type === undefined || version === undefined) return '';
  const group = packageName === 'meta' ? 'meta' : groups.get(packageName);
  if (group === undefined) return '';
  const anchor = `${type}-${version}-${group.replaceAll('.', '-')}`.toLowerCase();
  return `[${t('API reference')}](https://kubernetes.io/docs/reference/generated/kubernetes-api/v${release}/#${anchor})`;
}
