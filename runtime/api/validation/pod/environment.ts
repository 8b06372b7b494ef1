import type { EnvFromSource, EnvVar, EnvVarSource, PodSpec } from '../../generated/types/core/v1.ts';
import { configMapKeyProblems, environmentVariableNameProblems } from '../../names/index.ts';
import { checkDnsLabel, type Errors, reportInvalid } from '../checks.ts';
import { invalid, notFound, required } from '../field-error.ts';
import { nameIsDnsSubdomain } from '../name-rules.ts';
import type { Path } from '../path.ts';
import { containersOf } from './containers-of.ts';
import { validateFieldRef, validateResourceFieldRef } from './field-references.ts';
import { checkNoBacksteps } from './paths.ts';

/** The variables of a container. */
export function validateEnv(variables: readonly EnvVar[] | undefined, path: Path, errors: Errors): void {
  if (variables === undefined) return;
  for (const [index, variable] of variables.entries()) {
    const name = variable.name ?? '';
    if (name === '') errors.push(required(path.index(index).child('name')));
    else reportInvalid(environmentVariableNameProblems(name), name, path.index(index).child('name'), errors);
    if (variable.valueFrom !== undefined) validateValueFrom(variable, variable.valueFrom, path.index(index).child('valueFrom'), errors);
  }
}

const sources = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef', 'fileKeyRef'] as const;

function validateValueFrom(variable: EnvVar, source: EnvVarSource, path: Path, errors: Errors): void {
  const count = sources.filter((name) => source[name] !== undefined).length;
  if (source.fieldRef !== undefined) validateFieldRef(source.fieldRef, 'environment', path.child('fieldRef'), errors);
  if (source.resourceFieldRef !== undefined) {
    validateResourceFieldRef(source.resourceFieldRef, 'environment', path.child('resourceFieldRef'), errors);
  }
  if (source.configMapKeyRef !== undefined) validateKeySelector(source.configMapKeyRef, path.child('configMapKeyRef'), errors);
  if (source.secretKeyRef !== undefined) validateKeySelector(source.secretKeyRef, path.child('secretKeyRef'), errors);
  if (source.fileKeyRef !== undefined) {
    const { key = '', volumeName = '', path: file = '' } = source.fileKeyRef;
    const at = path.child('fileKeyRef');
    if (key === '') errors.push(required(at.child('key')));
    else reportInvalid(environmentVariableNameProblems(key), key, at.child('key'), errors);
    if (volumeName === '') errors.push(required(at.child('volumeName')));
    else checkDnsLabel(volumeName, at.child('volumeName'), errors);
    if (file === '') errors.push(required(at.child('path')));
    else checkNoBacksteps(file, at.child('path'), errors);
  }
  if (count === 0) {
    errors.push(
      invalid(path, '', 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`'),
    );
  } else if ((variable.value ?? '') !== '') errors.push(invalid(path, '', 'may not be specified when `value` is not empty'));
  else if (count > 1) errors.push(invalid(path, '', 'may not have more than one field specified at a time'));
}

function validateKeySelector(selector: { readonly name?: string; readonly key: string }, path: Path, errors: Errors): void {
  const { name = '', key = '' } = selector;
  reportInvalid(nameIsDnsSubdomain(name, false), name, path.child('name'), errors);
  if (key === '') errors.push(required(path.child('key')));
  else reportInvalid(configMapKeyProblems(key), key, path.child('key'), errors);
}

/** ConfigMaps and Secrets all of whose keys become variables. */
export function validateEnvFrom(entries: readonly EnvFromSource[] | undefined, path: Path, errors: Errors): void {
  if (entries === undefined) return;
  for (const [index, { prefix = '', configMapRef, secretRef }] of entries.entries()) {
    const at = path.index(index);
    if (prefix !== '') reportInvalid(environmentVariableNameProblems(prefix), prefix, at.child('prefix'), errors);
    if (configMapRef !== undefined) validateSourceName(configMapRef.name, at.child('configMapRef'), errors);
    if (secretRef !== undefined) validateSourceName(secretRef.name, at.child('secretRef'), errors);
    if (configMapRef === undefined && secretRef === undefined) {
      errors.push(invalid(path, '', 'must specify one of: `configMapRef` or `secretRef`'));
    } else if (configMapRef !== undefined && secretRef !== undefined) {
      errors.push(invalid(path, '', 'may not have more than one field specified at a time'));
    }
  }
}

function validateSourceName(name: string | undefined, path: Path, errors: Errors): void {
  if (name === undefined || name === '') errors.push(required(path.child('name')));
  else reportInvalid(nameIsDnsSubdomain(name, true), name, path.child('name'), errors);
}

/** Files that variables are read from stand in empty directories of the pod. */
export function validateFileVolumes(spec: PodSpec, path: Path, errors: Errors): void {
  for (const [container, at] of containersOf(spec, path)) {
    for (const [index, { valueFrom }] of (container.env ?? []).entries()) {
      const name = valueFrom?.fileKeyRef?.volumeName ?? '';
      if (valueFrom?.fileKeyRef === undefined) continue;
      const volume = spec.volumes?.findLast((each) => each.name === name);
      const volumePath = at.child('env').index(index).child('valueFrom', 'fileKeyRef', 'volumeName');
      if (volume === undefined) errors.push(notFound(volumePath, name));
      else if (volume.emptyDir === undefined) errors.push(invalid(volumePath, name, 'referenced volume must be of type emptyDir'));
    }
  }
}
