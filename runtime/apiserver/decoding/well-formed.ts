const escapes = /\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[dD][89a-fA-F][0-9a-fA-F]{2}|[\s\S])/g;
const surrogate = /\\u[dD][89a-fA-F]/;

/** The length of `\ud800`: a pair of them is twice as long, and other escapes are matched by two characters. */
const loneLength = 6;

/** JSON in which every escaped half of a surrogate pair is the replacement character, as Go's decoder reads it. Bytes cannot carry halves. */
export function withoutLoneSurrogates(text: string): string {
  if (!surrogate.test(text)) return text;
  return text.replace(escapes, (found) => (found.length === loneLength ? '\\ufffd' : found));
}
