import { authorityBundleProblem } from '../certificates/x509.ts';
import { approvalAnnotation, approvalOf } from '../custom-resources/approval.ts';
import { schemaOf } from '../custom-resources/definition.ts';
import { validateFieldPath } from '../custom-resources/field-path.ts';
import { equalValues, someSchema } from '../custom-resources/json-schema.ts';
import { validateStructural } from '../custom-resources/structural.ts';
import type {
  CustomResourceColumnDefinition,
  CustomResourceConversion,
  CustomResourceDefinition,
  CustomResourceDefinitionNames,
  CustomResourceDefinitionSpec,
  CustomResourceDefinitionVersion,
  CustomResourceSubresources,
  SelectableField,
} from '../generated/types/apiextensions/v1.ts';
import { dns1035LabelProblems, dns1123SubdomainProblems } from '../names/index.ts';
import { checkImmutableText, type Errors } from './checks.ts';
import { validateCustomResourceSchema } from './custom-resource-definition-schema.ts';
import { type Shared, versionInGo } from './custom-resource-internal-types.ts';
import { duplicate, forbidden, invalid, notSupported, required, tooMany } from './field-error.ts';
import { metadataPath } from './object-meta.ts';
import { Path } from './path.ts';
import { validateWebhookClient } from './webhook-client.ts';

/** Definitions of kinds, after `k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation`. */

const specPath = Path.of('spec');
const statusPath = Path.of('status');
const columnTypes = ['boolean', 'date', 'integer', 'number', 'string'];
const columnFormats = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password'];
const maxSelectableFields = 8;
const noSpec: CustomResourceDefinitionSpec = { group: '', names: { kind: '', plural: '' }, scope: '', versions: [] };

/** A definition after `applyDefaults`. */
export function validateCustomResourceDefinition(definition: CustomResourceDefinition, errors: Errors): void {
  const { metadata, spec = noSpec } = definition;
  const name = metadata?.name ?? '';
  for (const [field, given] of [
    ['generateName', metadata?.generateName ?? ''],
    ['name', name],
  ] as const) {
    if (given === '' || given === `${spec.names?.plural ?? ''}.${spec.group ?? ''}`) continue;
    errors.push(invalid(metadataPath.child(field), given, 'must be spec.names.plural+"."+spec.group'));
  }
  validateSpec(spec, undefined, errors);
  validateStoredVersions(definition, errors);
  validateApproval(definition, undefined, errors);
  validatePreserveUnknownFields(spec, undefined, errors);
}

export function validateCustomResourceDefinitionUpdate(
  definition: CustomResourceDefinition,
  old: CustomResourceDefinition,
  errors: Errors,
): void {
  const { spec = noSpec } = definition;
  const before = old.spec ?? noSpec;
  validateSpec(spec, old, errors);
  if (isEstablished(old)) {
    checkImmutableText(spec.scope, before.scope, specPath.child('scope'), errors);
    checkImmutableText(spec.names?.kind, before.names?.kind, specPath.child('names', 'kind'), errors);
  }
  checkImmutableText(spec.group, before.group, specPath.child('group'), errors);
  checkImmutableText(spec.names?.plural, before.names?.plural, specPath.child('names', 'plural'), errors);
  validateCustomResourceDefinitionStatus(definition, old, errors);
  validateStoredVersions(definition, errors);
  validateApproval(definition, old, errors);
  validatePreserveUnknownFields(spec, before, errors);
}

function isEstablished({ status }: CustomResourceDefinition): boolean {
  return status?.conditions?.some((condition) => condition.type === 'Established' && condition.status === 'True') === true;
}

export function validateCustomResourceDefinitionStatus(
  { status }: CustomResourceDefinition,
  _old: CustomResourceDefinition,
  errors: Errors,
): void {
  if (status?.acceptedNames !== undefined) validateNames(status.acceptedNames, statusPath.child('acceptedNames'), errors);
}

