import type { Shape } from './shape.ts';

const kinds = { boolean: 'bool', int32: 'int32', int64: 'int64', double: 'float64', string: 'string' } as const;

/**
 * Why a value cannot become what a shape says, in the words of upstream's `DefaultUnstructuredConverter`, through which strategic merge patches go;
 * undefined for the types that read themselves.
 */
export function conversionProblem(shape: Shape, value: unknown): string | undefined {
  const from = kindOf(value);
  switch (shape.type) {
    case 'struct':
      return `cannot restore struct from: ${from}`;
    case 'map':
      return `cannot restore map from ${from}`;
    case 'list':
    case 'bytes':
      return `cannot restore slice from ${from}`;
    case 'string':
      return from === 'int64' ? `cannot convert int64 to ${shape.goType}` : 'unrecognized type: string';
    case 'boolean':
    case 'int32':
    case 'int64':
    case 'double':
      // Go would cut off what is too large for the type: that is refused in other words.
      if (from === 'int64' && shape.type !== 'boolean') return undefined;
      return from === 'float64' && shape.type !== 'boolean'
        ? `cannot convert float64 to ${shape.goType}`
        : `unrecognized type: ${kinds[shape.type]}`;
    default:
      return undefined;
  }
}

/** What Go calls a value that was decoded without a type. */
function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'slice';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return typeof value === 'boolean' ? 'bool' : typeof value === 'object' ? 'map' : typeof value;
}
