import { cleanupFinalizer, withCondition } from '../../api/custom-resources/definition.ts';
import { isKnownFormat } from '../../api/custom-resources/formats.ts';
import { type JsonSchema, someSchema } from '../../api/custom-resources/json-schema.ts';
import type { CustomResourceDefinition } from '../../api/generated/types/apiextensions/v1.ts';
import { type Clock, formatTime } from '../../simulation/clock.ts';
import type { ApiObject } from '../registry/api-object.ts';
import type { Strategy } from '../registry/strategy.ts';

/** An object of the kind as its type; it has been read against its definition. */
export function asDefinition(object: ApiObject): CustomResourceDefinition {
  return object as unknown as CustomResourceDefinition;
}

/** What is particular to CustomResourceDefinitions: versions that were stored once are kept in mind, and deletion waits for the objects. */
export function definitionStrategy(clock: Clock): Strategy {
  return {
    generationFields: ['spec'],
    needsResourceVersion: true,
    prepareForCreate(object) {
      object.status = { conditions: null, acceptedNames: { plural: '', kind: '' }, storedVersions: null };
      rememberStorage(object);
    },
    prepareForUpdate: rememberStorage,
    beginDeletion(object) {
      const { metadata } = object;
      if (!metadata.finalizers?.includes(cleanupFinalizer)) metadata.finalizers = [...(metadata.finalizers ?? []), cleanupFinalizer];
      const { status } = asDefinition(object);
      const terminating = {
        type: 'Terminating',
        status: 'True',
        reason: 'InstanceDeletionPending',
        message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
      };
      object.status = { ...status, conditions: withCondition(status?.conditions ?? [], terminating, formatTime(clock.now())) };
    },
    warnings(object, old) {
      const before = new Set(old === undefined ? [] : schemaWarnings(asDefinition(old)));
      return schemaWarnings(asDefinition(object)).filter((warning) => !before.has(warning));
    },
  };
}

function rememberStorage(object: ApiObject): void {
  const { spec, status } = asDefinition(object);
  const storage = spec?.versions?.find((version) => version.storage);
  if (storage === undefined) return;
  const { name = '' } = storage;
  const stored = status?.storedVersions ?? [];
  if (!stored.includes(name)) object.status = { ...status, storedVersions: [...stored, name] };
}

function schemaWarnings({ spec }: CustomResourceDefinition): readonly string[] {
  const formats = new Set<string>();
  const sets = new Set<string>();
  for (const version of spec.versions) {
    const schema = version.schema?.openAPIV3Schema as JsonSchema | undefined;
    if (schema === undefined) continue;
    someSchema(schema, ({ type, format, items, 'x-kubernetes-list-type': listType }) => {
      if (format !== undefined && format !== '' && !isKnownFormat(type, format))
        formats.add(`unrecognized format ${JSON.stringify(format)}`);
      if (listType === 'set' && (items?.type === 'object' || items?.type === 'array')) {
        sets.add(
          `x-kubernetes-list-type: set for items of type ${JSON.stringify(items.type)} is not supported by server-side apply or CEL validation rules`,
        );
      }
      return false;
    });
  }
  return [...formats, ...[...sets].sort()];
}
