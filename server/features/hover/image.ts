import { t } from '@vscode/l10n';
import { formatImageReference, type ImageReference, parseImageReference } from '../../../runtime/api/image-reference.ts';
import type { HoverPart } from './part.ts';
import { above } from './part.ts';

/** Where an image comes from, and when it is pulled. */
export const image: HoverPart = (hovered) => {
  const { owner, field } = hovered;
  const isContainer = /^core\.v1\.(Ephemeral)?Container\.image$/.test(owner);
  if (!isContainer && owner !== 'core.v1.ImageVolumeSource.reference') return undefined;
  const { text } = field;
  const parsed = text === undefined ? undefined : readable(text);
  if (text === undefined || !parsed) return undefined;
  const { domain, path, tag, digest } = parsed;
  const implied = digest === undefined && tag === 'latest' && !text.endsWith(':latest');
  const written = above(hovered, 1).get(isContainer ? 'imagePullPolicy' : 'pullPolicy').text;
  const latest = digest === undefined && tag === 'latest';
  const policy = written ?? (latest ? 'Always' : 'IfNotPresent');
  const pulled = policy === 'Always' ? t('at every start') : policy === 'Never' ? t('never') : t('when the node has it not');
  const rows = [
    [t('Registry'), domain],
    [t('Repository'), path],
    [t('Tag'), implied ? t('latest, because none is written') : (tag ?? t('none: the digest decides'))],
    ...(digest === undefined ? [] : [[t('Digest'), digest]]),
    [t('Pulled'), written === undefined ? t('{0} ({1}, the default)', pulled, policy) : t('{0} ({1})', pulled, policy)],
  ];
  // No table: editors draw its columns without room between them.
  return [`\`${formatImageReference(parsed)}\``, '', ...rows.map(([name, value]) => `- ${t('{0}: {1}', name ?? '', value ?? '')}`)].join(
    '\n',
  );
};

/** The parts of an image's name; undefined of what container runtimes cannot read. */
function readable(image: string): ImageReference | undefined {
  try {
    return parseImageReference(image);
  } catch {
    return undefined;
  }
}
