import type { Draft, Drafts } from './definition.ts';

const scalars: Readonly<Record<string, string>> = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': 'string | number',
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': 'string | number',
  'io.k8s.apimachinery.pkg.runtime.RawExtension': 'Record<string, unknown>',
  'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1': 'Record<string, unknown>',
  'io.k8s.apimachinery.pkg.apis.meta.v1.Time': 'string',
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': 'string',
};

interface Module {
  readonly body: string[];
  /** Imported names by module. */
  readonly imports: Map<string, Set<string>>;
}

/** Interfaces of all definitions, one module per group and version: path below `types/` → source text. */
export function writeTypes(drafts: Drafts): Map<string, string> {
  const modules = new Map<string, Module>();
  for (const [name, draft] of [...drafts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (scalars[name] !== undefined) continue;
    const path = moduleOf(name);
    const module: Module = modules.get(path) ?? { body: [], imports: new Map() };
    modules.set(path, module);
    const typeName = (definition: string): string => {
      const other = moduleOf(definition);
      const short = shortName(definition);
      if (other === path) return short;
      const alias = `${other.split('/').map(capital).join('')}_${short}`;
      const names = module.imports.get(other) ?? new Set<string>();
      module.imports.set(other, names.add(`${short} as ${alias}`));
      return alias;
    };
    module.body.push(declaration(shortName(name), draft, typeName));
  }
  return new Map(
    [...modules].map(([path, { body, imports }]) => {
      const lines = [...imports].map(([other, names]) => `import type { ${[...names].sort().join(', ')} } from '../${other}.ts';`);
      return [`${path}.ts`, `${lines.join('\n')}\n\n${body.join('\n')}`];
    }),
  );
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
const shortName = (definition: string): string => definition.slice(definition.lastIndexOf('.') + 1);

function moduleOf(definition: string): string {
  const parts = definition.split('.');
  const version = parts.at(-2) ?? '';
  return /^v\d/.test(version) ? `${parts.at(-3)}/${version}` : 'meta/v1';
}

function declaration(name: string, draft: Draft, typeName: (definition: string) => string): string {
  if (draft.properties === undefined) return `export type ${name} = ${typeOf(draft, typeName)};\n`;
  const kinds = draft['x-kubernetes-group-version-kind'] !== undefined;
  const fields = Object.entries(draft.properties).map(([field, property]) => {
    const optional = !draft.required?.includes(field) || (kinds && (field === 'metadata' || field === 'apiVersion' || field === 'kind'));
    return `  ${/^\w+$/.test(field) ? field : JSON.stringify(field)}${optional ? '?' : ''}: ${typeOf(property, typeName)};`;
  });
  return `export interface ${name} {\n${fields.join('\n')}\n}\n`;
}

function typeOf(draft: Draft, typeName: (definition: string) => string): string {
  if (draft.$ref !== undefined) {
    const definition = draft.$ref.slice('#/definitions/'.length);
    return scalars[definition] ?? typeName(definition);
  }
  switch (draft.type) {
    case 'string':
      // Enums stay open: servers of other versions send values this one does not know.
      return 'string';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'array': {
      const item = typeOf(draft.items ?? {}, typeName);
      return item.includes('|') ? `(${item})[]` : `${item}[]`;
    }
    case 'object':
      return `Record<string, ${draft.additionalProperties ? typeOf(draft.additionalProperties, typeName) : 'unknown'}>`;
    default:
      return 'unknown';
  }
}
