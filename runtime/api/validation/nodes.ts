import type { Namespace, Node, NodeConfigSource, Taint } from '../generated/types/core/v1.ts';
import { goJsonError } from '../go-json-error.ts';
import { configMapKeyProblems, labelValueProblems, parseCidr } from '../names/index.ts';
import { checkCidr, checkQualifiedName, type Errors, notPositiveMessage, reportInvalid, sortedEntries } from './checks.ts';
import { semanticEqual } from './equality.ts';
import { duplicate, forbidden, invalid, required } from './field-error.ts';
import { inGo, nodeAddressType, nodeConfigSourceType, taintType } from './internal-types.ts';
import { nameIsDnsLabel, nameIsDnsSubdomain } from './name-rules.ts';
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

const taintsAnnotation = 'scheduler.alpha.kubernetes.io/taints';

const avoidedPodsAnnotation = 'scheduler.alpha.kubernetes.io/preferAvoidPods';

interface AvoidedPods {
  readonly preferAvoidPods?: readonly { readonly podSignature?: { readonly podController?: { readonly controller?: boolean } } }[];
}

/** Taints of old and pods to keep away, which stood in annotations. */
function validateNodeAnnotations({ metadata }: Node, errors: Errors): void {
  const at = metadataPath.child('annotations');
  const taints = annotated(metadata?.annotations, taintsAnnotation, at, errors);
  if (Array.isArray(taints)) validateTaints(taints as readonly Taint[], at.child(taintsAnnotation), errors);
  const avoided = annotated(metadata?.annotations, avoidedPodsAnnotation, at.child('AvoidPods'), errors) as AvoidedPods | undefined;
  for (const [index, entry] of (avoided?.preferAvoidPods ?? []).entries()) {
    const signature = at.child(avoidedPodsAnnotation).index(index).child('PodSignature');
    const controller = entry.podSignature?.podController;
    if (controller === undefined) errors.push(required(signature));
    else if (controller.controller !== true) {
      errors.push(invalid(signature.child('PodController', 'Controller'), false, 'must point to a controller'));
    }
  }
}

/** What stands in an annotation as JSON. */
function annotated(annotations: Readonly<Record<string, string>> | undefined, key: string, path: Path, errors: Errors): unknown {
  const text = annotations?.[key] ?? '';
  if (text === '') return undefined;
  const problem = goJsonError(text);
  if (problem === undefined) return JSON.parse(text);
  errors.push(invalid(path, key, problem));
  return undefined;
}

export function validateNode(node: Node, errors: Errors): void {
  validateNodeAnnotations(node, errors);
  validateTaints(node.spec?.taints ?? [], metadataPath.child('taints'), errors);
  validateNodeResources(node, errors);
  const swap = node.status?.nodeInfo?.swap?.capacity;
  if (swap !== undefined && swap <= 0) errors.push(invalid(metadataPath.child('nodeSwapStatus', 'capacity'), swap, notPositiveMessage));
  validateDeclaredFeatures(node.status?.declaredFeatures ?? [], errors);
  const cidrs = node.spec?.podCIDRs ?? [];
  const at = Path.of('spec', 'podCIDRs');
  for (const [index, cidr] of cidrs.entries()) checkCidr(cidr, at.index(index), errors);
  if (cidrs.length < 2) return;
  if (cidrs.length > 2 || new Set(cidrs.map((cidr) => parseCidr(cidr)?.family)).size < 2) {
    errors.push(invalid(at, cidrs, 'may specify no more than one CIDR for each IP family'));
  }
}

const maxFeatureLength = 253;

function validateDeclaredFeatures(features: readonly string[], errors: Errors): void {
  for (const [index, feature] of features.entries()) {
    const at = Path.of('status', 'declaredFeatures').index(index);
    const problem = featureNameProblem(feature);
    if (problem !== undefined) errors.push(invalid(at, feature, `invalid feature name ${JSON.stringify(feature)}: ${problem}`));
    const before = features[index - 1];
    if (before === feature) errors.push(duplicate(at, feature));
    else if (before !== undefined && before > feature) errors.push(invalid(at, feature, 'list must be sorted alphabetically'));
  }
}

function featureNameProblem(feature: string): string | undefined {
  if (feature.length > maxFeatureLength) return `must be no more than ${maxFeatureLength} characters`;
  if (/^[A-Z][a-zA-Z0-9]*(\/[a-zA-Z][a-zA-Z0-9]*)*$/.test(feature)) return undefined;
  const examples = '(e.g., MyFeature or MyFeature/mySubFeature)';
  return `must start with an UpperCamelCase segment, with subsequent segments separated by '/' ${examples}, and contain only alphanumeric characters and slashes`;
}

