import type {
  CustomResourceDefinition,
  CustomResourceDefinitionSpec,
  CustomResourceDefinitionVersion,
  CustomResourceSubresources,
} from '../generated/types/apiextensions/v1.ts';
import type { APIService } from '../generated/types/apiregistration/v1.ts';
import type { CertificateSigningRequest } from '../generated/types/certificates/v1.ts';
import type { RuntimeClass } from '../generated/types/node/v1.ts';
import { dns1035LabelProblems, dns1123SubdomainProblems } from '../names/index.ts';
import { checkDnsLabel, checkImmutable, type Errors, reportInvalid } from './checks.ts';
import { invalid, notSupported, required } from './field-error.ts';
import { metadataPath } from './object-meta.ts';
import { Path } from './path.ts';

/** What adds to the API, and a few kinds with little to say. */

const specPath = Path.of('spec');
const none: Partial<CustomResourceDefinitionSpec> = {};

/** A definition of a kind, without the rules on its schemas. Follows `k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation`. */
export function validateCustomResourceDefinition(
  { metadata, spec = none as CustomResourceDefinitionSpec }: CustomResourceDefinition,
  errors: Errors,
): void {
  const { group = '', names, versions = [], scope = '' } = spec;
  const name = metadata?.name ?? '';
  if (name !== `${names?.plural ?? ''}.${group}`) {
    errors.push(invalid(metadataPath.child('name'), name, 'must be spec.names.plural+"."+spec.group'));
  }
  validateGroup(group, metadata?.annotations ?? {}, errors);
  if (scope === '') errors.push(required(specPath.child('scope')));
  else if (scope !== 'Cluster' && scope !== 'Namespaced')
    errors.push(notSupported(specPath.child('scope'), scope, ['Cluster', 'Namespaced']));
  const versionsPath = specPath.child('versions');
  if (new Set(versions.map((version) => version.name)).size < versions.length) {
    errors.push(invalid(versionsPath, versions, 'must contain unique version names'));
  }
  if (versions.filter((version) => version.storage).length !== 1) {
    errors.push(invalid(versionsPath, versions, 'must have exactly one version marked as storage version'));
  }
  for (const [index, version] of versions.entries()) validateVersion(version, versionsPath.index(index), errors);
  validateNames(spec, errors);
  const strategy = spec.conversion?.strategy;
  if (strategy !== undefined && strategy !== 'None' && strategy !== 'Webhook') {
    errors.push(notSupported(specPath.child('conversion', 'strategy'), strategy, ['None', 'Webhook']));
  }
  if (spec.preserveUnknownFields === true) {
    const detail = 'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead';
    errors.push(invalid(specPath.child('preserveUnknownFields'), true, detail));
  }
}

function validateGroup(group: string, annotations: Readonly<Record<string, string>>, errors: Errors): void {
  const at = specPath.child('group');
  if (group === '') errors.push(required(at));
  else {
    const problems = dns1123SubdomainProblems(group);
    if (problems.length > 0) errors.push(invalid(at, group, problems.join(',')));
    else if (!group.includes('.')) errors.push(invalid(at, group, 'should be a domain with at least one dot'));
  }
  const isProtected = /(^|\.)(k8s|kubernetes)\.io$/.test(group);
  const approval = 'api-approved.kubernetes.io';
  if (isProtected && annotations[approval] === undefined) {
    const detail = `protected groups must have approval annotation "${approval}", see https://github.com/kubernetes/enhancements/pull/1111`;
    errors.push(required(metadataPath.child('annotations').key(approval), detail));
  }
}

function validateVersion(version: CustomResourceDefinitionVersion, path: Path, errors: Errors): void {
  const name = version.name ?? '';
  const problems = dns1035LabelProblems(name);
  if (problems.length > 0) errors.push(invalid(path.child('name'), name, problems.join(',')));
  const schema = version.schema?.openAPIV3Schema;
  if (schema === undefined) errors.push(required(path.child('schema', 'openAPIV3Schema'), 'schemas are required'));
  else {
    const at = path.child('schema', 'openAPIV3Schema', 'type');
    if (schema.type === undefined) errors.push(required(at, 'must not be empty at the root'));
    else if (schema.type !== 'object') errors.push(invalid(at, schema.type, 'must be object at the root'));
  }
  validateSubresources(version.subresources, path.child('subresources'), errors);
  for (const [index, { name: column = '', type = '', jsonPath = '' }] of (version.additionalPrinterColumns ?? []).entries()) {
    const at = path.child('additionalPrinterColumns').index(index);
    if (column === '') errors.push(required(at.child('name')));
    const types = ['boolean', 'date', 'integer', 'number', 'string'];
    if (type === '') errors.push(required(at.child('type'), `must be one of ${types.join(',')}`));
    else if (!types.includes(type)) errors.push(invalid(at.child('type'), type, `must be one of ${types.join(',')}`));
    if (jsonPath === '') errors.push(required(at.child('jsonPath')));
  }
}

function validateSubresources(subresources: CustomResourceSubresources | undefined, path: Path, errors: Errors): void {
  const scale = subresources?.scale;
  if (scale === undefined) return;
  for (const [field, root] of [
    ['specReplicasPath', '.spec'],
    ['statusReplicasPath', '.status'],
  ] as const) {
    const value = scale[field] ?? '';
    const at = path.child('scale', field);
    if (value === '') errors.push(required(at));
    else if (!value.startsWith(`${root}.`)) errors.push(invalid(at, value, `should be a json path under ${root}`));
  }
}