function sharedBy(versions: readonly CustomResourceDefinitionVersion[]): Shared {
  const [first] = versions;
  const same = (field: keyof CustomResourceDefinitionVersion): boolean =>
    versions.every((version) => equalValues(version[field], first?.[field]));
  return {
    schema: same('schema'),
    subresources: same('subresources'),
    columns: same('additionalPrinterColumns'),
    selectableFields: same('selectableFields'),
  };
}

function validateSpec(spec: CustomResourceDefinitionSpec, old: CustomResourceDefinition | undefined, errors: Errors): void {
  const { group = '', scope = '', versions = [] } = spec;
  const shared = sharedBy(versions);
  validateGroup(group, errors);
  const scopePath = specPath.child('scope');
  if (scope === '') errors.push(required(scopePath));
  else if (scope !== 'Cluster' && scope !== 'Namespaced') errors.push(notSupported(scopePath, scope, ['Cluster', 'Namespaced']));
  const versionsPath = specPath.child('versions');
  for (const [index, version] of versions.entries()) {
    if (version.schema?.openAPIV3Schema === undefined) errors.push(required(versionsPath.index(index).child('schema', 'openAPIV3Schema')));
  }
  if (spec.preserveUnknownFields === true && versions.some(hasDefaults)) {
    errors.push(invalid(specPath.child('preserveUnknownFields'), true, 'must be false in order to use defaults in the schema'));
  }
  for (const [index, version] of versions.entries()) validateVersion(spec, version, old?.spec, shared, versionsPath.index(index), errors);
  const shown = spec === noSpec ? null : spec.versions?.map((version) => versionInGo(version, shared));
  if (new Set(versions.map(({ name }) => name)).size < versions.length)
    errors.push(invalid(versionsPath, shown, 'must contain unique version names'));
  if (versions.filter(({ storage }) => storage).length !== 1) {
    errors.push(invalid(versionsPath, shown, 'must have exactly one version marked as storage version'));
  }
  const [first] = versions;
  if (first !== undefined && (first.name ?? '') !== '') checkLabel(first.name, first.name, specPath.child('version'), errors);
  const { names = noSpec.names } = spec;
  for (const field of ['plural', 'singular', 'kind', 'listKind'] as const) {
    if ((names[field] ?? '') === '') errors.push(required(specPath.child('names', field)));
  }
  validateNames(names, specPath.child('names'), errors);
  if (first !== undefined) validateShared(spec, first, old?.spec, shared, errors);
  validateConversion(spec, old, errors);
}

function hasDefaults(version: CustomResourceDefinitionVersion): boolean {
  return version.schema?.openAPIV3Schema !== undefined && someSchema(schemaOf(version), (schema) => schema.default !== undefined);
}

function validateGroup(group: string, errors: Errors): void {
  const path = specPath.child('group');
  if (group === '') {
    errors.push(required(path));
    return;
  }
  const problems = dns1123SubdomainProblems(group);
  if (problems.length > 0) errors.push(invalid(path, group, problems.join(',')));
  else if (!group.includes('.')) errors.push(invalid(path, group, 'should be a domain with at least one dot'));
}

function validateVersion(
  spec: CustomResourceDefinitionSpec,
  version: CustomResourceDefinitionVersion,
  old: CustomResourceDefinitionSpec | undefined,
  shared: Shared,
  path: Path,
  errors: Errors,
): void {
  checkLabel(version.name ?? '', version.name ?? '', path.child('name'), errors);
  validateDeprecation(version, path.child('deprecationWarning'), errors);
  if (!shared.schema) {
    const status = shared.subresources ? spec.versions[0]?.subresources?.status : version.subresources?.status;
    validateSchema(version, status !== undefined, old, path.child('schema'), errors);
  }
  if (!shared.subresources) validateSubresources(version.subresources, path.child('subresources'), errors);
  if (!shared.columns) validateColumns(version.additionalPrinterColumns, path.child('additionalPrinterColumns'), errors);
  if (!shared.selectableFields) validateSelectableFields(version, path.child('selectableFields'), errors);
}

