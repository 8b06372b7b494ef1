import { t } from '@vscode/l10n';
import { didYouMean } from '../documents/did-you-mean.ts';
import { nameOf, sortOf } from '../index/symbol.ts';
import { nearest } from '../schemas/distance.ts';
import { namespacesOf } from './moved-namespaces.ts';
import type { Rule } from './rule.ts';

/** Keys that a ConfigMap or Secret does not have, ports that a Service does not name. */
export const danglingKey: Rule = {
  id: 'dangling-key',
  title: 'Reference to a key that is not there',
  why: 'A container whose variable or file comes from a missing key does not start; an Ingress with a missing port answers with an error.',
  severity: 'warning',
  scope: 'workspace',
  check: ({ object, occurrences, index }) =>
    occurrences.flatMap(({ symbol, role, optional, path }) => {
      if (role !== 'reference' || optional || sortOf(symbol) !== 'key') return [];
      const [, kind = '', namespace = '', owner = ''] = symbol.split(' ');
      const key = nameOf(symbol);
      const owners = namespacesOf(index, namespace).flatMap((one) => index.declared(kind, one, owner));
      if (owners.length === 0 || owners.some(({ what }) => what.keys?.includes(key) ?? true)) return [];
      const keys = owners.flatMap(({ what }) => what.keys ?? []);
      const meant = nearest(key, keys);
      const missing =
        kind === 'Service' ? t('Service "{0}" has no port "{1}"', owner, key) : t('{0} "{1}" has no key "{2}"', kind, owner, key);
      const message = missing + didYouMean(meant);
      return [{ at: object.at(path), message, ...(meant !== undefined && { fix: { replace: meant } }) }];
    }),
};
