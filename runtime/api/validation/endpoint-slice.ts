import type { EndpointSlice } from '../generated/types/discovery/v1.ts';
import { fullyQualifiedDomainProblem, ipFamilyOf, ipProblems, labelValueProblems, specialIpProblems } from '../names/index.ts';
import { checkDnsLabel, checkImmutableText, checkOneOf, checkQualifiedName, type Errors, reportInvalid } from './checks.ts';
import { duplicate, invalid, required, tooMany } from './field-error.ts';
import { nameIsDnsSubdomain } from './name-rules.ts';
import { Path } from './path.ts';
import { protocols } from './pod/containers.ts';

/** `pkg/apis/discovery/validation` */

const maxEndpoints = 1000;
const maxAddresses = 100;
const maxPorts = 20000;
const maxTopologyLabels = 16;
const maxHints = 8;

export function validateEndpointSlice(slice: EndpointSlice, errors: Errors): void {
  checkOneOf(slice.addressType, ['FQDN', 'IPv4', 'IPv6'], Path.of('addressType'), errors);
  validateEndpoints(slice, errors);
  validatePorts(slice, errors);
}

export function validateEndpointSliceUpdate(slice: EndpointSlice, old: EndpointSlice, errors: Errors): void {
  validateEndpointSlice(slice, errors);
  checkImmutableText(slice.addressType, old.addressType, Path.of('addressType'), errors);
}

function validateEndpoints({ endpoints = [], addressType }: EndpointSlice, errors: Errors): void {
  const path = Path.of('endpoints');
  if (endpoints.length > maxEndpoints) {
    errors.push(tooMany(path, endpoints.length, maxEndpoints));
    return;
  }
  for (const [index, endpoint] of endpoints.entries()) {
    const at = path.index(index);
    const { addresses = [], hostname, nodeName, deprecatedTopology, hints } = endpoint;
    if (addresses.length === 0) errors.push(required(at.child('addresses'), 'must contain at least 1 address'));
    else if (addresses.length > maxAddresses) errors.push(tooMany(at.child('addresses'), addresses.length, maxAddresses));
    for (const [each, address] of addresses.entries()) validateAddress(address, addressType, at.child('addresses'), each, errors);
    if (nodeName !== undefined) reportInvalid(nameIsDnsSubdomain(nodeName, false), nodeName, at.child('nodeName'), errors);
    const labels = Object.keys(deprecatedTopology ?? {}).length;
    if (labels > maxTopologyLabels) errors.push(tooMany(at.child('deprecatedTopology'), labels, maxTopologyLabels));
    for (const key in deprecatedTopology) {
      checkQualifiedName(key, at.child('deprecatedTopology'), errors);
      const value = deprecatedTopology[key] ?? '';
      reportInvalid(labelValueProblems(value), value, at.child('deprecatedTopology'), errors);
    }
    if (hostname !== undefined) checkDnsLabel(hostname, at.child('hostname'), errors);
    validateHints(hints?.forZones, labelValueProblems, at.child('hints', 'forZones'), errors);
    validateHints(hints?.forNodes, (name) => nameIsDnsSubdomain(name, false), at.child('hints', 'forNodes'), errors);
  }
}

/** For whom an endpoint is meant first. */
function validateHints(
  hints: readonly { readonly name: string }[] | undefined,
  problemsOf: (name: string) => readonly string[],
  path: Path,
  errors: Errors,
): void {
  if (hints === undefined) return;
  if (hints.length > maxHints) {
    errors.push(tooMany(path, hints.length, maxHints));
    return;
  }
  const names = new Set<string>();
  for (const [index, { name = '' }] of hints.entries()) {
    const at = path.index(index).child('name');
    if (names.has(name)) errors.push(duplicate(at, name));
    names.add(name);
    reportInvalid(problemsOf(name), name, at, errors);
  }
}

function validateAddress(address: string, type: string, addresses: Path, index: number, errors: Errors): void {
  const path = addresses.index(index);
  if (type === 'FQDN') {
    const problem = fullyQualifiedDomainProblem(address);
    if (address === '') errors.push(required(path));
    else if (problem !== undefined) errors.push(invalid(path, ...problem));
    return;
  }
  if (type !== 'IPv4' && type !== 'IPv6') return;
  const problems = ipProblems(address);
  reportInvalid(problems, address, path, errors);
  if (problems.length > 0) return;
  if (ipFamilyOf(address) !== type) errors.push(invalid(addresses, address, `must be an ${type} address`));
  reportInvalid(specialIpProblems(address), address, path, errors);
}

function validatePorts({ ports = [] }: EndpointSlice, errors: Errors): void {
  const path = Path.of('ports');
  if (ports.length > maxPorts) {
    errors.push(tooMany(path, ports.length, maxPorts));
    return;
  }
  const names = new Set<string>();
  for (const [index, { name = '', protocol, appProtocol }] of ports.entries()) {
    const at = path.index(index);
    if (name !== '') checkDnsLabel(name, at.child('name'), errors);
    if (names.has(name)) errors.push(duplicate(at.child('name'), name));
    else names.add(name);
    checkOneOf(protocol, protocols, at.child('protocol'), errors);
    if (appProtocol !== undefined) checkQualifiedName(appProtocol, at.child('appProtocol'), errors);
  }
}
