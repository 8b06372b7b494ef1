import type { CustomResourceDefinition, CustomResourceDefinitionStatus } from '../generated/types/apiextensions/v1.ts';
import { formatFieldErrors, invalid } from '../validation/field-error.ts';
import { Path } from '../validation/path.ts';
import { conditionOf, sameCondition, schemaOf, withCondition } from './definition.ts';
import { validateStructural } from './structural.ts';

const type = 'NonStructuralSchema';

/** The status of a definition with the condition that tells why its schemas are not structural, or without it when they are. `now` is RFC 3339. */
export function nonStructuralCondition(definition: CustomResourceDefinition, now: string): CustomResourceDefinitionStatus {
  const { spec, status = {} } = definition;
  const errors = spec.versions.flatMap((version, index) =>
    version.schema?.openAPIV3Schema === undefined
      ? []
      : validateStructural(schemaOf(version), Path.of('spec', 'versions').index(index).child('schema', 'openAPIV3Schema')),
  );
  if (spec.preserveUnknownFields === true) errors.unshift(invalid(Path.of('spec', 'preserveUnknownFields'), true, 'must be false'));
  const old = conditionOf(definition, type);
  if (errors.length === 0)
    return old === undefined ? status : { ...status, conditions: status.conditions?.filter((each) => each !== old) ?? [] };
  const condition = { type, status: 'True', reason: 'Violations', message: formatFieldErrors(errors) };
  return sameCondition(old, condition) ? status : { ...status, conditions: withCondition(status.conditions ?? [], condition, now) };
}
