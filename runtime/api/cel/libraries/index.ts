import { authorization } from './authorizer.ts';
import type { FunctionForm } from './form.ts';
import { formats } from './formats.ts';
import { lists } from './lists.ts';
import { maps } from './maps.ts';
import { networks } from './networks.ts';
import { operators } from './operators.ts';
import { optionals } from './optionals.ts';
import { patches } from './patches.ts';
import { quantities } from './quantities.ts';
import { semvers } from './semver.ts';
import { standard } from './standard.ts';
import { strings } from './strings.ts';
import { times } from './times.ts';
import { urls } from './urls.ts';

export type { CallCost, FunctionForm, Operator } from './form.ts';

/** What upstream's base environment has: cel-go's standard functions and extensions, and `k8s.io/apiserver/pkg/cel/library`. */
const base = byName([
  ...operators,
  ...standard,
  ...times,
  ...strings,
  ...lists,
  ...maps,
  ...optionals,
  ...urls,
  ...quantities,
  ...networks,
  ...formats,
  ...semvers,
  ...authorization,
]);
const ofMutations = byName(patches);

function byName(forms: readonly FunctionForm[]): ReadonlyMap<string, readonly FunctionForm[]> {
  const named = new Map<string, FunctionForm[]>();
  for (const form of forms) {
    const others = named.get(form.name);
    if (others === undefined) named.set(form.name, [form]);
    else others.push(form);
  }
  return named;
}

/** The forms of a function, undefined when there is none of that name. `hasPatches`: those of mutations are known as well. */
export function formsOf(name: string, hasPatches: boolean): readonly FunctionForm[] | undefined {
  return (hasPatches ? ofMutations.get(name) : undefined) ?? base.get(name);
}
