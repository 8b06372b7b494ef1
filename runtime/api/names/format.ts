/** Texts shared by all name rules, in the words of `k8s.io/apimachinery/pkg/util/validation`. */

/** A length limit. It is counted in bytes of UTF-8, whatever upstream's words are. */
export function maxLengthMessage(length: number): string {
  return `must be no more than ${length} characters`;
}

/** The same of what `k8s.io/apimachinery/pkg/api/validate/content` judges: keys and values of labels, and some names. */
export function maxBytesMessage(length: number): string {
  return `must be no more than ${length} bytes`;
}

export const emptyMessage = 'must be non-empty';

/** A rule given by a regular expression, with examples of what satisfies it. */
export function regexMessage(rule: string, expression: string, ...examples: readonly string[]): string {
  if (examples.length === 0) return `${rule} (regex used for validation is '${expression}')`;
  const shown = examples.map((example) => `'${example}', `).join(' or ');
  return `${rule} (e.g. ${shown}regex used for validation is '${expression}')`;
}

/** A number outside of its bounds, which belong to the permitted range. */
export function inclusiveRangeMessage(low: number, high: number): string {
  return `must be between ${low} and ${high}, inclusive`;
}

const encoder = new TextEncoder();

/** Length in bytes of UTF-8, which is how the API counts. */
export function byteLength(text: string): number {
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) > 0x7f) return encoder.encode(text).length;
  }
  return text.length;
}
