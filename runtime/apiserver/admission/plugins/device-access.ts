import type {
  AllocatedDeviceStatus,
  AllocationResult,
  ResourceClaimSpec,
  ResourceClaimStatus,
} from '../../../api/generated/types/resource/v1.ts';
import { invalidFields } from '../../../api/status.ts';
import { semanticEqual } from '../../../api/validation/equality.ts';
import { type FieldError, forbidden } from '../../../api/validation/field-error.ts';
import { Path } from '../../../api/validation/path.ts';
import type { User } from '../../authentication/user.ts';
import { type AccessAttributes, forbiddenBy } from '../../authorization/authorizer.ts';
import { type ApiObject, valueAt } from '../../registry/api-object.ts';
import type { AdmissionContext, AdmissionPlugin, Attributes } from '../admission.ts';

const group = 'resource.k8s.io';
const adminLabel = 'resource.kubernetes.io/admin-access';
const nodeNameKey = 'authentication.kubernetes.io/node-name';

/**
 * Who may have devices that others use (namespaces that are marked), give devices to claims, and tell of them. Upstream's strategies ask it of claims and
 * templates, `pkg/registry/resource/utils.go`.
 */
export const deviceAccess: AdmissionPlugin = {
  name: 'DeviceAccess',
  validate(attributes, context) {
    const { resource, object } = attributes;
    if (resource.kind.group === group && object !== undefined) return checkDevices(attributes, object, context);
  },
};

async function checkDevices(attributes: Attributes, object: ApiObject, context: AdmissionContext): Promise<void> {
  const { resource, subresource, operation, oldObject, name } = attributes;
  const errors: FieldError[] = [];
  if (operation === 'CREATE' && subresource === '') checkAsked(attributes, context, errors);
  else if (resource.kind.plural === 'resourceclaims' && subresource === 'status' && oldObject !== undefined) {
    const [status, old] = [statusOf(object), statusOf(oldObject)];
    if (adminResult(old) < 0)
      checkAdmin(adminResult(status), Path.of('status', 'allocation', 'devices', 'results'), attributes, context, errors);
    await checkBinding(status, old, attributes, context, errors);
    if (status.allocation !== undefined) await checkDrivers(status, old, attributes, context, errors);
  }
  if (errors.length > 0) throw invalidFields(resource.kindSubject, name, errors);
}

function checkAsked(attributes: Attributes, context: AdmissionContext, errors: FieldError[]): void {
  const { resource, object } = attributes;
  const { plural } = resource.kind;
  const claim =
    plural === 'resourceclaimtemplates' ? valueAt(object, 'spec', 'spec') : plural === 'resourceclaims' && valueAt(object, 'spec');
  const { devices } = (claim || {}) as ResourceClaimSpec;
  const index = devices?.requests?.findIndex((request) => request.exactly?.adminAccess === true) ?? -1;
  checkAdmin(index, Path.of('spec', 'devices', 'requests'), attributes, context, errors);
}

function statusOf(object: ApiObject): ResourceClaimStatus {
  return (object.status ?? {}) as ResourceClaimStatus;
}

function adminResult({ allocation }: ResourceClaimStatus): number {
  return allocation?.devices?.results?.findIndex((result) => result.adminAccess === true) ?? -1;
}

/** @param index Of what asks for access to devices in use; negative for nothing. */
function checkAdmin(index: number, list: Path, { namespace }: Attributes, { reader }: AdmissionContext, errors: FieldError[]): void {
  if (index < 0 || reader.get('', 'namespaces', '', namespace)?.metadata.labels?.[adminLabel] === 'true') return;
  const detail = `admin access to devices requires the \`${adminLabel}: true\` label on the containing namespace`;
  errors.push(forbidden(list.index(index).child('adminAccess'), detail));
}

async function checkBinding(
  status: ResourceClaimStatus,
  old: ResourceClaimStatus,
  attributes: Attributes,
  context: AdmissionContext,
  errors: FieldError[],
): Promise<void> {
  if (semanticEqual(status.allocation, old.allocation) && semanticEqual(status.reservedFor, old.reservedFor)) return;
  const verb = attributes.verb ?? 'update';
  const refusal = await refused({ ...claimsOf(attributes.user), verb, subresource: 'binding' }, context);
  if (refusal === undefined) return;
  const what = 'changing status.allocation or status.reservedFor requires resource="resourceclaims/binding"';
  errors.push(forbidden(Path.of('status', 'allocation'), `${what}, verb="${verb}" permission: ${refusal}`));
}

async function checkDrivers(
  status: ResourceClaimStatus,
  old: ResourceClaimStatus,
  attributes: Attributes,
  context: AdmissionContext,
  errors: FieldError[],
): Promise<void> {
  const { user, namespace, verb = 'update' } = attributes;
  const prefixes = isOn(user, nodeOf(status.allocation)) ? ['associated-node', 'arbitrary-node'] : ['arbitrary-node'];
  const verbs = prefixes.map((prefix) => `${prefix}:${verb}`);
  for (const driver of changedDrivers(status.devices ?? [], old.devices ?? [])) {
    const question = { ...claimsOf(user), subresource: 'driver', namespace, name: driver };
    const refusals = await Promise.all(verbs.map((each) => refused({ ...question, verb: each }, context)));
    if (refusals.includes(undefined)) continue;
    const what = `changing status.devices requires resource="resourceclaims/driver", verb="[${verbs.join(' ')}]"`;
    errors.push(forbidden(Path.of('status', 'devices'), `${what} permission: ${refusals[0]}`));
  }
}

function claimsOf(user: User): Omit<AccessAttributes, 'verb' | 'subresource'> {
  return { user, isResource: true, path: '', group, version: 'v1', resource: 'resourceclaims', namespace: '', name: '' };
}

/** Why somebody may not; undefined if they may. */
async function refused(question: AccessAttributes, { authorizer }: AdmissionContext): Promise<string | undefined> {
  const { decision, reason } = await authorizer.authorize(question);
  return decision === 'allow' ? undefined : forbiddenBy(question, reason).message;
}

/** Drivers of what is told of devices, and was not told so before, in the order of their names. */
function changedDrivers(devices: readonly AllocatedDeviceStatus[], old: readonly AllocatedDeviceStatus[]): readonly string[] {
  const keyOf = ({ driver, pool, device, shareID = '' }: AllocatedDeviceStatus): string => [driver, pool, device, shareID].join('/');
  const [now, before] = [devices, old].map((list) => new Map(list.map((device) => [keyOf(device), device])));
  const changed = [...devices, ...old].filter((device) => !semanticEqual(now?.get(keyOf(device)), before?.get(keyOf(device))));
  return [...new Set(changed.map(({ driver }) => driver))].sort();
}

/** The node that an allocation is bound to by name; empty for others. */
function nodeOf(allocation: AllocationResult | undefined): string {
  const [term, ...others] = allocation?.nodeSelector?.nodeSelectorTerms ?? [];
  if (term === undefined || others.length > 0 || (term.matchExpressions?.length ?? 0) > 0 || term.matchFields?.length !== 1) return '';
  const [field] = term.matchFields;
  const names = field?.key === 'metadata.name' && field.operator === 'In' ? (field.values ?? []) : [];
  return names.length === 1 ? (names[0] ?? '') : '';
}

/** Whether a service account's token was given to a pod on the node. */
function isOn({ name, extra }: User, node: string): boolean {
  const names = extra?.[nodeNameKey] ?? [];
  return node !== '' && name.startsWith('system:serviceaccount:') && names.length === 1 && names[0] === node;
}
