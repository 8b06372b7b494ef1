/** What a browser could take for HTML, written so that it does not. Upstream: `sanitizer` of its response writers. */
export function withoutMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
