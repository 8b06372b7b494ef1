import { goJsonError } from '../../api/go-json-error.ts';
import { notAnObject } from '../decoding/document.ts';
import { parseYaml } from '../decoding/read-yaml.ts';
import { isDict } from '../registry/api-object.ts';

/**
 * The object in a webhook's answer. What does not begin as a JSON object is read as YAML, whatever its media type, as upstream's client does.
 *
 * @throws Error in that client's words
 */
export function readAnswer(text: string, code: number, contentType: string | null): unknown {
  if (text === '') throw new Error(`0-length response with status code: ${code} and content type: ${contentType || 'application/json'}`);
  if (/^\s*\{/.test(text)) return readJson(text);
  const { value } = parseYaml(new TextEncoder().encode(text));
  if (value !== null && !isDict(value)) throw new Error(notAnObject(value));
  return value ?? {};
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`couldn't get version/kind; json parse error: ${goJsonError(text) ?? 'invalid JSON'}`);
  }
}