function validateShared(
  spec: CustomResourceDefinitionSpec,
  version: CustomResourceDefinitionVersion,
  old: CustomResourceDefinitionSpec | undefined,
  shared: Shared,
  errors: Errors,
): void {
  const hasStatus = spec.versions.some(({ subresources }) => subresources?.status !== undefined);
  if (shared.schema) validateSchema(version, hasStatus, old, specPath.child('validation'), errors);
  if (shared.subresources) validateSubresources(version.subresources, specPath.child('subresources'), errors);
  if (shared.columns) validateColumns(version.additionalPrinterColumns, specPath.child('additionalPrinterColumns'), errors);
  if (shared.selectableFields) validateSelectableFields(version, specPath.child('selectableFields'), errors);
}

/** Schemas that were not structural before need not become so. */
function validateSchema(
  version: CustomResourceDefinitionVersion,
  hasStatus: boolean,
  old: CustomResourceDefinitionSpec | undefined,
  path: Path,
  errors: Errors,
): void {
  if (version.schema?.openAPIV3Schema === undefined) return;
  const before = old?.versions?.find(({ name }) => name === version.name);
  validateCustomResourceSchema(
    schemaOf(version),
    {
      hasStatus,
      unchanged: before !== undefined && equalValues(before.schema, version.schema),
    },
    path.child('openAPIV3Schema'),
    errors,
  );
}

function validateDeprecation(
  { deprecated, deprecationWarning: warning }: CustomResourceDefinitionVersion,
  path: Path,
  errors: Errors,
): void {
  if (warning === undefined) return;
  if (!deprecated) errors.push(invalid(path, warning, 'can only be set for deprecated versions'));
  else if (warning === '') errors.push(invalid(path, warning, 'must not be an empty string'));
  else {
    if (new TextEncoder().encode(warning).length > 256) errors.push(invalid(path, warning, 'must be <= 256 characters long'));
    const unprintable = warning.search(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/u);
    if (unprintable >= 0) {
      const at = new TextEncoder().encode(warning.slice(0, unprintable)).length;
      const detail = `must only contain printable UTF-8 characters; non-printable character found at index ${at}`;
      errors.push(invalid(path, warning, detail));
    }
  }
}

function validateSubresources(subresources: CustomResourceSubresources | undefined, path: Path, errors: Errors): void {
  const scale = subresources?.scale;
  if (scale === undefined) return;
  const check = (
    field: 'specReplicasPath' | 'statusReplicasPath' | 'labelSelectorPath',
    roots: readonly string[],
    detail: string,
  ): void => {
    const value = scale[field] ?? '';
    const at = path.child(`scale.${field}`);
    if (value === '') {
      if (field !== 'labelSelectorPath') errors.push(required(at));
    } else if (!value.startsWith('.')) errors.push(invalid(at, value, 'must be a simple json path starting with .'));
    else if (!roots.some((root) => value.startsWith(`${root}.`))) errors.push(invalid(at, value, detail));
  };
  check('specReplicasPath', ['.spec'], 'should be a json path under .spec');
  check('statusReplicasPath', ['.status'], 'should be a json path under .status');
  check('labelSelectorPath', ['.spec', '.status'], 'should be a json path under either .spec or .status');
}

function validateColumns(columns: readonly CustomResourceColumnDefinition[] | undefined, path: Path, errors: Errors): void {
  for (const [index, { name = '', type = '', format = '', jsonPath = '' }] of (columns ?? []).entries()) {
    const at = path.index(index);
    const types = `must be one of ${columnTypes.join(',')}`;
    if (name === '') errors.push(required(at.child('name')));
    if (type === '') errors.push(required(at.child('type'), types));
    else if (!columnTypes.includes(type)) errors.push(invalid(at.child('type'), type, types));
    if (format !== '' && !columnFormats.includes(format))
      errors.push(invalid(at.child('format'), format, `must be one of ${columnFormats.join(',')}`));
    if (jsonPath === '') errors.push(required(at.child('JSONPath')));
    else if (!jsonPath.startsWith('.')) errors.push(invalid(at.child('JSONPath'), jsonPath, 'must be a simple json path starting with .'));
  }
}

