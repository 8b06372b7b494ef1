import type { CustomResourceDefinition } from '../../api/generated/types/apiextensions/v1.ts';
import { plainError } from '../../api/status.ts';
import { type FieldError, formatFieldErrors, Path } from '../../api/validation/index.ts';
import { validateAnnotations, validateLabels } from '../../api/validation/object-meta.ts';
import type { Random } from '../../simulation/random.ts';
import { type ApiObject, copyJson, type Dict, isDict, jsonEqual } from '../registry/api-object.ts';
import type { Converter } from '../registry/converter.ts';
import { messageOf, type WebhookClient } from '../webhooks/client.ts';

const reviewVersions = ['v1', 'v1beta1'];
/** Upstream's client waits no longer for an answer. */
const timeoutSeconds = 30;

/** What calling takes. */
export interface ConverterParts {
  readonly webhooks: WebhookClient;
  readonly random: Random;
}

/**
 * Asks the webhook of a definition to convert objects between its versions, all of them in one ConversionReview. Undefined for definitions whose versions differ in
 * nothing but their name. Follows upstream's `webhookConverter`; failures are 500 in its words.
 */
export function webhookConverter({ spec }: CustomResourceDefinition, { webhooks, random }: ConverterParts): Converter | undefined {
  const { strategy, webhook } = spec.conversion ?? {};
  if (strategy !== 'Webhook' || webhook === undefined) return undefined;
  const version = webhook.conversionReviewVersions.find((each) => reviewVersions.includes(each));
  const convert = async (originals: readonly ApiObject[], apiVersion: string): Promise<readonly ApiObject[]> => {
    const [first] = originals;
    const of = `conversion webhook for ${first?.apiVersion ?? ''}, Kind=${first?.kind ?? ''}`;
    if (version === undefined) throw plainError('no supported conversion review versions');
    const uid = random.uuid();
    const review = { uid, desiredAPIVersion: apiVersion, objects: originals };
    let converted: readonly unknown[];
    try {
      const asked = { kind: 'ConversionReview', apiVersion: `apiextensions.k8s.io/${version}`, request: review };
      converted = convertedObjects(
        await webhooks.post(webhook.clientConfig ?? {}, asked, timeoutSeconds, `timeout=${timeoutSeconds}s`),
        uid,
        version,
      );
    } catch (error) {
      throw plainError(`${of} failed: ${messageOf(error)}`);
    }
    if (converted.length !== originals.length) {
      throw plainError(`${of} returned ${converted.length} objects, expected ${originals.length}`);
    }
    const what = (index: number) => (originals.length === 1 ? 'object' : `converted object at index ${index}`);
    return originals.map((original, index) => {
      try {
        return checked(original, converted[index], apiVersion);
      } catch (error) {
        throw plainError(`${of} returned invalid ${what(index)}: ${messageOf(error)}`);
      }
    });
  };
  return {
    async convert(objects, apiVersion) {
      const waiting = objects.filter((object) => object.apiVersion !== apiVersion);
      if (waiting.length === 0) return objects.map(copyJson);
      const converted = [...(await convert(waiting, apiVersion))].reverse();
      return objects.map((object) => (object.apiVersion === apiVersion ? copyJson(object) : (converted.pop() ?? object)));
    },
  };
}

function convertedObjects(review: unknown, uid: string, version: string): readonly unknown[] {
  const { apiVersion, kind, response } = isDict(review) ? review : { apiVersion: '', kind: '', response: undefined };
  const expected = `apiextensions.k8s.io/${version}`;
  if (version === 'v1' && (apiVersion !== expected || kind !== 'ConversionReview')) {
    throw new Error(
      `expected webhook response of ${expected}, Kind=ConversionReview, got ${String(apiVersion ?? '')}, Kind=${String(kind ?? '')}`,
    );
  }
  if (!isDict(response)) throw new Error('no response provided');
  if (version === 'v1' && response.uid !== uid) {
    throw new Error(`expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(response.uid ?? '')}`);
  }
  const result: Dict = isDict(response.result) ? response.result : {};
  if (result.status !== 'Success') {
    throw new Error(
      typeof result.message === 'string' && result.message !== ''
        ? result.message
        : `response.result.status was '${String(result.status ?? '')}', not 'Success'`,
    );
  }
  return Array.isArray(response.convertedObjects) ? response.convertedObjects : [];
}

/** A converted object, if it is what was asked for. Of its metadata only labels and annotations are taken. */
function checked(original: ApiObject, converted: unknown, apiVersion: string): ApiObject {
  if (!isDict(converted)) throw new Error("Object 'Kind' is missing");
  const got = String(converted.apiVersion ?? '');
  if (got !== apiVersion) throw new Error(`invalid groupVersion (expected ${apiVersion}, received ${got})`);
  if (converted.kind !== original.kind)
    throw new Error(`invalid kind (expected ${original.kind}, received ${String(converted.kind ?? '')})`);
  const { metadata, ...content } = converted;
  const given: Dict = isDict(metadata) ? metadata : {};
  for (const [field, name] of [
    ['name', 'name'],
    ['namespace', 'namespace'],
    ['uid', 'UID'],
  ] as const) {
    const [was, is] = [original.metadata[field] ?? '', given[field] ?? ''];
    if (was !== is) throw new Error(`must have the same ${name}: ${was} != ${String(is)}`);
  }
  if (!isDict(metadata)) throw new Error('missing metadata in converted object');
  return { ...copyJson(content), kind: original.kind, apiVersion, metadata: withLabelsOf(original, given) };
}

function withLabelsOf(original: ApiObject, given: Dict): ApiObject['metadata'] {
  const metadata = copyJson(original.metadata);
  for (const field of ['labels', 'annotations'] as const) {
    const texts = given[field];
    if (texts === undefined || texts === null) {
      delete metadata[field];
      continue;
    }
    if (!isTexts(texts)) throw new Error(`invalid metadata.${field} in converted object`);
    if (!jsonEqual(texts, original.metadata[field])) {
      const path = Path.of('metadata', field === 'labels' ? 'labels' : 'annotation');
      const errors: FieldError[] = [];
      if (field === 'labels') validateLabels(texts, path, errors);
      else validateAnnotations(texts, path, errors);
      if (errors.length > 0) throw new Error(formatFieldErrors(errors));
    }
    metadata[field] = { ...texts };
  }
  return metadata;
}

function isTexts(value: unknown): value is Record<string, string> {
  return isDict(value) && Object.values(value).every((text) => typeof text === 'string');
}
