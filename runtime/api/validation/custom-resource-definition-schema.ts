import { validateFieldPath } from '../custom-resources/field-path.ts';
import { isObject, isResourceField, type JsonSchema, openFields, someSchema } from '../custom-resources/json-schema.ts';
import { validateSchemaDefaults } from '../custom-resources/schema-defaults.ts';
import { SchemaRules } from '../custom-resources/schema-rules.ts';
import { validateStructural } from '../custom-resources/structural.ts';
import type { ValidationRule } from '../generated/types/apiextensions/v1.ts';
import type { Errors } from './checks.ts';
import { forbidden, invalid, notSupported, required } from './field-error.ts';
import type { Path } from './path.ts';

/** What the rules on a schema depend on. */
export interface SchemaContext {
  /** Whether a status subresource takes its part of the schema. */
  readonly hasStatus: boolean;
  /** The schema stands there already; estimates of what its rules cost are not looked at again. */
  readonly unchanged: boolean;
}

const types = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
/** Keys that a schema may have beside its properties when its status is judged apart. */
const rootKeys: ReadonlySet<string> = new Set([
  'description',
  'type',
  'format',
  'title',
  'maximum',
  'exclusiveMaximum',
  'minimum',
  'exclusiveMinimum',
  'maxLength',
  'minLength',
  'pattern',
  'maxItems',
  'minItems',
  'uniqueItems',
  'multipleOf',
  'required',
  'items',
  'properties',
  'externalDocs',
  'example',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-validations',
]);
const rootKeysText =
  'Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations';
const reasons = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];

/** A schema of a CustomResourceDefinition, as upstream's `validateCustomResourceDefinitionValidation` judges it. */
export function validateCustomResourceSchema(schema: JsonSchema, context: SchemaContext, path: Path, errors: Errors): void {
  const before = errors.length;
  if (context.hasStatus) validateRootKeys(schema, path, errors);
  if (schema.nullable) errors.push(forbidden(path.child('nullable'), 'nullable cannot be true at the root'));
  // Whether a schema is structural is only asked of those that have a structural form.
  const hasForm = !someSchema(schema, isWithoutForm);
  const structural = hasForm ? validateStructural(schema, path) : [];
  const defaults: Errors = [];
  if (hasForm && structural.length === 0) validateSchemaDefaults(schema, path, defaults);
  const sound = hasForm && structural.length === 0 && defaults.length === 0;
  errors.push(...structural, ...defaults);
  const rules = sound ? new SchemaRules(schema, context.unchanged) : undefined;
  const walker = new SchemaWalker(rules);
  walker.walk(schema, path, { isRoot: true, insideMeta: false, forbidsDefaults: undefined, uncorrelatable: undefined });
  errors.push(...walker.errors, ...walker.ruleErrors);
  rules?.reportTotal(path, errors);
  // What has no form is refused for itself, but for this.
  if (!hasForm && errors.length === before) errors.push(invalid(path, '', "OpenAPIV3Schema 'schema' is not supported"));
}

/** Whether a schema holds what upstream's structural form has no place for; each is refused for itself. */
function isWithoutForm(schema: JsonSchema): boolean {
  return (
    (schema.id ?? '') !== '' ||
    (schema.$ref ?? '') !== '' ||
    (schema.$schema ?? '') !== '' ||
    schema.additionalItems !== undefined ||
    schema['x-kubernetes-preserve-unknown-fields'] === false ||
    Object.keys(schema.patternProperties ?? {}).length > 0 ||
    Object.keys(schema.definitions ?? {}).length > 0 ||
    Object.keys(schema.dependencies ?? {}).length > 0 ||
    Array.isArray(schema.items)
  );
}

function validateRootKeys(schema: JsonSchema, path: Path, errors: Errors): void {
  if (schema.type !== undefined && schema.type !== '' && schema.type !== 'object') {
    const detail = 'only "object" is allowed as the type at the root of the schema if the status subresource is enabled';
    errors.push(invalid(path.child('type'), schema.type, detail));
  } else if (Object.keys(schema).some((key) => !rootKeys.has(key))) {
    errors.push(
      invalid(path, schema, `only [${rootKeysText}] fields are allowed at the root of the schema if the status subresource is enabled`),
    );
  }
}

