import type { Environment } from '@marcbachmann/cel-js';
import {
  anyType,
  bindMacro,
  boolType,
  type Declarations,
  isDyn,
  mapOf,
  sameType,
  stringType,
  structOf,
  structType,
  typeText,
} from './check/index.ts';
import { createCelEnvironment } from './environment.ts';
import { CompileError, compileExpression } from './expression.ts';

/** Expressions that select devices, as `k8s.io/dynamic-resource-allocation/cel` knows them. */

class Device {
  [field: string]: unknown;
}

const declarations: Declarations = {
  variables: new Map([
    [
      'device',
      structOf('kubernetes.DRADevice', {
        driver: stringType,
        allowMultipleAllocations: boolType,
        attributes: mapOf(stringType, mapOf(stringType, anyType)),
        capacity: mapOf(stringType, mapOf(stringType, structType('kubernetes.Quantity'))),
      }),
    ],
  ]),
  macros: new Set([bindMacro]),
};

let base: Environment | undefined;

function deviceEnvironment(): Environment {
  base ??= createCelEnvironment()
    .registerType('kubernetes.DRADevice', {
      ctor: Device,
      fields: {
        driver: 'string',
        attributes: 'map<string, map<string, dyn>>',
        capacity: 'map<string, map<string, kubernetes.Quantity>>',
        allowMultipleAllocations: 'bool',
      },
    })
    .registerVariable('device', 'kubernetes.DRADevice');
  return base.clone();
}

/** Why an expression cannot select devices, in upstream's words. */
export function validateDeviceExpression(source: string): string | undefined {
  try {
    const { type } = compileExpression(deviceEnvironment(), declarations, source);
    return sameType(type, boolType) || isDyn(type) ? undefined : `must evaluate to bool or the unknown type, not ${typeText(type)}`;
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    return `compilation failed: ${error.message}`;
  }
}
