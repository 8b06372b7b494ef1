import type { ServerStorageVersion, StorageVersion, StorageVersionCondition } from '../generated/types/internal/v1alpha1.ts';
import { dns1035LabelProblems, dns1123SubdomainProblems, nonEmptyProblems, regexMessage } from '../names/index.ts';
import { checkQualifiedName, type Errors, reportInvalid } from './checks.ts';
import { invalid, required } from './field-error.ts';
import type { NameRule } from './name-rules.ts';
import { Path } from './path.ts';

/** `pkg/apis/apiserverinternal/validation` */

const statusPath = Path.of('status');
const versionMessage = `an apiVersion is ${regexMessage(
  "a DNS-1035 label, which must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  '[a-z]([-a-z0-9]*[a-z0-9])?',
  'my-name',
  'abc-123',
)} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyVersion')`;

/** The group and the resource that are stored, with a dot between them. */
export const nameIsOfResource: NameRule = (name) => {
  const dot = name.lastIndexOf('.');
  if (dot < 0) return ['name must be in the form of <group>.<resource>'];
  return [
    ...dns1123SubdomainProblems(name.slice(0, dot)).map((problem) => `the group segment ${problem}`),
    ...dns1035LabelProblems(name.slice(dot + 1)).map((problem) => `the resource segment ${problem}`),
  ];
};

export function validateStorageVersion({ status }: StorageVersion, errors: Errors): void {
  const versions = status?.storageVersions ?? [];
  const path = statusPath.child('storageVersions');
  for (const [index, version] of versions.entries()) checkServer(version, path.index(index), errors);
  const problem = commonVersionProblem(versions, status?.commonEncodingVersion);
  if (problem !== undefined)
    errors.push(invalid(statusPath.child('commonEncodingVersion'), status?.commonEncodingVersion ?? null, problem));
  checkConditions(status?.conditions ?? [], errors);
}

function checkServer(server: ServerStorageVersion, path: Path, errors: Errors): void {
  const { apiServerID = '', encodingVersion = '', decodableVersions, servedVersions = [] } = server;
  reportInvalid(dns1123SubdomainProblems(apiServerID), apiServerID, path.child('apiServerID'), errors);
  checkApiVersion(encodingVersion, path.child('encodingVersion'), errors);
  const decodable = decodableVersions ?? [];
  const decodablePath = path.child('decodableVersions');
  for (const [index, version] of decodable.entries()) checkApiVersion(version, decodablePath.index(index), errors);
  if (!decodable.includes(encodingVersion)) {
    errors.push(invalid(decodablePath, decodableVersions ?? null, `decodableVersions must include encodingVersion ${encodingVersion}`));
  }
  for (const [index, version] of servedVersions.entries()) {
    const at = path.child('servedVersions').index(index);
    checkApiVersion(version, at, errors);
    const detail = `individual served version : ${version} must be included in decodableVersions : [${decodable.join(' ')}]`;
    if (!decodable.includes(version)) errors.push(invalid(at, version, detail));
  }
}

function checkApiVersion(text: string, path: Path, errors: Errors): void {
  const parts = text.split('/');
  const version = parts.at(-1) ?? '';
  const group = parts.length > 1 ? (parts[0] ?? '') : undefined;
  const problems =
    parts.length > 2
      ? [versionMessage]
      : [
          ...(group === undefined ? [] : partProblems('group', group, dns1123SubdomainProblems)),
          ...partProblems('version', version, dns1035LabelProblems),
        ];
  if (problems.length > 0) errors.push(invalid(path, text, problems.join(',')));
}

function partProblems(name: string, part: string, problems: (text: string) => readonly string[]): string[] {
  return (part === '' ? nonEmptyProblems(part) : problems(part)).map((problem) => `${name} part: ${problem}`);
}

/** What is wrong with the version that is said to be everybody's. */
function commonVersionProblem(versions: readonly ServerStorageVersion[], told: string | undefined): string | undefined {
  const [first, ...others] = versions.map(({ encodingVersion }) => encodingVersion);
  const common = others.every((version) => version === first) ? first : undefined;
  if (common === told) return undefined;
  if (common === undefined) {
    return 'should be nil if servers do not agree on the same encoding version, or if there is no server reporting the supported versions yet';
  }
  return told === undefined ? `the common encoding version is ${common}` : `the actual common encoding version is ${common}`;
}

/** Upstream has the conditions' index behind the status. */
function checkConditions(conditions: readonly StorageVersionCondition[], errors: Errors): void {
  const seen = new Map<string, number>();
  for (const [index, { type = '', status = '', reason = '', message = '' }] of conditions.entries()) {
    const path = statusPath.index(index);
    const before = seen.get(type);
    if (before !== undefined) {
      const detail = `the type of the condition is not unique, it also appears in conditions[${before}]`;
      errors.push(invalid(path.child('type'), type, detail));
    }
    seen.set(type, index);
    checkQualifiedName(type, path.child('type'), errors);
    checkQualifiedName(status, path.child('status'), errors);
    if (reason === '') errors.push(required(path.child('reason'), 'reason cannot be empty'));
    if (message === '') errors.push(required(path.child('message'), 'message cannot be empty'));
  }
}
