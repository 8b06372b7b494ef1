import { applyDefaults } from '../../../api/defaults/index.ts';
import type { Json } from '../../../api/object.ts';
import { applyJsonPatch } from '../../../api/patches/json-patch.ts';
import { internalError } from '../../../api/status.ts';
import { asApiObject } from '../../decoding/decode-object.ts';
import { readStructure } from '../../decoding/read-structure.ts';
import { type ApiObject, copyJson, isDict, jsonEqual } from '../../registry/api-object.ts';
import type { Resource } from '../../registry/resource.ts';
import type { AdmissionContext, AdmissionPlugin, Attributes } from '../admission.ts';
import { type CallParts, callHook, passOver, WebhookFailure } from '../webhooks/call.ts';
import { type Hook, hooksOf, isExempt, resourceFor } from '../webhooks/hooks.ts';
import { type ReviewAnswer, servedBy } from '../webhooks/review.ts';

/** What has happened to one write so far. */
interface Round {
  /** Webhooks that want to be asked again when others change the object after them. */
  readonly repeatable: Set<string>;
  /** Those of them after whom it was changed. */
  readonly due: Set<string>;
  /** The object as the webhooks left it. */
  output: ApiObject | undefined;
}

/** Asks the webhooks of MutatingWebhookConfigurations one after the other, and applies their patches. Follows upstream's `MutatingAdmissionWebhook`. */
export function mutatingWebhook(parts: CallParts): AdmissionPlugin {
  /** Writes whose first round is over; the chain runs a second one at most. */
  const rounds = new WeakMap<Attributes, Round>();
  return {
    name: 'MutatingAdmissionWebhook',
    admit(attributes, context) {
      const hooks = hooksOf(context, 'mutatingwebhookconfigurations');
      if (hooks.length === 0 || isExempt(attributes)) return;
      const previous = rounds.get(attributes);
      const round: Round = previous ?? { repeatable: new Set(), due: new Set(), output: undefined };
      rounds.set(attributes, round);
      if (previous !== undefined && !jsonEqual(previous.output, attributes.object)) makeDue(round);
      return run(parts, hooks, attributes, context, round, previous !== undefined);
    },
  };
}

function makeDue({ repeatable, due }: Round): void {
  for (const id of repeatable) due.add(id);
  repeatable.clear();
}

async function run(
  parts: CallParts,
  hooks: readonly Hook[],
  attributes: Attributes,
  context: AdmissionContext,
  round: Round,
  isRepeated: boolean,
): Promise<undefined | 'reinvoke'> {
  let reinvoke = false;
  for (const hook of hooks) {
    const resource = resourceFor(hook, attributes, context);
    if (resource === undefined || (isRepeated && !round.due.has(hook.id))) continue;
    try {
      const answer = await callHook(parts, hook, attributes, resource, true);
      if (applyPatch(hook, answer, attributes, resource)) {
        makeDue(round);
        reinvoke = true;
      }
    } catch (error) {
      passOver(hook, error);
      attributes.annotate?.('failed-open.mutating.webhook.admission.k8s.io', hook.webhook.name);
    }
    if (hook.webhook.reinvocationPolicy === 'IfNeeded') round.repeatable.add(hook.id);
  }
  round.output = copyJson(attributes.object);
  return reinvoke ? 'reinvoke' : undefined;
}

/** Changes the object as the webhook wants; gives whether it did. */
function applyPatch({ webhook }: Hook, { patch, patchType }: ReviewAnswer, { object }: Attributes, resource: Resource): boolean {
  if (patch === undefined || (Array.isArray(patch) && patch.length === 0)) return false;
  const quoted = JSON.stringify(webhook.name);
  if (object === undefined) {
    throw internalError(`admission webhook ${quoted} attempted to modify the object, which is not supported for this operation`);
  }
  if (patchType !== 'JSONPatch') throw new WebhookFailure(webhook.name, `unsupported patch type ${JSON.stringify(patchType)}`);
  const before = copyJson(servedBy(resource, object));
  const after = resource.toStored(readPatched(before, patch, resource));
  if (jsonEqual(object, after)) return false;
  replaceFields(object, after);
  return true;
}

function readPatched(before: ApiObject | null, patch: Json, { kind }: Resource): ApiObject {
  let patched: unknown;
  try {
    // A decoded object is JSON; its static type only says more of its metadata.
    patched = copyJson(applyJsonPatch(before as unknown as Json, patch));
  } catch (error) {
    throw internalError(error instanceof Error ? error.message : String(error));
  }
  if (!isDict(patched)) throw internalError('the patched object is no object');
  const { error } = readStructure(kind, patched);
  if (error !== undefined) throw internalError(error);
  const object = asApiObject(patched, kind);
  applyDefaults(kind, object);
  return object;
}

/** Who handed the object in goes on with it and its metadata. */
function replaceFields(object: ApiObject, after: ApiObject): void {
  const { metadata } = object;
  replaceAll(metadata, after.metadata);
  replaceAll(object, { ...after, metadata });
}

function replaceAll(target: object, source: object): void {
  for (const key of Object.keys(target)) if (!Object.hasOwn(source, key)) Reflect.deleteProperty(target, key);
  for (const [key, value] of Object.entries(source)) {
    // Not by assignment: a key may be called `__proto__`.
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  }
}