function validateSelectableFields(version: CustomResourceDefinitionVersion, path: Path, errors: Errors): void {
  const fields: readonly SelectableField[] = version.selectableFields ?? [];
  if (fields.length === 0 || version.schema?.openAPIV3Schema === undefined) return;
  const schema = schemaOf(version);
  // Only what is structural can be walked.
  if (validateStructural(schema, path).length > 0) return;
  const seen = new Set<string>();
  for (const [index, { jsonPath = '' }] of fields.entries()) {
    const at = path.index(index).child('jsonPath');
    if (jsonPath === '') {
      errors.push(required(at));
      continue;
    }
    const found = validateFieldPath(jsonPath, schema, { withBrackets: false });
    if (found.problem !== undefined) {
      errors.push(invalid(at, jsonPath, `is an invalid path: ${found.problem}`));
      continue;
    }
    if (found.steps[0] === 'metadata') errors.push(invalid(at, jsonPath, 'must not point to fields in metadata'));
    if (!['string', 'boolean', 'integer'].includes(found.schema.type ?? '')) {
      const detail = 'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.';
      errors.push(invalid(at, jsonPath, detail));
    }
    if (seen.has(jsonPath)) errors.push(duplicate(at, jsonPath));
    seen.add(jsonPath);
  }
  if (seen.size > maxSelectableFields) errors.push(tooMany(path, seen.size, maxSelectableFields));
}

function checkLabel(text: string, value: string, path: Path, errors: Errors, before = ''): void {
  const problems = dns1035LabelProblems(text);
  if (problems.length > 0) errors.push(invalid(path, value, before + problems.join(',')));
}

function validateNames(names: CustomResourceDefinitionNames, path: Path, errors: Errors): void {
  const { plural = '', singular = '', kind = '', listKind = '', shortNames = [], categories = [] } = names;
  const mixed = 'may have mixed case, but should otherwise match: ';
  if (plural !== '') checkLabel(plural, plural, path.child('plural'), errors);
  if (singular !== '') checkLabel(singular, singular, path.child('singular'), errors);
  if (kind !== '') checkLabel(kind.toLowerCase(), kind, path.child('kind'), errors, mixed);
  if (listKind !== '') checkLabel(listKind.toLowerCase(), listKind, path.child('listKind'), errors, mixed);
  for (const [index, name] of shortNames.entries()) checkLabel(name, name, path.child('shortNames').index(index), errors);
  if (kind !== '' && kind === listKind) errors.push(invalid(path.child('listKind'), listKind, 'kind and listKind may not be the same'));
  for (const [index, category] of categories.entries()) checkLabel(category, category, path.child('categories').index(index), errors);
}

function validateConversion(
  { conversion, preserveUnknownFields }: CustomResourceDefinitionSpec,
  old: CustomResourceDefinition | undefined,
  errors: Errors,
): void {
  if (conversion === undefined) return;
  const path = specPath.child('conversion');
  const { strategy = '', webhook } = conversion;
  if (strategy !== 'None' && preserveUnknownFields === true) {
    errors.push(invalid(path.child('strategy'), strategy, 'must be None if spec.preserveUnknownFields is true'));
  }
  if (strategy === '') errors.push(required(path.child('strategy')));
  else if (strategy !== 'None' && strategy !== 'Webhook') errors.push(notSupported(path.child('strategy'), strategy, ['None', 'Webhook']));
  const clientPath = path.child('webhookClientConfig');
  const versionsPath = path.child('conversionReviewVersions');
  const versions = webhook?.conversionReviewVersions ?? [];
  if (strategy !== 'Webhook') {
    const detail = 'should not be set when strategy is not set to Webhook';
    if (webhook?.clientConfig !== undefined) errors.push(forbidden(clientPath, detail));
    if (versions.length > 0) errors.push(forbidden(versionsPath, detail));
    return;
  }
  const client = webhook?.clientConfig;
  if (client === undefined) errors.push(required(clientPath, 'required when strategy is set to Webhook'));
  else {
    validateWebhookClient(client, clientPath, errors);
    const bundle = client.caBundle ?? '';
    const problem = bundle !== '' && keepsBundle(old) ? authorityBundleProblem(bundle) : undefined;
    if (problem !== undefined) errors.push(invalid(clientPath.child('caBundle'), bundle, problem));
  }
  validateReviewVersions(versions, knowsReviewVersions(old?.spec?.conversion), versionsPath, errors);
}

