import type { PodModel } from '../../client/dashboard/model.ts';

/** Reads a filter such as `web ns:shop state:failing`: every word must match a part of the name, or the beginning of the field it names. */
export function parseFilter(text: string): (pod: PodModel) => boolean {
  const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const tests = words.map((word): ((pod: PodModel) => boolean) => {
    const [, field = '', value = ''] = /^(ns|state|node|app):(.*)$/.exec(word) ?? [];
    switch (field) {
      case 'ns':
        return ({ namespace }) => namespace.startsWith(value);
      case 'state':
        return ({ state }) => state.startsWith(value);
      case 'node':
        return ({ node = '' }) => node.toLowerCase().startsWith(value);
      case 'app':
        return ({ app }) => app.startsWith(value);
      default:
        return ({ name }) => name.includes(word);
    }
  });
  return (pod) => tests.every((test) => test(pod));
}
