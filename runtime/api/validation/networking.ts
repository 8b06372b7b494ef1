import type {
  HTTPIngressPath,
  Ingress,
  IngressBackend,
  IngressClass,
  IngressRule,
  IngressServiceBackend,
  IngressSpec,
  IPBlock,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
} from '../generated/types/networking/v1.ts';
import {
  byteLength,
  cidrContains,
  dns1123LabelProblems,
  dns1123SubdomainProblems,
  parseCidr,
  parseIp,
  portNameProblems,
  wildcardDns1123SubdomainProblems,
} from '../names/index.ts';
import {
  checkCidr,
  checkImmutableText,
  checkIp,
  checkPathSegment,
  checkPortNumber,
  checkRequired,
  type Errors,
  reportInvalid,
} from './checks.ts';
import { checkDomainPrefixedPath } from './domain-prefixed-path.ts';
import { forbidden, invalid, notSupported, required, tooLong } from './field-error.ts';
import { validateLabelSelector } from './label-selector.ts';
import { nameIsDnsLabel, nameIsDnsSubdomain } from './name-rules.ts';
import { Path } from './path.ts';
import { protocols } from './pod/containers.ts';

/** `pkg/apis/networking/validation` */

const specPath = Path.of('spec');
const classAnnotation = 'kubernetes.io/ingress.class';

export function validateIngressCreate(ingress: Ingress, errors: Errors): void {
  validateIngress(ingress, errors);
  const annotation = ingress.metadata?.annotations?.[classAnnotation];
  const className = ingress.spec?.ingressClassName;
  if (annotation !== undefined && className !== undefined && annotation !== className) {
    const at = Path.of('annotations').child(classAnnotation);
    errors.push(invalid(at, annotation, 'must match `ingressClassName` when both are specified'));
  }
}

export function validateIngress({ spec = {} }: Ingress, errors: Errors): void {
  const { rules, defaultBackend, ingressClassName } = spec;
  if ((rules?.length ?? 0) === 0 && defaultBackend === undefined) {
    errors.push(invalid(specPath, rules, 'either `defaultBackend` or `rules` must be specified'));
  }
  if (defaultBackend !== undefined) validateBackend(defaultBackend, specPath.child('defaultBackend'), errors);
  for (const [index, rule] of (rules ?? []).entries()) validateRule(rule, specPath.child('rules').index(index), errors);
  validateTls(spec, specPath.child('tls'), errors);
  if (ingressClassName !== undefined) {
    reportInvalid(nameIsDnsSubdomain(ingressClassName, false), ingressClassName, specPath.child('ingressClassName'), errors);
  }
}

function hostProblems(host: string): readonly string[] {
  return host.includes('*') ? wildcardDns1123SubdomainProblems(host) : dns1123SubdomainProblems(host);
}

function validateTls({ tls }: IngressSpec, path: Path, errors: Errors): void {
  for (const [index, { hosts = [], secretName = '' }] of (tls ?? []).entries()) {
    for (const [each, host] of hosts.entries())
      reportInvalid(hostProblems(host), host, path.index(index).child('hosts').index(each), errors);
    if (secretName !== '') reportInvalid(nameIsDnsSubdomain(secretName, false), secretName, path.index(index).child('secretName'), errors);
  }
}

function validateRule({ host = '', http }: IngressRule, path: Path, errors: Errors): void {
  if (host !== '') {
    if (parseIp(host) !== undefined) errors.push(invalid(path.child('host'), host, 'must be a DNS name, not an IP address'));
    reportInvalid(hostProblems(host), host, path.child('host'), errors);
  }
  if (http === undefined) return;
  const paths = http.paths ?? [];
  if (paths.length === 0) errors.push(required(path.child('http', 'paths')));
  for (const [index, each] of paths.entries()) validateHttpPath(each, path.child('http', 'paths').index(index), errors);
}

const pathTypes = ['Exact', 'ImplementationSpecific', 'Prefix'];
const badSequences = ['//', '/./', '/../', '%2f', '%2F'];
const badSuffixes = ['/..', '/.'];