/** The path is upstream's, though taints stand in the specification. */
function validateTaints(taints: readonly Taint[], path: Path, errors: Errors): void {
  const seen = new Set<string>();
  for (const [index, taint] of taints.entries()) {
    const at = path.index(index);
    const { key = '', value = '', effect = '' } = taint;
    checkQualifiedName(key, at.child('key'), errors);
    const problems = labelValueProblems(value);
    if (problems.length > 0) errors.push(invalid(at.child('value'), value, problems.join(';')));
    checkTaintEffect(effect, false, at.child('effect'), errors);
    const pair = `${effect}/${key}`;
    if (seen.has(pair)) errors.push({ ...duplicate(at, inGo(taintType, taint)), detail: 'taints must be unique by key and effect pair' });
    seen.add(pair);
  }
}

function validateNodeResources({ status }: Node, errors: Errors): void {
  for (const list of ['capacity', 'allocatable'] as const) {
    for (const [name, amount] of sortedEntries(status?.[list])) checkResourceQuantity(name, amount, Path.of('status', list, name), errors);
  }
}

const podCidrDetail = 'node updates may not change podCIDR except from "" to valid';

/** A change of the node itself, which has to be sound as a new one. */
export function validateNodeReplacement(node: Node, old: Node, errors: Errors): void {
  validateNode(node, errors);
  validateNodeUpdate(node, old, errors);
}

export function validateNodeUpdate(node: Node, old: Node, errors: Errors): void {
  validateNodeAnnotations(node, errors);
  validateNodeResources(node, errors);
  validateDeclaredFeatures(node.status?.declaredFeatures ?? [], errors);
  const addresses = node.status?.addresses ?? [];
  for (const [index, address] of addresses.entries()) {
    if (addresses.findIndex((other) => semanticEqual(other, address)) < index) {
      errors.push(duplicate(Path.of('status', 'addresses').index(index), inGo(nodeAddressType, address)));
    }
  }
  const cidrs = node.spec?.podCIDRs ?? [];
  const oldCidrs = old.spec?.podCIDRs ?? [];
  if (oldCidrs.length > 0) {
    const changes = oldCidrs.length === cidrs.length ? oldCidrs.filter((cidr, index) => cidr !== cidrs[index]).length : 1;
    for (let change = 0; change < changes; change++) errors.push(forbidden(Path.of('spec', 'podCIDRs'), podCidrDetail));
  }
  if ((old.spec?.providerID ?? '') !== '' && old.spec?.providerID !== node.spec?.providerID) {
    errors.push(forbidden(Path.of('spec', 'providerID'), 'node updates may not change providerID except from "" to valid'));
  }
  validateConfiguration(node, errors);
  validateTaints(node.spec?.taints ?? [], metadataPath.child('taints'), errors);
  if ((node.spec?.externalID ?? '') !== (old.spec?.externalID ?? '')) {
    errors.push(forbidden(Path.of('spec', 'externalID'), 'may not be updated'));
  }
}

/** Where a node's kubelet was once told its configuration. Nothing uses it, but it must make sense. */
function validateConfiguration({ spec, status }: Node, errors: Errors): void {
  if (spec?.configSource !== undefined) validateConfigSource(spec.configSource, false, Path.of('spec', 'configSource'), errors);
  for (const part of ['assigned', 'active', 'lastKnownGood'] as const) {
    const source = status?.config?.[part];
    if (source !== undefined) validateConfigSource(source, true, Path.of('status', 'config', part), errors);
  }
}

function validateConfigSource(source: NodeConfigSource, inStatus: boolean, path: Path, errors: Errors): void {
  const { configMap } = source;
  if (configMap === undefined) {
    errors.push(invalid(path, inGo(nodeConfigSourceType, source), 'exactly one reference subfield must be non-nil'));
    return;
  }
  const at = path.child('configMap');
  for (const field of ['uid', 'resourceVersion'] as const) {
    const isSet = (configMap[field] ?? '') !== '';
    if (inStatus && !isSet) errors.push(required(at.child(field), `${field} must be set in status`));
    if (!inStatus && isSet) errors.push(forbidden(at.child(field), `${field} must not be set in spec`));
  }
  const check = (field: 'namespace' | 'name' | 'kubeletConfigKey', problemsOf: (text: string) => readonly string[]): void => {
    const value = configMap[field] ?? '';
    if (value === '') errors.push(required(at.child(field), `${field} must be set`));
    else reportInvalid(problemsOf(value), value, at.child(field), errors);
  };
  check('namespace', (name) => nameIsDnsLabel(name, false));
  check('name', (name) => nameIsDnsSubdomain(name, false));
  check('kubeletConfigKey', configMapKeyProblems);
}
