import type { Namespace, Node, Taint } from '../generated/types/core/v1.ts';
import { labelValueProblems, parseCidr } from '../names/index.ts';
import { checkCidr, checkQualifiedName, type Errors, sortedEntries } from './checks.ts';
import { semanticEqual } from './equality.ts';
import { duplicate, forbidden, invalid } from './field-error.ts';
import { metadataPath, validateFinalizerName } from './object-meta.ts';
import { Path } from './path.ts';
import { checkTaintEffect } from './pod/scheduling.ts';
import { checkResourceQuantity } from './resources.ts';

/** Namespaces and Nodes of `pkg/apis/core/validation`. */

export function validateNamespace({ spec }: Namespace, errors: Errors): void {
  for (const finalizer of spec?.finalizers ?? []) validateFinalizerName(finalizer, Path.of('spec', 'finalizers'), errors);
}

export function validateNamespaceStatus({ metadata, status }: Namespace, errors: Errors): void {
  const phase = status?.phase ?? '';
  const at = Path.of('status', 'Phase');
  if (metadata?.deletionTimestamp === undefined) {
    if (phase !== 'Active') errors.push(invalid(at, phase, "may only be 'Active' if `deletionTimestamp` is empty"));
  } else if (phase !== 'Terminating') errors.push(invalid(at, phase, "may only be 'Terminating' if `deletionTimestamp` is not empty"));
}

/** The finalizers of a namespace, changed through its `finalize` subresource. */
export function validateNamespaceFinalize({ spec }: Namespace, errors: Errors): void {
  for (const [index, finalizer] of (spec?.finalizers ?? []).entries()) {
    validateFinalizerName(finalizer, Path.of('spec', 'finalizers').index(index), errors);
  }
}

export function validateNode(node: Node, errors: Errors): void {
  validateTaints(node.spec?.taints ?? [], errors);
  validateNodeResources(node, errors);
  const cidrs = node.spec?.podCIDRs ?? [];
  const at = Path.of('spec', 'podCIDRs');
  for (const [index, cidr] of cidrs.entries()) checkCidr(cidr, at.index(index), errors);
  if (cidrs.length < 2) return;
  if (cidrs.length > 2 || new Set(cidrs.map((cidr) => parseCidr(cidr)?.family)).size < 2) {
    errors.push(invalid(at, cidrs, 'may specify no more than one CIDR for each IP family'));
  }
  for (const [index, cidr] of cidrs.entries()) if (cidrs.indexOf(cidr) < index) errors.push(duplicate(at.index(index), cidr));
}

/** The path is upstream's, though taints stand in the specification. */
function validateTaints(taints: readonly Taint[], errors: Errors): void {
  const seen = new Set<string>();
  for (const [index, taint] of taints.entries()) {
    const at = metadataPath.child('taints').index(index);
    const { key = '', value = '', effect = '' } = taint;
    checkQualifiedName(key, at.child('key'), errors);
    const problems = labelValueProblems(value);
    if (problems.length > 0) errors.push(invalid(at.child('value'), value, problems.join(';')));
    checkTaintEffect(effect, false, at.child('effect'), errors);
    const pair = `${effect}/${key}`;
    if (seen.has(pair)) errors.push({ ...duplicate(at, taint), detail: 'taints must be unique by key and effect pair' });
    seen.add(pair);
  }
}

function validateNodeResources({ status }: Node, errors: Errors): void {
  for (const list of ['capacity', 'allocatable'] as const) {
    for (const [name, amount] of sortedEntries(status?.[list])) checkResourceQuantity(name, amount, Path.of('status', list, name), errors);
  }
}

export function validateNodeUpdate(node: Node, old: Node, errors: Errors): void {
  validateNodeResources(node, errors);
  const addresses = node.status?.addresses ?? [];
  for (const [index, address] of addresses.entries()) {
    if (addresses.findIndex((other) => semanticEqual(other, address)) < index) {
      errors.push(duplicate(Path.of('status', 'addresses').index(index), address));
    }
  }
  const fixed = errors.length;
  const oldCidrs = old.spec?.podCIDRs ?? [];
  if (oldCidrs.length > 0 && !semanticEqual(oldCidrs, node.spec?.podCIDRs)) {
    errors.push(forbidden(Path.of('spec', 'podCIDRs'), 'node updates may not change podCIDR except from "" to valid'));
  }
  if ((old.spec?.providerID ?? '') !== '' && old.spec?.providerID !== node.spec?.providerID) {
    errors.push(forbidden(Path.of('spec', 'providerID'), 'node updates may not change providerID except from "" to valid'));
  }
  const isFixed = errors.length > fixed;
  validateTaints(node.spec?.taints ?? [], errors);
  const isRenamed = (node.spec?.externalID ?? '') !== (old.spec?.externalID ?? '');
  if (isRenamed) errors.push(forbidden(Path.of('spec', 'externalID'), 'may not be updated'));
  if (!isFixed && !isRenamed && semanticEqual(node.spec?.configSource, old.spec?.configSource)) return;
  // Upstream has no field to name here, and writes it like this.
  errors.push({ ...forbidden(Path.of('spec'), 'node updates may only change labels, taints, or capacity'), field: '[]' });
}