function validateHttpPath({ path: target = '', pathType, backend }: HTTPIngressPath, path: Path, errors: Errors): void {
  const at = path.child('path');
  switch (pathType) {
    case undefined:
      errors.push(required(path.child('pathType'), 'pathType must be specified'));
      return;
    case 'Exact':
    case 'Prefix':
      if (!target.startsWith('/')) errors.push(invalid(at, target, 'must be an absolute path'));
      for (const sequence of badSequences)
        if (target.includes(sequence)) errors.push(invalid(at, target, `must not contain '${sequence}'`));
      for (const suffix of badSuffixes) if (target.endsWith(suffix)) errors.push(invalid(at, target, `cannot end with '${suffix}'`));
      break;
    case 'ImplementationSpecific':
      if (target !== '' && !target.startsWith('/')) errors.push(invalid(at, target, 'must be an absolute path'));
      break;
    default:
      errors.push(notSupported(path.child('pathType'), pathType, pathTypes));
  }
  validateBackend(backend ?? {}, path.child('backend'), errors);
}

function validateBackend({ service, resource }: IngressBackend, path: Path, errors: Errors): void {
  if (resource !== undefined && service !== undefined) errors.push(invalid(path, '', 'cannot set both resource and service backends'));
  else if (resource !== undefined) validateReference(resource, path.child('resource'), errors);
  else if (service !== undefined) validateServiceBackend(service, path, errors);
  else errors.push(invalid(path, '', 'resource or service backend is required'));
}

function validateReference(
  { apiGroup, kind = '', name = '' }: { readonly apiGroup?: string | null; readonly kind?: string; readonly name?: string },
  path: Path,
  errors: Errors,
): void {
  // Null as it is stored.
  if (apiGroup !== undefined && apiGroup !== null)
    reportInvalid(dns1123SubdomainProblems(apiGroup), apiGroup, path.child('apiGroup'), errors);
  for (const [field, value] of Object.entries({ kind, name })) {
    if (value === '') errors.push(required(path.child(field)));
    else checkPathSegment(value, path.child(field), errors);
  }
}

function validateServiceBackend({ name = '', port }: IngressServiceBackend, path: Path, errors: Errors): void {
  const at = path.child('service');
  if (name === '') errors.push(required(at.child('name')));
  else reportInvalid(dns1123LabelProblems(name), name, at.child('name'), errors);
  const { name: portName = '', number = 0 } = port ?? {};
  if (portName !== '' && number !== 0) errors.push(invalid(path, '', 'cannot set both port name & port number'));
  else if (portName !== '') reportInvalid(portNameProblems(portName), portName, at.child('port', 'name'), errors);
  else if (number !== 0) checkPortNumber(number, at.child('port', 'number'), errors);
  else errors.push(required(path, 'port name or number is required'));
}

export function validateIngressStatus({ status }: Ingress, _old: Ingress, errors: Errors): void {
  for (const [index, { ip = '', hostname = '' }] of (status?.loadBalancer?.ingress ?? []).entries()) {
    const at = Path.of('status', 'loadBalancer', 'ingress').index(index);
    if (ip !== '') checkIp(ip, at.child('ip'), errors);
    if (hostname === '') continue;
    reportInvalid(dns1123SubdomainProblems(hostname), hostname, at.child('hostname'), errors);
    if (parseIp(hostname) !== undefined) errors.push(invalid(at.child('hostname'), hostname, 'must be a DNS name, not an IP address'));
  }
}

const maxController = 250;

export function validateIngressClass({ spec }: IngressClass, errors: Errors): void {
  const controller = spec?.controller ?? '';
  const at = specPath.child('controller');
  if (controller === '') errors.push(required(at));
  else {
    if (byteLength(controller) > maxController) errors.push(tooLong(at, maxController));
    checkDomainPrefixedPath(controller, at, errors);
  }
  const parameters = spec?.parameters;
  if (parameters === undefined) return;
  const { scope, namespace } = parameters;
  const path = specPath.child('parameters');
  validateReference(parameters, path, errors);
  if (scope === undefined) errors.push(required(path.child('scope')));
  else if (scope !== 'Cluster' && scope !== 'Namespace') errors.push(notSupported(path.child('scope'), scope, ['Cluster', 'Namespace']));
  if (scope === 'Namespace') {
    if (namespace === undefined) errors.push(required(path.child('namespace'), "`parameters.scope` is set to 'Namespace'"));
    else reportInvalid(nameIsDnsLabel(namespace, false), namespace, path.child('namespace'), errors);
  } else if (scope === 'Cluster' && namespace !== undefined) {
    errors.push(forbidden(path.child('namespace'), "`parameters.scope` is set to 'Cluster'"));
  }
}

