import { t } from '@vscode/l10n';
import { formatQuantity, quantityMilliValue, quantityValue, tryParseQuantity } from '../../../runtime/api/quantity.ts';
import type { HoverPart } from './part.ts';

/** A quantity as the API server writes it, and how much that is: cores, or bytes in both systems of units. */
export const quantity: HoverPart = ({ field, path, format }) => {
  const written = field.text ?? field.number;
  if (format !== 'quantity' || written === undefined) return undefined;
  const parsed = tryParseQuantity(written);
  if (!parsed) return undefined;
  const canonical = formatQuantity(parsed);
  const resource = path.findLast((step) => /cpu|memory|storage|hugepages|sizeLimit/.test(String(step)));
  const facts = [canonical === String(written) ? `**${canonical}**` : t('**{0}** is written back as `{1}`', written, canonical)];
  if (/cpu/.test(String(resource))) facts.push(...cores(quantityMilliValue(parsed)));
  else if (resource !== undefined) facts.push(...bytes(quantityValue(parsed)));
  const warning = resource !== undefined && !/cpu/.test(String(resource)) && /m$/.test(String(written));
  return facts.join(' · ') + (warning ? `\n\n${t('`m` means thousandths of a byte; `M` or `Mi` was probably meant.')}` : '');
};

function cores(thousandths: number): string[] {
  return [thousandths === 1000 ? t('1 core') : t('{0} cores', thousandths / 1000), t('{0} millicores', thousandths)];
}

function bytes(count: number): string[] {
  const scaled = (base: number, units: readonly string[]) => {
    const power = Math.min(Math.floor(Math.log(Math.max(count, 1)) / Math.log(base)), units.length);
    return power < 1 ? undefined : `${Number((count / base ** power).toPrecision(4))} ${units[power - 1]}`;
  };
  const binary = scaled(1024, ['KiB', 'MiB', 'GiB', 'TiB', 'PiB']);
  const decimal = scaled(1000, ['kB', 'MB', 'GB', 'TB', 'PB']);
  return [
    count === 1 ? t('1 byte') : t('{0} bytes', count.toLocaleString('en')),
    ...[binary, decimal].filter((text) => text !== undefined),
  ];
}
