import { base64Bytes, base64Size } from '../base64.ts';
import type { ConfigMap, Secret } from '../generated/types/core/v1.ts';
import { goJsonError } from '../go-json-error.ts';
import { byteLength, configMapKeyProblems } from '../names/index.ts';
import { checkImmutableText, type Errors, reportInvalid } from './checks.ts';
import { semanticEqual } from './equality.ts';
import { forbidden, invalid, required, tooLong } from './field-error.ts';
import { metadataPath } from './object-meta.ts';
import { Path, root } from './path.ts';

/** ConfigMaps and Secrets of `pkg/apis/core/validation`. */

const maxSize = 1024 * 1024;
const dataPath = Path.of('data');
const binaryDataPath = Path.of('binaryData');
const immutableDetail = 'field is immutable when `immutable` is set';

export function validateConfigMap({ data, binaryData }: ConfigMap, errors: Errors): void {
  let size = 0;
  for (const key in data) {
    reportInvalid(configMapKeyProblems(key), key, dataPath.key(key), errors);
    if (binaryData !== undefined && Object.hasOwn(binaryData, key)) {
      errors.push(invalid(dataPath.key(key), key, 'duplicate of key present in binaryData'));
    }
    size += byteLength(data[key] ?? '');
  }
  for (const key in binaryData) {
    reportInvalid(configMapKeyProblems(key), key, binaryDataPath.key(key), errors);
    size += base64Size(binaryData[key] ?? '');
  }
  if (size > maxSize) errors.push(tooLong(root, maxSize));
}

export function validateConfigMapUpdate(configMap: ConfigMap, old: ConfigMap, errors: Errors): void {
  checkFrozen(configMap, old, ['data', 'binaryData'], errors);
  validateConfigMap(configMap, errors);
}

function checkFrozen<T extends { readonly immutable?: boolean }>(
  object: T,
  old: T,
  fields: readonly (keyof T & string)[],
  errors: Errors,
): void {
  if (old.immutable !== true) return;
  if (object.immutable !== true) errors.push(forbidden(Path.of('immutable'), immutableDetail));
  for (const field of fields) if (!semanticEqual(object[field], old[field])) errors.push(forbidden(Path.of(field), immutableDetail));
}

export function validateSecret(secret: Secret, errors: Errors): void {
  const { data } = secret;
  let size = 0;
  for (const key in data) {
    reportInvalid(configMapKeyProblems(key), key, dataPath.key(key), errors);
    size += base64Size(data[key] ?? '');
  }
  if (size > maxSize) errors.push(tooLong(dataPath, maxSize));
  const requireKey = (key: string): void => {
    if (data?.[key] === undefined) errors.push(required(dataPath.key(key)));
  };
  switch (secret.type) {
    case 'kubernetes.io/service-account-token': {
      const annotation = 'kubernetes.io/service-account.name';
      if ((secret.metadata?.annotations?.[annotation] ?? '') === '')
        errors.push(required(metadataPath.child('annotations').key(annotation)));
      break;
    }
    case 'kubernetes.io/dockercfg':
      validateJson(data, '.dockercfg', errors);
      break;
    case 'kubernetes.io/dockerconfigjson':
      validateJson(data, '.dockerconfigjson', errors);
      break;
    case 'kubernetes.io/basic-auth':
      if (data?.username === undefined && data?.password === undefined) {
        requireKey('username');
        requireKey('password');
      }
      break;
    case 'kubernetes.io/ssh-auth':
      if ((data?.['ssh-privatekey'] ?? '') === '') errors.push(required(dataPath.key('ssh-privatekey')));
      break;
    case 'kubernetes.io/tls':
      requireKey('tls.crt');
      requireKey('tls.key');
      break;
  }
}

function validateJson(data: Secret['data'], key: string, errors: Errors): void {
  const encoded = data?.[key];
  if (encoded === undefined) {
    errors.push(required(dataPath.key(key)));
    return;
  }
  const problem = jsonObjectProblem(new TextDecoder('utf-8', { ignoreBOM: true }).decode(base64Bytes(encoded)));
  if (problem !== undefined) errors.push(invalid(dataPath.key(key), '<secret contents redacted>', problem));
}

/** Why a text is no JSON object, in Go's words. */
function jsonObjectProblem(text: string): string | undefined {
  const problem = goJsonError(text);
  if (problem !== undefined) return problem;
  const value: unknown = JSON.parse(text);
  if (value === null || (typeof value === 'object' && !Array.isArray(value))) return undefined;
  const found = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  return `json: cannot unmarshal ${found} into Go value of type map[string]interface {}`;
}

export function validateSecretUpdate(secret: Secret, old: Secret, errors: Errors): void {
  checkImmutableText(secret.type, old.type, Path.of('type'), errors);
  checkFrozen(secret, old, ['data'], errors);
  validateSecret(secret, errors);
}
