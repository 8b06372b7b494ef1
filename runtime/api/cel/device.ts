import type { Environment } from '@marcbachmann/cel-js';
import { createCelEnvironment } from './environment.ts';
import { CompileError, compileExpression } from './expression.ts';

/** Expressions that select devices, as `k8s.io/dynamic-resource-allocation/cel` knows them. */

class Device {
  [field: string]: unknown;
}

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
    const { type } = compileExpression(deviceEnvironment(), source);
    return type === 'bool' || type === 'dyn<bool>' || type === 'dyn' ? undefined : 'must evaluate to bool';
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    return `compilation failed: ${error.message}`;
  }
}