export function validateIngressClassUpdate(ingressClass: IngressClass, old: IngressClass, errors: Errors): void {
  checkImmutableText(ingressClass.spec?.controller, old.spec?.controller, specPath.child('controller'), errors);
  validateIngressClass(ingressClass, errors);
}

export function validateNetworkPolicy({ spec }: NetworkPolicy, errors: Errors): void {
  const { podSelector, ingress = [], egress = [], policyTypes = [] } = spec ?? {};
  validateLabelSelector(podSelector, specPath.child('podSelector'), errors);
  for (const [index, { ports = [], from = [] }] of ingress.entries()) {
    validatePolicyRule(ports, from, 'from', specPath.child('ingress').index(index), errors);
  }
  for (const [index, { ports = [], to = [] }] of egress.entries()) {
    validatePolicyRule(ports, to, 'to', specPath.child('egress').index(index), errors);
  }
  const at = specPath.child('policyTypes');
  if (policyTypes.length > 2) {
    errors.push(invalid(at, policyTypes, 'may not specify more than two policyTypes'));
    return;
  }
  for (const [index, type] of policyTypes.entries()) {
    if (type !== 'Ingress' && type !== 'Egress') errors.push(notSupported(at.index(index), type, ['Ingress', 'Egress']));
  }
}

function validatePolicyRule(
  ports: readonly NetworkPolicyPort[],
  peers: readonly NetworkPolicyPeer[],
  peersField: string,
  path: Path,
  errors: Errors,
): void {
  for (const [index, port] of ports.entries()) validatePolicyPort(port, path.child('ports').index(index), errors);
  for (const [index, peer] of peers.entries()) validatePeer(peer, path.child(peersField).index(index), errors);
}

function validatePolicyPort({ protocol, port, endPort }: NetworkPolicyPort, path: Path, errors: Errors): void {
  if (protocol !== undefined && !protocols.includes(protocol)) {
    errors.push(notSupported(path.child('protocol'), protocol, ['TCP', 'UDP', 'SCTP']));
  }
  const endPath = path.child('endPort');
  if (port === undefined) {
    if (endPort !== undefined) errors.push(invalid(endPath, endPort, 'may not be specified when `port` is not specified'));
  } else if (typeof port === 'number') {
    checkPortNumber(port, path.child('port'), errors);
    if (endPort !== undefined) {
      if (endPort < port) errors.push(invalid(endPath, port, 'must be greater than or equal to `port`'));
      checkPortNumber(endPort, endPath, errors);
    }
  } else {
    if (endPort !== undefined) errors.push(invalid(endPath, endPort, 'may not be specified when `port` is non-numeric'));
    reportInvalid(portNameProblems(port), port, path.child('port'), errors);
  }
}

function validatePeer(peer: NetworkPolicyPeer, path: Path, errors: Errors): void {
  const { podSelector, namespaceSelector, ipBlock } = peer;
  validateLabelSelector(podSelector, path.child('podSelector'), errors);
  validateLabelSelector(namespaceSelector, path.child('namespaceSelector'), errors);
  if (ipBlock !== undefined) validateIpBlock(ipBlock, path.child('ipBlock'), errors);
  const count = [podSelector, namespaceSelector, ipBlock].filter((each) => each !== undefined).length;
  if (count === 0) errors.push(required(path, 'must specify a peer'));
  else if (count > 1 && ipBlock !== undefined) errors.push(forbidden(path, 'may not specify both ipBlock and another peer'));
}

function validateIpBlock({ cidr = '', except = [] }: IPBlock, path: Path, errors: Errors): void {
  checkRequired(cidr, path.child('cidr'), errors);
  if (cidr === '') return;
  checkCidr(cidr, path.child('cidr'), errors);
  const block = parseCidr(cidr);
  if (block === undefined) return;
  for (const [index, text] of except.entries()) {
    const at = path.child('except').index(index);
    checkCidr(text, at, errors);
    const inner = parseCidr(text);
    if (inner !== undefined && (!cidrContains(block, inner) || block.prefixLength >= inner.prefixLength)) {
      errors.push(invalid(at, text, 'must be a strict subset of `cidr`'));
    }
  }
}