const reviewVersions = ['v1', 'v1beta1'];

/** Definitions that did without a version that is known may go on to. */
function knowsReviewVersions(old: CustomResourceConversion | undefined): boolean {
  const versions = old?.webhook?.conversionReviewVersions ?? [];
  return versions.length === 0 || versions.some((version) => reviewVersions.includes(version));
}

/** Whether certificates must be sound: not before the definition is established, nor when they were not. */
function keepsBundle(old: CustomResourceDefinition | undefined): boolean {
  if (old === undefined || !isEstablished(old)) return false;
  const bundle = old.spec?.conversion?.webhook?.clientConfig?.caBundle ?? '';
  return bundle === '' || authorityBundleProblem(bundle) === undefined;
}

function validateReviewVersions(versions: readonly string[], mustKnow: boolean, path: Path, errors: Errors): void {
  if (versions.length === 0) {
    errors.push(required(path));
    return;
  }
  for (const [index, version] of versions.entries()) {
    if (versions.indexOf(version) < index) errors.push(invalid(path.index(index), version, 'duplicate version'));
    else for (const problem of dns1035LabelProblems(version)) errors.push(invalid(path.index(index), version, problem));
  }
  if (mustKnow && !versions.some((version) => reviewVersions.includes(version)))
    errors.push(invalid(path, versions, 'must include at least one of v1, v1beta1'));
}

function validateStoredVersions({ spec, status }: CustomResourceDefinition, errors: Errors): void {
  const path = statusPath.child('storedVersions');
  const stored = status?.storedVersions ?? [];
  if (stored.length === 0) {
    errors.push(invalid(path, status?.storedVersions, 'must have at least one stored version'));
    return;
  }
  const versions = spec?.versions ?? [];
  for (const { name = '', storage } of versions) {
    if (storage && !stored.includes(name)) errors.push(invalid(path, stored, `must have the storage version ${name}`));
  }
  for (const [index, name] of stored.entries()) {
    if (versions.some((version) => (version.name ?? '') === name)) continue;
    const detail = `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`;
    errors.push(invalid(path.index(index), name, detail));
  }
}

function validateApproval(definition: CustomResourceDefinition, old: CustomResourceDefinition | undefined, errors: Errors): void {
  const approval = approvalOf(definition);
  const value = definition.metadata?.annotations?.[approvalAnnotation];
  if (approval === undefined || (old !== undefined && old.metadata?.annotations?.[approvalAnnotation] === value)) return;
  const path = metadataPath.child('annotations').key(approvalAnnotation);
  if (approval.state === 'missing') errors.push(required(path, approval.message));
  else if (approval.state === 'invalid') errors.push(invalid(path, value ?? '', approval.message));
}

function validatePreserveUnknownFields(
  spec: CustomResourceDefinitionSpec,
  old: CustomResourceDefinitionSpec | undefined,
  errors: Errors,
): void {
  if (spec.preserveUnknownFields !== true || old?.preserveUnknownFields === true) return;
  const detail = 'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead';
  errors.push(invalid(specPath.child('preserveUnknownFields'), true, detail));
}