interface Place {
  readonly isRoot: boolean;
  /** Inside of metadata, of the object itself or of an embedded one. */
  readonly insideMeta: boolean;
  /** Why there may be no defaults; undefined where there may be. */
  readonly forbidsDefaults: string | undefined;
  /** The nearest part of the schema above whose old and new values cannot be told to be the same. */
  readonly uncorrelatable: Path | undefined;
}

class SchemaWalker {
  readonly errors: Errors = [];
  readonly ruleErrors: Errors = [];
  private readonly rules: SchemaRules | undefined;

  constructor(rules: SchemaRules | undefined) {
    this.rules = rules;
  }

  walk(schema: JsonSchema, path: Path, place: Place, within: readonly JsonSchema[] = [], inJunctor = false): void {
    const before = this.errors.length;
    this.checkKeys(schema, path, place);
    this.walkBelow(schema, path, place, [...within, schema], inJunctor);
    this.checkExtensions(schema, path);
    this.checkMapKeys(schema, path);
    const validations = schema['x-kubernetes-validations'] ?? [];
    for (const [index, rule] of validations.entries()) this.checkRule(rule, schema, path.child('x-kubernetes-validations').index(index));
    // Expressions over a schema that is not sound could only bring up errors that go away with it.
    if (this.errors.length === before && validations.length > 0 && !inJunctor) {
      this.rules?.check(schema, within, path, place.uncorrelatable, this.ruleErrors);
    }
  }

