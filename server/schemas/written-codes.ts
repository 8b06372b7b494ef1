/** The codes of problems that lie in what is written, not in what is missing: they hold in parts of objects as well, in patches and templates. */
export const writtenCodes: ReadonlySet<string> = new Set([
  'unknown-field',
  'type',
  'enum',
  'quantity',
  'base64',
  'date-time',
  'length',
  'pattern',
  'range',
  'yaml',
  'kind',
  'unknown-kind',
]);
