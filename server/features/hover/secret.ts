import { t } from '@vscode/l10n';
import { base64Problem, base64Size } from '../../../runtime/api/base64.ts';
import type { HoverPart } from './part.ts';

/** The command that shows what base64 data says; the text itself stays out of hovers, which editors keep and log. */
export const revealCommand = 'kubeside.secret.reveal';

/** What a Secret's value is, as far as may be told unasked: its size, and a link that shows it. */
export const secret: HoverPart = ({ owner, rest, field, uri, position }) => {
  const [key] = rest;
  if (owner !== 'core.v1.Secret.data' || key === undefined || field.text === undefined) return undefined;
  const text = field.text.replace(/\s/g, '');
  if (base64Problem(text) !== undefined) return undefined;
  const link = `command:${revealCommand}?${encodeURIComponent(JSON.stringify([{ uri, position }]))}`;
  return `${t('{0} bytes in base64', base64Size(text))} · [${t('Show decoded')}](${link})`;
};
