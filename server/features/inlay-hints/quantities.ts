import { t } from '@vscode/l10n';
import { formatQuantity, quantityMilliValue, quantityValue, tryParseQuantity } from '../../../runtime/api/quantity.ts';
import type { HintSource } from './hint.ts';

const binary = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'];

/** What an amount comes to when that is easier to read than what is written: `1000m` is 1 core, `1073741824` is 1Gi. */
export const quantities: HintSource = ({ field, path, schema }) => {
  const written = field.text ?? field.number;
  if (schema.format !== 'quantity' || written === undefined) return [];
  const parsed = tryParseQuantity(written);
  if (!parsed) return [];
  const cpu = path.some((step) => /(^|\.)cpu$/.test(String(step)));
  const easier = cpu
    ? cores(quantityMilliValue(parsed), String(written))
    : amount(String(written), formatQuantity(parsed), quantityValue(parsed));
  return easier === undefined
    ? []
    : [{ offset: field.span.end + (field.quoted ? 1 : 0), label: easier.startsWith('≈') ? easier : `= ${easier}` }];
};

/** Whole cores that are written in thousandths, and parts of cores that are not. */
function cores(milli: number, written: string): string | undefined {
  if (/^\d+$/.test(written) || (milli < 1000 && written.endsWith('m'))) return undefined;
  const count = milli / 1000;
  if (!written.endsWith('m')) return milli % 1000 === 0 ? undefined : `${milli}m`;
  return count === 1 ? t('1 core') : t('{0} cores', count);
}

function amount(written: string, canonical: string, bytes: number): string | undefined {
  if (!/^\d+$/.test(canonical)) return canonical === written ? undefined : canonical;
  // Small numbers are read as they are.
  const power = Math.min(Math.floor(Math.log(Math.max(bytes, 1)) / Math.log(1024)), binary.length - 1);
  if (power < 2) return undefined;
  const scaled = bytes / 1024 ** power;
  const exact = Number.isInteger(scaled);
  return `${exact ? '' : '≈ '}${exact ? scaled : scaled.toFixed(1)}${binary[power]}`;
}
