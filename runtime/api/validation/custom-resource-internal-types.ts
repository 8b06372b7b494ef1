import type { CustomResourceDefinitionVersion } from '../generated/types/apiextensions/v1.ts';
import { type InternalType, inGo, mapInGo } from './internal-types.ts';

/** Versions of custom resources as field errors show them: as JSON of the internal types of `pkg/apis/apiextensions`. */

/** What all versions of a definition have in common stands above them upstream. */
export interface Shared {
  readonly schema: boolean;
  readonly subresources: boolean;
  readonly columns: boolean;
  readonly selectableFields: boolean;
}

/** A version without what it shares with all others. */
export function versionInGo(version: CustomResourceDefinitionVersion, shared: Shared): unknown {
  return inGo(versionType, {
    ...version,
    schema: shared.schema ? undefined : version.schema,
    subresources: shared.subresources ? undefined : version.subresources,
    additionalPrinterColumns: shared.columns ? undefined : version.additionalPrinterColumns,
    selectableFields: shared.selectableFields ? undefined : version.selectableFields,
  });
}

const validationRuleType: InternalType = [
  ['Rule', ''],
  ['Message', ''],
  ['MessageExpression', ''],
  ['Reason', null],
  ['FieldPath', ''],
  ['OptionalOldSelf', null],
];

const externalDocumentationType: InternalType = [
  ['Description', ''],
  ['URL', ''],
];

const schemaType: InternalType = [
  ['ID', ''],
  ['Schema', ''],
  ['Ref', null],
  ['Description', ''],
  ['Type', ''],
  ['Nullable', false],
  ['Format', ''],
  ['Title', ''],
  ['Default', null, jsonInGo],
  ['Maximum', null],
  ['ExclusiveMaximum', false],
  ['Minimum', null],
  ['ExclusiveMinimum', false],
  ['MaxLength', null],
  ['MinLength', null],
  ['Pattern', ''],
  ['MaxItems', null],
  ['MinItems', null],
  ['UniqueItems', false],
  ['MultipleOf', null],
  ['Enum', null, jsonInGo],
  ['MaxProperties', null],
  ['MinProperties', null],
  ['Required', null],
  ['Items', null, schemaOrArrayInGo],
  ['AllOf', null, schemasInGo],
  ['OneOf', null, schemasInGo],
  ['AnyOf', null, schemasInGo],
  ['Not', null, schemaInGo],
  ['Properties', null, schemaMapInGo],
  ['AdditionalProperties', null, schemaOrBoolInGo],
  ['PatternProperties', null, schemaMapInGo],
  ['Dependencies', null, dependenciesInGo],
  ['AdditionalItems', null, schemaOrBoolInGo],
  ['Definitions', null, schemaMapInGo],
  ['ExternalDocs', null, externalDocumentationType],
  ['Example', null, jsonInGo],
  ['XPreserveUnknownFields', null],
  ['XEmbeddedResource', false],
  ['XIntOrString', false],
  ['XListMapKeys', null],
  ['XListType', null],
  ['XMapType', null],
  ['XValidations', null, validationRuleType],
];

const versionType: InternalType = [
  ['Name', ''],
  ['Served', false],
  ['Storage', false],
  ['Deprecated', false],
  ['DeprecationWarning', null],
  ['Schema', null, [['OpenAPIV3Schema', null, schemaInGo]]],
  [
    'Subresources',
    null,
    [
      ['Status', null, []],
      [
        'Scale',
        null,
        [
          ['SpecReplicasPath', ''],
          ['StatusReplicasPath', ''],
          ['LabelSelectorPath', null],
        ],
      ],
    ],
  ],
  [
    'AdditionalPrinterColumns',
    null,
    [
      ['Name', ''],
      ['Type', ''],
      ['Format', ''],
      ['Description', ''],
      ['Priority', 0],
      ['JSONPath', ''],
    ],
  ],
  ['SelectableFields', null, [['JSONPath', '']]],
];

/** A schema: `$ref` is `Ref` in Go, `x-kubernetes-list-type` is `XListType`. */
function schemaInGo(schema: unknown): unknown {
  if (typeof schema !== 'object' || schema === null) return null;
  const inGoCase = ([field, value]: [string, unknown]) => [
    field.replace(/^\$/, '').replace('x-kubernetes-', 'x').replaceAll('-', ''),
    value,
  ];
  return inGo(schemaType, Object.fromEntries(Object.entries(schema).map(inGoCase)));
}

function schemasInGo(schemas: unknown): unknown {
  return Array.isArray(schemas) ? schemas.map(schemaInGo) : null;
}

function schemaOrArrayInGo(items: unknown): unknown {
  if (items === null) return null;
  return Array.isArray(items) ? { Schema: null, JSONSchemas: schemasInGo(items) } : { Schema: schemaInGo(items), JSONSchemas: null };
}

function schemaOrBoolInGo(value: unknown): unknown {
  return value === null ? null : { Allows: value !== false, Schema: schemaInGo(value) };
}

function dependenciesInGo(dependencies: unknown): unknown {
  return mapInGo(dependencies, (value) =>
    Array.isArray(value) ? { Schema: null, Property: value } : { Schema: schemaInGo(value), Property: null },
  );
}

function schemaMapInGo(schemas: unknown): unknown {
  return mapInGo(schemas, schemaInGo);
}

/** Any JSON, its maps sorted by their keys. */
function jsonInGo(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(jsonInGo);
  return typeof value === 'object' ? mapInGo(value, jsonInGo) : value;
}