function validateNames({ names }: CustomResourceDefinitionSpec, errors: Errors): void {
  const at = specPath.child('names');
  const { plural = '', singular = '', kind = '', listKind = '', shortNames = [], categories = [] } = names ?? {};
  const check = (value: string, path: Path): void => {
    const problems = dns1035LabelProblems(value);
    if (problems.length > 0) errors.push(invalid(path, value, problems.join(',')));
  };
  check(plural, at.child('plural'));
  if (singular !== '') check(singular, at.child('singular'));
  if (kind === '') errors.push(required(at.child('kind')));
  else {
    const problems = dns1035LabelProblems(kind.toLowerCase());
    if (problems.length > 0)
      errors.push(invalid(at.child('kind'), kind, `may have mixed case, but should otherwise match: ${problems.join(',')}`));
  }
  if (listKind === '') errors.push(required(at.child('listKind')));
  for (const [index, name] of shortNames.entries()) check(name, at.child('shortNames').index(index));
  for (const [index, category] of categories.entries()) check(category, at.child('categories').index(index));
  if (kind !== '' && kind === listKind) errors.push(invalid(at.child('listKind'), listKind, 'kind and listKind may not be the same'));
}

export function validateCustomResourceDefinitionUpdate(
  definition: CustomResourceDefinition,
  old: CustomResourceDefinition,
  errors: Errors,
): void {
  validateCustomResourceDefinition(definition, errors);
  const established = old.status?.conditions?.some(({ type, status }) => type === 'Established' && status === 'True') === true;
  if (!established) return;
  checkImmutable(definition.spec?.scope, old.spec?.scope, specPath.child('scope'), errors);
  checkImmutable(definition.spec?.names?.kind, old.spec?.names?.kind, specPath.child('names', 'kind'), errors);
  checkImmutable(definition.spec?.group, old.spec?.group, specPath.child('group'), errors);
  checkImmutable(definition.spec?.names?.plural, old.spec?.names?.plural, specPath.child('names', 'plural'), errors);
}

export function validateApiService({ metadata, spec }: APIService, errors: Errors): void {
  const { group = '', version = '', groupPriorityMinimum = 0, versionPriority = 0, service, caBundle, insecureSkipTLSVerify } = spec ?? {};
  const name = metadata?.name ?? '';
  if (name !== `${version}.${group}`) {
    errors.push(
      invalid(metadataPath.child('name'), name, `must be \`spec.version+"."+spec.group\`: ${JSON.stringify(`${version}.${group}`)}`),
    );
  }
  if (version === '') errors.push(required(specPath.child('version')));
  else reportInvalid(dns1035LabelProblems(version), version, specPath.child('version'), errors);
  if (groupPriorityMinimum <= 0 || groupPriorityMinimum > 20000) {
    errors.push(invalid(specPath.child('groupPriorityMinimum'), groupPriorityMinimum, 'must be positive and less than 20000'));
  }
  if (versionPriority <= 0 || versionPriority > 1000) {
    errors.push(invalid(specPath.child('versionPriority'), versionPriority, 'must be positive and less than 1000'));
  }
  if (service === undefined) {
    if (caBundle !== undefined)
      errors.push(invalid(specPath.child('caBundle'), `${caBundle.length} bytes`, 'local APIServices may not have a caBundle'));
    if (insecureSkipTLSVerify === true) {
      errors.push(invalid(specPath.child('insecureSkipTLSVerify'), true, 'local APIServices may not have insecureSkipTLSVerify'));
    }
    return;
  }
  if ((service.namespace ?? '') === '') errors.push(required(specPath.child('service', 'namespace')));
  if ((service.name ?? '') === '') errors.push(required(specPath.child('service', 'name')));
  if (insecureSkipTLSVerify === true && caBundle !== undefined) {
    errors.push(invalid(specPath.child('insecureSkipTLSVerify'), true, 'may not be true if caBundle is present'));
  }
}

export function validateRuntimeClass({ handler = '' }: RuntimeClass, errors: Errors): void {
  checkDnsLabel(handler, Path.of('handler'), errors);
}

export function validateRuntimeClassUpdate({ handler }: RuntimeClass, old: RuntimeClass, errors: Errors): void {
  checkImmutable(handler, old.handler, Path.of('handler'), errors);
}

export function validateCertificateSigningRequest({ spec }: CertificateSigningRequest, errors: Errors): void {
  const { request = '', usages = [], signerName = '', expirationSeconds } = spec ?? {};
  const decoded = atob(request);
  if (!decoded.includes('-----BEGIN CERTIFICATE REQUEST-----')) {
    errors.push(invalid(specPath.child('request'), request, 'PEM block type must be CERTIFICATE REQUEST'));
  }
  if (usages.length === 0) errors.push(required(specPath.child('usages'), 'usages must be provided'));
  if (signerName === '') errors.push(required(specPath.child('signerName')));
  else if (signerName.split('/').length !== 2 || !(signerName.split('/')[0] ?? '').includes('.')) {
    const detail = "must be a fully qualified domain and path of the form 'example.com/signer-name'";
    errors.push(invalid(specPath.child('signerName'), signerName, detail));
  }
  if (expirationSeconds !== undefined && expirationSeconds < 600) {
    errors.push(
      invalid(specPath.child('expirationSeconds'), expirationSeconds, 'may not specify a duration less than 600 seconds (10 minutes)'),
    );
  }
}
