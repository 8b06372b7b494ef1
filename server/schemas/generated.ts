import type { Definitions, Descriptions } from '../../runtime/api/kinds/schema.ts';
import { definitions } from '../../runtime/api/structure/index.ts';
import { withJsonForms } from './json-forms.ts';

let loaded: Definitions | undefined;

/** The schemas made at build time: the same ones that the API server decodes with. */
export async function loadDefinitions(): Promise<Definitions> {
  loaded ??= withJsonForms(definitions);
  return loaded;
}

/** The descriptions made at build time: three times the size of the schemas, so read apart from them. */
export async function loadDescriptions(): Promise<Descriptions> {
  const { default: descriptions } = await import('../../runtime/api/generated/descriptions.json', { with: { type: 'json' } });
  return descriptions as unknown as Descriptions;
}