  private walkBelow(schema: JsonSchema, path: Path, place: Place, within: readonly JsonSchema[], inJunctor: boolean): void {
    const below: Place = { ...place, isRoot: false };
    const open = openFields(schema);
    if (schema.additionalProperties !== undefined) {
      if (Object.keys(schema.properties ?? {}).length > 0 && schema.additionalProperties !== true) {
        this.errors.push(forbidden(path.child('additionalProperties'), 'additionalProperties and properties are mutual exclusive'));
      }
      if (open.schema !== undefined) {
        const reason = place.insideMeta ? 'inside additionalProperties applying to object metadata' : place.forbidsDefaults;
        this.walk(open.schema, path.child('additionalProperties'), { ...below, forbidsDefaults: reason }, within, inJunctor);
      }
    }
    const embedded = schema['x-kubernetes-embedded-resource'] === true;
    // Fields of a map can be told also where it is replaced as a whole; of a kind of map that nobody knows they cannot.
    const isUnknown = !['granular', 'atomic'].includes(schema['x-kubernetes-map-type'] ?? 'granular');
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      const isMeta = (place.isRoot || embedded) && isResourceField(name);
      const reason = isMeta && place.isRoot ? `in top-level ${name}` : place.forbidsDefaults;
      const placed = {
        ...below,
        insideMeta: place.insideMeta || isMeta,
        forbidsDefaults: reason,
        uncorrelatable: isUnknown ? (place.uncorrelatable ?? path) : place.uncorrelatable,
      };
      this.walk(property, path.child('properties').key(name), placed, within, inJunctor);
    }
    if (schema.not !== undefined) this.walk(schema.not, path.child('not'), below, within, true);
    for (const junctor of ['allOf', 'oneOf', 'anyOf'] as const) {
      for (const [index, branch] of (schema[junctor] ?? []).entries())
        this.walk(branch, path.child(junctor).index(index), below, within, true);
    }
    if (!isObject(schema.items)) return;
    const uncorrelatable = schema['x-kubernetes-list-type'] === 'map' ? place.uncorrelatable : (place.uncorrelatable ?? path);
    this.walk(schema.items, path.child('items'), { ...below, uncorrelatable }, within, inJunctor);
  }

  private checkKeys(schema: JsonSchema, path: Path, place: Place): void {
    const forbid = (isSet: boolean, field: string, detail: string): void => {
      if (isSet) this.errors.push(forbidden(path.child(field), detail));
    };
    const { type = '' } = schema;
    if (type !== '' && !types.includes(type)) this.errors.push(notSupported(path.child('type'), type, types));
    forbid(
      schema.default !== undefined && place.forbidsDefaults !== undefined,
      'default',
      `must not be set ${place.forbidsDefaults ?? ''}`,
    );
    forbid((schema.id ?? '') !== '', 'id', 'id is not supported');
    forbid(schema.additionalItems !== undefined, 'additionalItems', 'additionalItems is not supported');
    forbid(Object.keys(schema.patternProperties ?? {}).length > 0, 'patternProperties', 'patternProperties is not supported');
    forbid(Object.keys(schema.definitions ?? {}).length > 0, 'definitions', 'definitions is not supported');
    forbid(schema.dependencies !== undefined, 'dependencies', 'dependencies is not supported');
    forbid(schema.$ref !== undefined, '$ref', '$ref is not supported');
    forbid(type === 'null', 'type', 'type cannot be set to null, use nullable as an alternative');
    forbid(Array.isArray(schema.items), 'items', 'items must be a schema object and not an array');
    const embedded = schema['x-kubernetes-embedded-resource'] === true;
    forbid(place.insideMeta && embedded, 'x-kubernetes-embedded-resource', 'must not be used inside of resource meta');
    forbid(schema.uniqueItems === true, 'uniqueItems', 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic');
  }

  private checkExtensions(schema: JsonSchema, path: Path): void {
    const { type = '', items } = schema;
    const mapType = schema['x-kubernetes-map-type'];
    const listType = schema['x-kubernetes-list-type'];
    if (schema['x-kubernetes-preserve-unknown-fields'] === false) {
      this.errors.push(invalid(path.child('x-kubernetes-preserve-unknown-fields'), false, 'must be true or undefined'));
    }
    if (mapType !== undefined && type !== 'object') this.wrongType(path, type, 'must be object if x-kubernetes-map-type is specified');
    if (mapType !== undefined && mapType !== 'atomic' && mapType !== 'granular') {
      this.errors.push(notSupported(path.child('x-kubernetes-map-type'), mapType, ['atomic', 'granular']));
    }
    if (listType !== undefined && type !== 'array') this.wrongType(path, type, 'must be array if x-kubernetes-list-type is specified');
    else if (listType === 'set' && isObject(items)) this.checkSetItems(items, path.child('items'));
    if (listType !== undefined && !['atomic', 'set', 'map'].includes(listType)) {
      this.errors.push(notSupported(path.child('x-kubernetes-list-type'), listType, ['atomic', 'set', 'map']));
    }
  }

  private checkSetItems(items: JsonSchema, path: Path): void {
    const detail = 'must be atomic as item of a list with x-kubernetes-list-type=set';
    const listType = items['x-kubernetes-list-type'];
    if (items.type === 'array' && listType !== undefined && listType !== 'atomic') {
      this.errors.push(invalid(path.child('x-kubernetes-list-type'), listType, detail));
    }
    if (items.type === 'object' && items['x-kubernetes-map-type'] !== 'atomic') {
      // Upstream shows the list type here.
      this.errors.push(invalid(path.child('x-kubernetes-map-type'), listType, detail));
    }
  }

  private checkMapKeys(schema: JsonSchema, path: Path): void {
    const listType = schema['x-kubernetes-list-type'];
    const keys = schema['x-kubernetes-list-map-keys'] ?? [];
    const keysPath = path.child('x-kubernetes-list-map-keys');
    const items: JsonSchema | undefined = Array.isArray(schema.items) ? undefined : schema.items;
    if (keys.length > 0 && listType !== 'map') {
      const detail = 'must be map if x-kubernetes-list-map-keys is non-empty';
      const at = path.child('x-kubernetes-list-type');
      this.errors.push(listType === undefined ? required(at, detail) : invalid(at, listType, detail));
    }
    if (listType === 'map') {
      if (keys.length === 0) this.errors.push(required(keysPath, 'must not be empty if x-kubernetes-list-type is map'));
      if (schema.items === undefined)
        this.errors.push(required(path.child('items'), 'must have a schema if x-kubernetes-list-type is map'));
      else if (items === undefined) {
        this.errors.push(invalid(path.child('items'), schema.items, 'must only have a single schema if x-kubernetes-list-type is map'));
      } else if (items.type !== 'object') {
        const detail = "must be object if parent array's x-kubernetes-list-type is map";
        this.errors.push(invalid(path.child('items', 'type'), items.type ?? '', detail));
      } else this.checkKeyProperties(keys, items, path);
    }
    if (items === undefined || (listType !== 'map' && listType !== 'set')) return;
    if (items.nullable)
      this.errors.push(forbidden(path.child('items', 'nullable'), `cannot be nullable when x-kubernetes-list-type is ${listType}`));
    if (listType !== 'map') return;
    for (const key of keys) {
      const property = items.properties?.[key];
      if (property === undefined) continue;
      const at = path.child('items', 'properties').key(key);
      if (items.required?.includes(key) !== true && property.default === undefined) {
        const detail = 'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property';
        this.errors.push(required(at.child('default'), detail));
      }
      if (property.nullable) {
        this.errors.push(forbidden(at.child('nullable'), 'this property is in x-kubernetes-list-map-keys, so it cannot be nullable'));
      }
    }
  }

  private checkKeyProperties(keys: readonly string[], items: JsonSchema, path: Path): void {
    const keysPath = path.child('x-kubernetes-list-map-keys');
    for (const [index, key] of keys.entries()) {
      const property = items.properties?.[key];
      if (property === undefined) this.errors.push(invalid(keysPath, keys, 'entries must all be names of item properties'));
      else if (property.type === 'array' || property.type === 'object') {
        const detail = "must be a scalar type if parent array's x-kubernetes-list-type is map";
        this.errors.push(invalid(path.child('items', 'properties').key(key).child('type'), items.type, detail));
      }
      if (keys.indexOf(key) < index) this.errors.push(invalid(keysPath, keys, 'must not contain duplicate entries'));
    }
  }

  private checkRule(validation: ValidationRule, schema: JsonSchema, path: Path): void {
    const { rule = '', message = '', messageExpression = '', reason, fieldPath = '' } = validation;
    const shortMessage = message.trim();
    if (rule.trim() === '') this.errors.push(required(path.child('rule'), 'rule is not specified'));
    else if (message !== '' && shortMessage === '')
      this.errors.push(invalid(path.child('message'), message, 'must be non-empty if specified'));
    else if (/[\n\r]/.test(shortMessage)) this.errors.push(invalid(path.child('message'), message, 'must not contain line breaks'));
    else if (/[\n\r]/.test(rule.trim()) && shortMessage === '') {
      this.errors.push(required(path.child('message'), 'message must be specified if rule contains line breaks'));
    }
    if (messageExpression !== '' && messageExpression.trim() === '') {
      this.errors.push(required(path.child('messageExpression'), 'messageExpression must be non-empty if specified'));
    }
    if (reason !== undefined && !reasons.includes(reason)) this.errors.push(notSupported(path.child('reason'), reason, reasons));
    if (fieldPath === '') return;
    const at = path.child('fieldPath');
    if (fieldPath.trim() === '') this.errors.push(invalid(at, fieldPath, 'must be non-empty if specified'));
    if (/[\n\r]/.test(fieldPath)) this.errors.push(invalid(at, fieldPath, 'must not contain line breaks'));
    if (validateFieldPath(fieldPath, schema).problem !== undefined) this.errors.push(invalid(at, fieldPath, 'must be a valid path'));
  }

  private wrongType(path: Path, type: string, detail: string): void {
    this.errors.push(type === '' ? required(path.child('type'), detail) : invalid(path.child('type'), type, detail));
  }
}
