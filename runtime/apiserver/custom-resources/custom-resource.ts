import { customPrinter } from '../../api/custom-resources/columns.ts';
import { customKind } from '../../api/custom-resources/custom-kind.ts';
import { isConditionTrue, schemaOf } from '../../api/custom-resources/definition.ts';
import { parseJsonPath } from '../../api/custom-resources/json-path.ts';
import { compileRules } from '../../api/custom-resources/rules.ts';
import {
  type CustomRules,
  finalizerWarnings,
  validateCustomObject,
  validateCustomObjectUpdate,
  validateCustomStatusUpdate,
} from '../../api/custom-resources/validate-object.ts';
import type { CustomResourceDefinition, CustomResourceDefinitionVersion } from '../../api/generated/types/apiextensions/v1.ts';
import { apiVersionOf, type Kind } from '../../api/kinds/kind.ts';
import { formatFieldError } from '../../api/validation/field-error.ts';
import { type ApiObject, copyJson, jsonEqual } from '../registry/api-object.ts';
import { type Conversion, Resource } from '../registry/resource.ts';
import { compareVersions } from '../registry/resource-table.ts';
import { textOf } from '../registry/strategies/selectable.ts';
import type { ScalePaths, SelectableFields, Strategy } from '../registry/strategy.ts';
import { type ConverterParts, webhookConverter } from './webhook-converter.ts';

/** Where the objects of a definition stand in the store. */
export function customPrefix({ spec }: CustomResourceDefinition): string {
  return `/registry/${spec.group}/${spec.names.plural}/`;
}

/** One served version of a definition as a resource. */
export function customResource(
  definition: CustomResourceDefinition,
  version: CustomResourceDefinitionVersion,
  parts: ConverterParts,
): Resource {
  const storage = definition.spec.versions.find((each) => each.storage) ?? version;
  const kind = customKind(definition, version);
  const converter = webhookConverter(definition, parts);
  return new Resource({
    kind,
    stored: { ...kind, version: storage.name },
    strategy: { ...customStrategy(kind, version), deprecation: deprecationOf(definition, version), uncreatable: uncreatableOf(definition) },
    ...(converter === undefined ? { conversion: renaming(kind, storage.name) } : { converter }),
    prefix: customPrefix(definition),
    typedItems: true,
  });
}

/** What is told to who uses a deprecated version; undefined for others. Upstream: `defaultDeprecationWarning`. */
function deprecationOf({ spec }: CustomResourceDefinition, version: CustomResourceDefinitionVersion): string | undefined {
  if (version.deprecated !== true) return undefined;
  if (version.deprecationWarning !== undefined) return version.deprecationWarning;
  const better = spec.versions
    .filter(({ name, served, deprecated }) => served && deprecated !== true && compareVersions(name, version.name) < 0)
    .map(({ name }) => name)
    .sort(compareVersions);
  const { kind } = spec.names;
  const advice = better[0] === undefined ? '' : `; use ${spec.group}/${better[0]} ${kind}`;
  return `${spec.group}/${version.name} ${kind} is deprecated${advice}`;
}

/** Why no objects can be made any more: the definition is being deleted. Upstream: `forbidCreateAdmission`. */
export function uncreatableOf(definition: CustomResourceDefinition): string | undefined {
  const isTerminating = definition.metadata?.deletionTimestamp !== undefined || isConditionTrue(definition, 'Terminating');
  return isTerminating ? 'create not allowed while custom resource definition is terminating' : undefined;
}

/**
 * Objects are stored as they were written and read as the version has them now: with its defaults and without what it does not declare. The versions
 * differ in nothing but their name.
 */
function renaming(kind: Kind, storage: string): Conversion {
  const stored = apiVersionOf({ group: kind.group, version: storage });
  return {
    toStored: (object) => ({ ...object, apiVersion: stored }),
    fromStored(object) {
      const copy = copyJson({ ...object, apiVersion: apiVersionOf(kind) });
      kind.read?.(copy);
      return copy;
    },
  };
}

function customStrategy(kind: Kind, version: CustomResourceDefinitionVersion): Strategy {
  const schema = schemaOf(version);
  const scale = version.subresources?.scale;
  const rules: CustomRules = { namespaced: kind.namespaced, schema, scale, rules: compileRules(schema) };
  const served = apiVersionOf(kind);
  const asServed = (object: ApiObject): ApiObject => ({ ...object, apiVersion: served });
  const asRead = (object: ApiObject): ApiObject => {
    const copy = copyJson(asServed(object));
    kind.read?.(copy);
    return copy;
  };
  return {
    // Every object has a generation; what raises it is not a matter of single fields.
    generationFields: [],
    needsResourceVersion: true,
    printer: customPrinter(version.additionalPrinterColumns),
    selectable: selectableFields(version),
    ...(scale === undefined ? {} : { scale: scalePaths(scale) }),
    prepareForUpdate(object, old) {
      const before = asRead(old);
      // A status that the schema has defaults for is read where none is stored, and kept as it is read.
      if (version.subresources?.status !== undefined && before.status !== undefined) object.status = before.status;
      if (!jsonEqual(contentOf(object), contentOf(before))) object.metadata.generation = (old.metadata.generation ?? 0) + 1;
    },
    warnings: (object, old) => finalizerWarnings(object.metadata, old?.metadata),
    validate(object, old, subresource, warn) {
      if (old === undefined) return validateCustomObject(asServed(object), rules);
      const validateChange = subresource === 'status' ? validateCustomStatusUpdate : validateCustomObjectUpdate;
      return validateChange(asServed(object), asRead(old), rules, (error) => warn(formatFieldError(error)));
    },
  };
}

/** Everything but metadata and the name of the version. */
function contentOf({ metadata: _metadata, apiVersion: _version, ...content }: ApiObject): object {
  return content;
}

function selectableFields({ selectableFields = [] }: CustomResourceDefinitionVersion): SelectableFields {
  const fields = selectableFields.map(({ jsonPath }) => ({ name: jsonPath.replace(/^\./, ''), path: parseJsonPath(jsonPath) }));
  return {
    names: fields.map(({ name }) => name),
    values: (object) => Object.fromEntries(fields.map(({ name, path }) => [name, textOf(path.find(object)[0])])),
    unknown: (name) => `field label not supported: ${name}`,
  };
}

function scalePaths(scale: NonNullable<NonNullable<CustomResourceDefinitionVersion['subresources']>['scale']>): ScalePaths {
  const steps = (path: string): readonly string[] => path.replace(/^\./, '').split('.');
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = scale;
  return {
    specReplicas: steps(specReplicasPath),
    statusReplicas: steps(statusReplicasPath),
    ...(labelSelectorPath ? { labelSelector: steps(labelSelectorPath) } : {}),
  };
}
