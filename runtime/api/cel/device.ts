import { anyType, bindMacro, boolType, type Declarations, isDyn, mapOf, sameType, stringType, structOf, typeText } from './check/index.ts';
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

/** Why an expression cannot select devices, in upstream's words. */
export function validateDeviceExpression(source: string): string | undefined {
  try {
    const { type } = compileExpression(source, declarations);
    return sameType(type, boolType) || isDyn(type) ? undefined : `must evaluate to bool or the unknown type, not ${typeText(type)}`;
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    return `compilation failed: ${error.message}`;
  }
}
