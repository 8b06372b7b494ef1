import type { EndpointAddress, EndpointPort, Endpoints, Service, ServicePort, ServiceSpec } from '../generated/types/core/v1.ts';
import { dns1123SubdomainProblems, ipFamilyOf, parseIp, specialIpProblems } from '../names/index.ts';
import {
  checkCidr,
  checkDnsLabel,
  checkDnsSubdomain,
  checkIp,
  checkOneOf,
  checkOptionalOneOf,
  checkPort,
  checkPortNumber,
  checkQualifiedName,
  type Errors,
  reportInvalid,
} from './checks.ts';
import { duplicate, forbidden, invalid, notSupported, required } from './field-error.ts';
import { inGo, servicePortType } from './internal-types.ts';
import { nameIsDnsSubdomain } from './name-rules.ts';
import { metadataPath, validateLabels } from './object-meta.ts';
import { Path } from './path.ts';
import { protocols } from './pod/containers.ts';

/** Services and Endpoints of `pkg/apis/core/validation`. */

const specPath = Path.of('spec');
const maxAffinitySeconds = 86400;

function isHeadless({ clusterIPs }: ServiceSpec): boolean {
  return clusterIPs?.length === 1 && clusterIPs[0] === 'None';
}

export function validateService(service: Service, errors: Errors): void {
  const spec = service.spec ?? {};
  const annotations = service.metadata?.annotations;
  const mode = annotations?.['service.kubernetes.io/topology-mode'];
  const hints = annotations?.['service.kubernetes.io/topology-aware-hints'];
  if (mode !== undefined && hints !== undefined && mode !== hints) {
    const at = metadataPath.child('annotations').key('service.kubernetes.io/topology-mode');
    errors.push(invalid(at, mode, 'must match annotations[service.kubernetes.io/topology-aware-hints] when both are specified'));
  }
  const { type = '', ports = [] } = spec;
  if (ports.length === 0 && !isHeadless(spec) && type !== 'ExternalName') errors.push(required(specPath.child('ports')));
  validateType(spec, errors);
  const names = new Set<string>();
  for (const [index, port] of ports.entries()) validatePort(port, ports.length > 1, names, specPath.child('ports').index(index), errors);
  validateLabels(spec.selector, specPath.child('selector'), errors);
  validateAffinity(spec, errors);
  validateClusterIPs(spec, errors);
  for (const [index, ip] of (spec.externalIPs ?? []).entries()) {
    const at = specPath.child('externalIPs').index(index);
    if (parseIp(ip) === undefined) checkIp(ip, at, errors);
    else reportInvalid(specialIpProblems(ip), ip, at, errors);
  }
  checkOneOf(type, ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'], specPath.child('type'), errors);
  validatePortUniqueness(ports, type, errors);
  validateLoadBalancerFields(service, spec, errors);
  validateLoadBalancerClass(spec, errors);
  validateTrafficPolicies(spec, errors);
}

function validateType(spec: ServiceSpec, errors: Errors): void {
  const { type } = spec;
  if ((type === 'LoadBalancer' || type === 'NodePort') && isHeadless(spec)) {
    errors.push(invalid(specPath.child('clusterIPs').index(0), 'None', `may not be set to 'None' for ${type} services`));
  }
  if (type !== 'ExternalName') return;
  for (const field of ['clusterIPs', 'ipFamilies'] as const) {
    if ((spec[field]?.length ?? 0) > 0) errors.push(forbidden(specPath.child(field), 'may not be set for ExternalName services'));
  }
  if (spec.ipFamilyPolicy !== undefined) {
    errors.push(forbidden(specPath.child('ipFamilyPolicy'), 'may not be set for ExternalName services'));
  }
  const name = (spec.externalName ?? '').replace(/\.$/, '');
  if (name === '') errors.push(required(specPath.child('externalName')));
  else checkDnsSubdomain(name, specPath.child('externalName'), errors);
}

function validatePort(port: ServicePort, nameRequired: boolean, names: Set<string>, path: Path, errors: Errors): void {
  const { name = '' } = port;
  if (name !== '') {
    checkDnsLabel(name, path.child('name'), errors);
    if (names.has(name)) errors.push(duplicate(path.child('name'), name));
    else names.add(name);
  } else if (nameRequired) errors.push(required(path.child('name')));
  checkPortNumber(port.port ?? 0, path.child('port'), errors);
  checkOneOf(port.protocol, protocols, path.child('protocol'), errors);
  checkPort(port.targetPort, path.child('targetPort'), errors);
  if (port.appProtocol !== undefined) checkQualifiedName(port.appProtocol, path.child('appProtocol'), errors);
}

function validateAffinity({ sessionAffinity = '', sessionAffinityConfig }: ServiceSpec, errors: Errors): void {
  checkOneOf(sessionAffinity, ['ClientIP', 'None'], specPath.child('sessionAffinity'), errors);
  const at = specPath.child('sessionAffinityConfig');
  if (sessionAffinity === 'ClientIP') {
    const detail = 'when session affinity type is ClientIP';
    const timeout = sessionAffinityConfig?.clientIP?.timeoutSeconds;
    if (sessionAffinityConfig === undefined) errors.push(required(at, detail));
    else if (sessionAffinityConfig.clientIP === undefined) errors.push(required(at.child('clientIP'), detail));
    else if (timeout === undefined) errors.push(required(at.child('clientIP', 'timeoutSeconds'), detail));
    else if (timeout <= 0 || timeout > maxAffinitySeconds) {
      const range = `must be greater than 0 and less than ${maxAffinitySeconds}`;
      errors.push(invalid(at.child('clientIP', 'timeoutSeconds'), timeout, range));
    }
  } else if (sessionAffinity === 'None' && sessionAffinityConfig !== undefined) {
    errors.push(forbidden(at, 'must not be set when session affinity is None'));
  }
}

/** Addresses and families must go together. Exported because addresses are allocated between two such checks. */
export function validateClusterIPs(spec: ServiceSpec, errors: Errors): void {
  if (spec.type === 'ExternalName') return;
  const { clusterIP = '', clusterIPs = [], ipFamilies = [], ipFamilyPolicy } = spec;
  const at = specPath.child('clusterIPs');
  if (clusterIP === '') {
    if (clusterIPs.length > 0) errors.push(invalid(at, clusterIPs, 'must be empty when `clusterIP` is not specified'));
  } else if (clusterIPs.length === 0) errors.push(required(at));
  else if (clusterIPs[0] !== clusterIP) errors.push(invalid(at, clusterIPs, 'first value must match `clusterIP`'));
  for (const [index, family] of ipFamilies.entries()) {
    const familyPath = specPath.child('ipFamilies').index(index);
    checkOptionalOneOf(family, ['IPv4', 'IPv6'], familyPath, errors);
    if (ipFamilies.indexOf(family) < index) errors.push(duplicate(familyPath, family));
  }
  checkOptionalOneOf(ipFamilyPolicy, ['PreferDualStack', 'RequireDualStack', 'SingleStack'], specPath.child('ipFamilyPolicy'), errors);
  let sound = true;
  for (const [index, ip] of clusterIPs.entries()) {
    if (index === 0 && ip === 'None') {
      if (clusterIPs.length === 1) continue;
      sound = false;
      errors.push(invalid(at, clusterIPs, "'None' must be the first and only value"));
      continue;
    }
    if (parseIp(ip) === undefined) sound = false;
    checkIp(ip, at.index(index), errors);
  }
  if (clusterIPs.length > 2) errors.push(invalid(at, clusterIPs, 'may only hold up to 2 values'));
  if (!sound) return;
  if (clusterIPs.length > 1 && new Set(clusterIPs.map(ipFamilyOf)).size < 2) {
    errors.push(invalid(at, clusterIPs, 'may specify no more than one IP for each IP family'));
  }
  if (isHeadless(spec)) return;
  for (const [index, family] of ipFamilies.entries()) {
    const ip = clusterIPs[index];
    if (ip !== undefined && (family === 'IPv4' || family === 'IPv6') && ipFamilyOf(ip) !== family) {
      errors.push(invalid(at.index(index), ip, `expected an ${family} value as indicated by \`ipFamilies[${index}]\``));
    }
  }
}

function validatePortUniqueness(ports: readonly ServicePort[], type: string, errors: Errors): void {
  const at = specPath.child('ports');
  if (type === 'ClusterIP') {
    for (const [index, { nodePort = 0 }] of ports.entries()) {
      if (nodePort !== 0) errors.push(forbidden(at.index(index).child('nodePort'), "may not be used when `type` is 'ClusterIP'"));
    }
  }
  const nodePorts = new Set<string>();
  for (const [index, { protocol, nodePort = 0 }] of ports.entries()) {
    if (nodePort === 0) continue;
    const key = `${protocol}/${nodePort}`;
    if (nodePorts.has(key)) errors.push(duplicate(at.index(index).child('nodePort'), nodePort));
    nodePorts.add(key);
  }
  const seen = new Set<string>();
  for (const [index, { protocol, port }] of ports.entries()) {
    const key = `${protocol}/${port}`;
    if (seen.has(key)) errors.push(duplicate(at.index(index), inGo(servicePortType, { protocol, port })));
    seen.add(key);
  }
}

const sourceRangesAnnotation = 'service.beta.kubernetes.io/load-balancer-source-ranges';
const loadBalancerOnly = "may only be used when `type` is 'LoadBalancer'";

function validateLoadBalancerFields({ metadata }: Service, spec: ServiceSpec, errors: Errors): void {
  const isLoadBalancer = spec.type === 'LoadBalancer';
  const ranges = spec.loadBalancerSourceRanges ?? [];
  const annotation = metadata?.annotations?.[sourceRangesAnnotation];
  if (ranges.length > 0) {
    const at = specPath.child('LoadBalancerSourceRanges');
    if (!isLoadBalancer) errors.push(forbidden(at, loadBalancerOnly));
    for (const [index, range] of ranges.entries()) checkCidr(range.trim(), at.index(index), errors);
  } else if (annotation !== undefined) {
    const at = metadataPath.child('annotations').key(sourceRangesAnnotation);
    if (!isLoadBalancer) errors.push(forbidden(at, loadBalancerOnly));
    if (annotation.trim() !== '') for (const range of annotation.split(',')) checkCidr(range.trim(), at, errors);
  }
  if (spec.allocateLoadBalancerNodePorts !== undefined && !isLoadBalancer) {
    errors.push(forbidden(specPath.child('allocateLoadBalancerNodePorts'), loadBalancerOnly));
  }
  if (spec.allocateLoadBalancerNodePorts === undefined && isLoadBalancer) errors.push(required(Path.of('allocateLoadBalancerNodePorts')));
}

function validateLoadBalancerClass({ type, loadBalancerClass }: ServiceSpec, errors: Errors): void {
  if (loadBalancerClass === undefined) return;
  const at = specPath.child('loadBalancerClass');
  if (type === 'LoadBalancer') checkQualifiedName(loadBalancerClass, at, errors);
  else errors.push(forbidden(at, loadBalancerOnly));
}

function validateTrafficPolicies(spec: ServiceSpec, errors: Errors): void {
  const { type, externalTrafficPolicy = '', internalTrafficPolicy, healthCheckNodePort = 0, trafficDistribution } = spec;
  const external = type === 'LoadBalancer' || type === 'NodePort' || (type === 'ClusterIP' && (spec.externalIPs?.length ?? 0) > 0);
  const externalPath = specPath.child('externalTrafficPolicy');
  if (external) checkOneOf(externalTrafficPolicy, ['Cluster', 'Local'], externalPath, errors);
  else if (externalTrafficPolicy !== '') {
    errors.push(invalid(externalPath, externalTrafficPolicy, 'may only be set for externally-accessible services'));
  }
  const healthPath = specPath.child('healthCheckNodePort');
  if (type === 'LoadBalancer' && externalTrafficPolicy === 'Local') {
    if (healthCheckNodePort === 0) errors.push(required(healthPath));
    else checkPortNumber(healthCheckNodePort, healthPath, errors);
  } else if (healthCheckNodePort !== 0) {
    const detail = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
    errors.push(invalid(healthPath, healthCheckNodePort, detail));
  }
  const internalPath = specPath.child('internalTrafficPolicy');
  if (internalTrafficPolicy === undefined) {
    if (type === 'NodePort' || type === 'LoadBalancer' || type === 'ClusterIP') errors.push(required(internalPath));
  } else checkOptionalOneOf(internalTrafficPolicy, ['Cluster', 'Local'], internalPath, errors);
  checkOptionalOneOf(
    trafficDistribution,
    ['PreferClose', 'PreferSameZone', 'PreferSameNode'],
    specPath.child('trafficDistribution'),
    errors,
  );
}

export function validateServiceUpdate(service: Service, old: Service, errors: Errors): void {
  const spec = service.spec ?? {};
  const before = old.spec ?? {};
  if (spec.type !== 'ExternalName' && before.type !== 'ExternalName') {
    validateAddressChange(spec, before, errors);
    if (!isHeadless(spec) && !isHeadless(before)) validateFamilyChange(spec, before, errors);
  }
  if (spec.type === 'LoadBalancer' && before.type === 'LoadBalancer' && spec.loadBalancerClass !== before.loadBalancerClass) {
    errors.push(invalid(specPath.child('loadBalancerClass'), spec.loadBalancerClass, 'may not change once set'));
  }
  validateLoadBalancerClass(spec, errors);
  const needsHealthCheck = (each: ServiceSpec): boolean => each.type === 'LoadBalancer' && each.externalTrafficPolicy === 'Local';
  if (needsHealthCheck(spec) && needsHealthCheck(before) && spec.healthCheckNodePort !== before.healthCheckNodePort) {
    errors.push(forbidden(specPath.child('healthCheckNodePort'), 'field is immutable'));
  }
  validateService(service, errors);
}

function validateAddressChange(spec: ServiceSpec, before: ServiceSpec, errors: Errors): void {
  if (isHeadless(spec) && isHeadless(before)) return;
  const { clusterIPs = [] } = spec;
  const { clusterIPs: old = [] } = before;
  const first = specPath.child('clusterIPs').index(0);
  if (old.length === clusterIPs.length) {
    for (const [index, ip] of old.entries()) {
      if (ip !== clusterIPs[index]) {
        errors.push(invalid(specPath.child('clusterIPs').index(index), clusterIPs, 'may not change once set'));
      }
    }
    return;
  }
  if (clusterIPs.length === 0) errors.push(invalid(first, null, 'primary clusterIP can not be unset'));
  else if (old.length > 0 && clusterIPs[0] !== old[0]) errors.push(invalid(first, clusterIPs, 'may not change once set'));
  if (clusterIPs.length === 1 && old.length > 1 && spec.ipFamilyPolicy !== 'SingleStack') {
    const detail = "must be set to 'SingleStack' when releasing the secondary clusterIP";
    errors.push(invalid(specPath.child('ipFamilyPolicy'), spec.ipFamilyPolicy, detail));
  }
}

function validateFamilyChange(spec: ServiceSpec, before: ServiceSpec, errors: Errors): void {
  const { ipFamilies = [] } = spec;
  const { ipFamilies: old = [] } = before;
  const at = specPath.child('ipFamilies').index(0);
  if (old.length === ipFamilies.length) {
    for (const [index, family] of old.entries()) {
      if (family !== ipFamilies[index]) errors.push(invalid(at, ipFamilies, 'may not change once set'));
    }
    return;
  }
  if (ipFamilies.length < old.length && (spec.clusterIPs?.length ?? 0) === 0) {
    errors.push(invalid(at, ipFamilies.length === 0 ? null : ipFamilies, 'primary ipFamily can not be unset'));
  }
  if (ipFamilies.length > 0 && old.length > 0 && ipFamilies[0] !== old[0]) {
    errors.push(invalid(at, spec.clusterIPs, 'may not change once set'));
  }
  if (ipFamilies.length === 1 && old.length > 1 && spec.ipFamilyPolicy !== 'SingleStack') {
    const detail = "must be set to 'SingleStack' when releasing the secondary ipFamily";
    errors.push(invalid(specPath.child('ipFamilyPolicy'), spec.ipFamilyPolicy, detail));
  }
}

export function validateServiceStatus({ spec, status }: Service, errors: Errors): void {
  const at = Path.of('status', 'loadBalancer', 'ingress');
  const ingress = status?.loadBalancer?.ingress ?? [];
  if (spec?.type !== 'LoadBalancer' && ingress.length > 0) {
    errors.push(forbidden(at, "may only be used when `spec.type` is 'LoadBalancer'"));
    return;
  }
  for (const [index, { ip = '', ipMode, hostname = '' }] of ingress.entries()) {
    if (ip !== '') checkIp(ip, at.index(index).child('ip'), errors);
    const modePath = at.index(index).child('ipMode');
    if (ipMode === undefined) {
      if (ip !== '') errors.push(required(modePath, 'must be specified when `ip` is set'));
    } else if (ip === '') errors.push(forbidden(modePath, 'may not be specified when `ip` is not set'));
    else if (ipMode !== 'Proxy' && ipMode !== 'VIP') errors.push(notSupported(modePath, ipMode, ['Proxy', 'VIP']));
    if (hostname === '') continue;
    reportInvalid(dns1123SubdomainProblems(hostname), hostname, at.index(index).child('hostname'), errors);
    if (parseIp(hostname) !== undefined) {
      errors.push(invalid(at.index(index).child('hostname'), hostname, 'must be a DNS name, not an IP address'));
    }
  }
}

export function validateEndpoints({ subsets = [] }: Endpoints, errors: Errors): void {
  for (const [index, { addresses = [], notReadyAddresses = [], ports = [] }] of subsets.entries()) {
    const at = Path.of('subsets').index(index);
    if (addresses.length === 0 && notReadyAddresses.length === 0) {
      errors.push(required(at, 'must specify `addresses` or `notReadyAddresses`'));
    }
    for (const [each, address] of addresses.entries()) validateEndpointAddress(address, at.child('addresses').index(each), errors);
    for (const [each, address] of notReadyAddresses.entries()) {
      validateEndpointAddress(address, at.child('notReadyAddresses').index(each), errors);
    }
    for (const [each, port] of ports.entries()) validateEndpointPort(port, ports.length > 1, at.child('ports').index(each), errors);
  }
}

function validateEndpointAddress({ ip = '', hostname = '', nodeName }: EndpointAddress, path: Path, errors: Errors): void {
  checkIp(ip, path.child('ip'), errors);
  if (hostname !== '') checkDnsLabel(hostname, path.child('hostname'), errors);
  if (nodeName !== undefined) reportInvalid(nameIsDnsSubdomain(nodeName, false), nodeName, path.child('nodeName'), errors);
  reportInvalid(specialIpProblems(ip), ip, path.child('ip'), errors);
}

function validateEndpointPort(port: EndpointPort, nameRequired: boolean, path: Path, errors: Errors): void {
  const { name = '' } = port;
  if (name !== '') checkDnsLabel(name, path.child('name'), errors);
  else if (nameRequired) errors.push(required(path.child('name')));
  checkPortNumber(port.port ?? 0, path.child('port'), errors);
  checkOneOf(port.protocol, protocols, path.child('protocol'), errors);
  if (port.appProtocol !== undefined) checkQualifiedName(port.appProtocol, path.child('appProtocol'), errors);
}
