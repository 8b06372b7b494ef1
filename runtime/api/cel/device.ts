import type { JsonSchema } from '../custom-resources/json-schema.ts';
import { anyType, bindMacro, boolType, type Declarations, isDyn, mapOf, sameType, stringType, structOf, typeText } from './check/index.ts';
import { estimateCostOver } from './estimate/cost.ts';
import { CompileError, compileExpression } from './expression.ts';
import { quantityType } from './libraries/quantities.ts';

/** Expressions that select devices, as `k8s.io/dynamic-resource-allocation/cel` knows them. */

const declarations: Declarations = {
  variables: new Map([
    [
      'device',
      structOf('kubernetes.DRADevice', {
        driver: stringType,
        allowMultipleAllocations: boolType,
        attributes: mapOf(stringType, mapOf(stringType, anyType)),
        capacity: mapOf(stringType, mapOf(stringType, quantityType)),
      }),
    ],
  ]),
  macros: new Set([bindMacro]),
};

/** How large what a driver says of a device may be. */
const mostEntries = 32;
const entriesOf = (values: JsonSchema): JsonSchema => ({ type: 'object', maxProperties: mostEntries, additionalProperties: values });
const device: JsonSchema = {
  type: 'object',
  properties: {
    driver: { type: 'string', maxLength: 63 },
    attributes: entriesOf(entriesOf({ type: 'string', maxLength: 64 })),
    capacity: entriesOf(entriesOf({ type: 'number' })),
    allowMultipleAllocations: { type: 'boolean' },
  },
};
const mostCost = 1_000_000;

/** What is wrong with an expression that is to select devices. */
export interface DeviceExpressionProblem {
  /** Why it cannot be evaluated, in upstream's words; absent where it only may take too long. */
  readonly detail?: string;
}

/** Judges an expression that is to select devices. */
export function validateDeviceExpression(source: string): DeviceExpressionProblem | undefined {
  try {
    const { type, checked } = compileExpression(source, declarations);
    if (!sameType(type, boolType) && !isDyn(type)) return { detail: `must evaluate to bool or the unknown type, not ${typeText(type)}` };
    return estimateCostOver(checked, { device }) > mostCost ? {} : undefined;
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    return { detail: `${error.stage} failed: ${error.message}` };
  }
}
