import { t } from '@vscode/l10n';
import { didYouMean } from '../../documents/did-you-mean.ts';
import type { Field } from '../../documents/field.ts';
import { nearest } from '../../schemas/distance.ts';
import { specialVerbs, usualVerbs } from '../../schemas/resources.ts';
import type { Finding, Rule } from '../rule.ts';
import { perPolicyRule } from './policy-rules.ts';

/** Verbs of rules that no request has. Of groups that are not known someone may ask for verbs of their own. */
export const unknownVerb: Rule = {
  id: 'unknown-verb',
  title: 'Verb of a role that does not exist',
  why: 'A verb that no request has allows nothing, and nobody is told of it.',
  severity: 'warning',
  scope: 'object',
  check: perPolicyRule((rule) => {
    if (rule.isAboutPaths) return rule.verbs.flatMap((verb) => judge(verb, pathVerbs, pathVerbs));
    return rule.isWhole ? rule.verbs.flatMap((verb) => judge(verb, objectVerbs, usualVerbs)) : [];
  }),
};

/** Paths are asked for with the methods of HTTP. */
const pathVerbs = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options'];
/** `use` was asked for of policies for pods, and still is of constraints like them; `proxy` is of old. */
const objectVerbs = [...usualVerbs, ...Object.values(specialVerbs).flat(), 'use', 'proxy'];

/** What other APIs call it. */
const otherWords: Readonly<Record<string, string>> = {
  read: 'get',
  view: 'get',
  head: 'get',
  post: 'create',
  add: 'create',
  put: 'update',
  edit: 'update',
  write: 'update',
  remove: 'delete',
};

function judge(at: Field, known: readonly string[], offered: readonly string[]): Finding[] {
  const verb = at.text ?? '';
  // Verbs with a colon are made of two: `impersonate:user-info`.
  if (known.includes(verb) || verb.includes(':')) return [];
  const near = nearest(verb, [...offered, ...Object.keys(otherWords)]);
  const lower = verb.toLowerCase();
  const word = Object.hasOwn(otherWords, lower) ? lower : near;
  const meant = word === undefined || offered.includes(word) ? word : otherWords[word];
  const isOffered = meant !== undefined && offered.includes(meant);
  const message = t('No request has the verb "{0}"', verb) + didYouMean(isOffered ? meant : undefined);
  return [{ at, message, ...(isOffered ? { fix: { replace: meant } } : { severity: 'hint' }) }];
}
