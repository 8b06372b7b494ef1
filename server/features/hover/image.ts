import { t } from '@vscode/l10n';
import type { HoverPart } from './part.ts';
import { above } from './part.ts';

interface Image {
  readonly registry: string;
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/** The parts of an image's reference, with what container runtimes add to a short one. */
export function parseImage(reference: string): Image | undefined {
  const match = /^([^\s@]+?)(?::([\w][\w.-]{0,127}))?(?:@([a-z0-9+._-]+:[0-9a-fA-F]{32,}))?$/.exec(reference);
  const name = match?.[1];
  if (name === undefined) return undefined;
  const slash = name.indexOf('/');
  const first = name.slice(0, slash);
  const hasRegistry = slash > 0 && (/[.:]/.test(first) || first === 'localhost');
  const registry = hasRegistry ? first : 'docker.io';
  const rest = hasRegistry ? name.slice(slash + 1) : name;
  const repository = registry === 'docker.io' && !rest.includes('/') ? `library/${rest}` : rest;
  return { registry, repository, tag: match?.[2], digest: match?.[3] };
}

/** Where an image comes from, and when it is pulled. */
export const image: HoverPart = (hovered) => {
  const { owner, field } = hovered;
  const isContainer = /^core\.v1\.(Ephemeral)?Container\.image$/.test(owner);
  if (!isContainer && owner !== 'core.v1.ImageVolumeSource.reference') return undefined;
  const parsed = field.text === undefined ? undefined : parseImage(field.text);
  if (!parsed) return undefined;
  const { registry, repository, tag, digest } = parsed;
  const implied = tag === undefined && digest === undefined;
  const version = digest !== undefined ? `@${digest}` : `:${tag ?? 'latest'}`;
  const written = above(hovered, 1).get(isContainer ? 'imagePullPolicy' : 'pullPolicy').text;
  const latest = digest === undefined && (implied || tag === 'latest');
  const policy = written ?? (latest ? 'Always' : 'IfNotPresent');
  const pulled = policy === 'Always' ? t('at every start') : policy === 'Never' ? t('never') : t('when the node has it not');
  const rows = [
    [t('Registry'), registry],
    [t('Repository'), repository],
    [t('Tag'), tag ?? (implied ? t('latest, because none is written') : t('none: the digest decides'))],
    ...(digest === undefined ? [] : [[t('Digest'), digest]]),
    [t('Pulled'), written === undefined ? t('{0} ({1}, the default)', pulled, policy) : t('{0} ({1})', pulled, policy)],
  ];
  // No table: editors draw its columns without room between them.
  return [
    `\`${registry}/${repository}${version}\``,
    '',
    ...rows.map(([name, value]) => `- ${t('{0}: {1}', name ?? '', value ?? '')}`),
  ].join('\n');
};
