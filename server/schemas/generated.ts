import type { Definitions, Descriptions } from '../../runtime/api/kinds/schema.ts';

/** The schemas made at build time, read when they are first needed. */
export async function loadDefinitions(): Promise<Definitions> {
  const { default: definitions } = await import('../../runtime/api/generated/definitions.json', { with: { type: 'json' } });
  return definitions as unknown as Definitions;
}

/** The descriptions made at build time: three times the size of the schemas, so read apart from them. */
export async function loadDescriptions(): Promise<Descriptions> {
  const { default: descriptions } = await import('../../runtime/api/generated/descriptions.json', { with: { type: 'json' } });
  return descriptions as unknown as Descriptions;
}
