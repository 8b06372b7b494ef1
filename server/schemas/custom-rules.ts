import { readCustomObject } from '../../runtime/api/custom-resources/custom-kind.ts';
import { schemaOf } from '../../runtime/api/custom-resources/definition.ts';
import { compileRules } from '../../runtime/api/custom-resources/rules.ts';
import { type CustomObject, type CustomRules, validateCustomObject } from '../../runtime/api/custom-resources/validate-object.ts';
import { kinds } from '../../runtime/api/generated/kinds.ts';
import type { CustomResourceDefinition } from '../../runtime/api/generated/types/apiextensions/v1.ts';
import { apiVersionOf } from '../../runtime/api/kinds/kind.ts';
import type { KubeObject } from '../../runtime/api/object.ts';
import { checkStructure } from '../../runtime/api/structure/index.ts';
import type { JudgeCustom } from './known-kind.ts';
import { errorsOf } from './rules.ts';
import { refTo } from './structural.ts';

/** Judges objects of one version of a definition by all that the API server judges them by: formats, lists, embedded objects and rules in CEL. */
export function judgeOf(definition: unknown, version: string): JudgeCustom {
  let compiled: { readonly rules: CustomRules | undefined } | undefined;
  return (object) => {
    compiled ??= { rules: rulesOf(definition, version) };
    const { rules } = compiled;
    if (!rules) return undefined;
    readCustomObject(object as CustomObject, rules.schema);
    // What stands in the way of other rules is told itself.
    return validateCustomObject(object as CustomObject, rules).filter(
      ({ detail }) => !/^some validation rules were not checked/.test(detail),
    );
  };
}

function rulesOf(definition: unknown, name: string): CustomRules | undefined {
  const row = kinds.find(({ kind, group }) => kind === 'CustomResourceDefinition' && group === 'apiextensions.k8s.io');
  if (!row) return undefined;
  const { group, kind, namespaced } = row;
  const known = { apiVersion: apiVersionOf(row), group, kind, namespaced, named: true, schema: refTo(row.definition), builtIn: row };
  if ((definition as KubeObject).apiVersion !== known.apiVersion) return undefined;
  // What the API server makes of it when it is created: null is gone from it, and defaults are there.
  const created = structuredClone(definition) as KubeObject;
  if (checkStructure(row.definition, created).error !== undefined || errorsOf(created, known).length > 0) return undefined;
  const { spec } = created as CustomResourceDefinition;
  const version = spec.versions.find((each) => each.name === name);
  if (!version) return undefined;
  const schema = schemaOf(version);
  return { namespaced: spec.scope === 'Namespaced', schema, scale: version.subresources?.scale, rules: compileRules(schema) };
}
