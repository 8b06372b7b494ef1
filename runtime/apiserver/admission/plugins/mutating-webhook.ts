import { goJsonError } from '../../../api/go-json-error.ts';
import type { Json } from '../../../api/object.ts';
import { parseJson } from '../../../api/parse-json.ts';
import { applyJsonPatch } from '../../../api/patches/json-patch.ts';
import { internalError } from '../../../api/status.ts';
import { copyJson, jsonEqual } from '../../registry/api-object.ts';
import type { Resource } from '../../registry/resource.ts';
import type { AdmissionContext, AdmissionPlugin, Attributes } from '../admission.ts';
import { type Round, Rounds } from '../reinvocation.ts';
import { readMutated, replaceObject } from '../replace-object.ts';
import { asWritten, servedBy } from '../versions.ts';
import { askHook } from '../webhooks/ask.ts';
import { type CallParts, callHook, WebhookFailure } from '../webhooks/call.ts';
import { type Hook, hooksOf, isExempt, resourceFor } from '../webhooks/hooks.ts';
import { MutationNotes } from '../webhooks/mutation-notes.ts';
import type { ReviewAnswer } from '../webhooks/review.ts';

/** Asks the webhooks of MutatingWebhookConfigurations one after the other, and applies their patches. Follows upstream's `MutatingAdmissionWebhook`. */
export function mutatingWebhook(parts: CallParts): AdmissionPlugin {
  const rounds = new Rounds();
  return {
    name: 'MutatingAdmissionWebhook',
    admit(attributes, context) {
      const hooks = hooksOf(context, 'mutatingwebhookconfigurations');
      if (hooks.length === 0 || isExempt(attributes)) return;
      return run(parts, hooks, attributes, context, rounds.enter(attributes));
    },
  };
}

async function run(
  parts: CallParts,
  hooks: readonly Hook[],
  attributes: Attributes,
  context: AdmissionContext,
  round: Round,
): Promise<undefined | 'reinvoke'> {
  let reinvoke = false;
  for (const [index, hook] of hooks.entries()) {
    const resource = await resourceFor(hook, attributes, context);
    if (resource === undefined || !round.wants(hook.id)) continue;
    const notes = new MutationNotes(attributes, hook, round.isRepeated ? 1 : 0, index);
    await askHook(parts, hook, attributes, 'admit', notes.failedOpen, async () => {
      let mutated = false;
      try {
        const answer = await callHook(parts, hook, attributes, resource, true);
        mutated = await applyPatch(hook, answer, attributes, resource, notes);
      } finally {
        notes.asked(mutated);
      }
      if (!mutated) return;
      round.changed();
      reinvoke = true;
    });
    if (hook.webhook.reinvocationPolicy === 'IfNeeded') round.seenBy(hook.id);
  }
  round.finish(attributes.object);
  return reinvoke ? 'reinvoke' : undefined;
}

/** Changes the object as the webhook wants; gives whether it did. */
async function applyPatch(
  { webhook }: Hook,
  { patch, patchType }: ReviewAnswer,
  attributes: Attributes,
  resource: Resource,
  notes: MutationNotes,
): Promise<boolean> {
  const { object } = attributes;
  const operations = patch === undefined ? [] : readOperations(webhook.name, patch);
  if (operations.length === 0) return false;
  const quoted = JSON.stringify(webhook.name);
  if (object === undefined) {
    throw internalError(`admission webhook ${quoted} attempted to modify the object, which is not supported for this operation`);
  }
  if (patchType !== 'JSONPatch') throw new WebhookFailure(webhook.name, `unsupported patch type ${JSON.stringify(patchType)}`);
  const before = copyJson(await servedBy(resource, object));
  const after = await asWritten(resource, readMutated(patched(before, operations), resource, false), attributes);
  notes.patched(operations);
  if (jsonEqual(object, after)) return false;
  replaceObject(object, after);
  return true;
}

/** Reads a patch. */
function readOperations(webhook: string, text: string): Json[] {
  const undecodable = (why: string) => new WebhookFailure(webhook, `received undecodable patch in webhook response: ${why}`);
  let patch: Json;
  try {
    patch = parseJson(text);
  } catch {
    throw undecodable(goJsonError(text) ?? 'invalid JSON');
  }
  if (patch === null) return [];
  if (Array.isArray(patch)) return patch;
  const type = typeof patch === 'boolean' ? 'bool' : typeof patch;
  throw undecodable(`json: cannot unmarshal ${type} into Go value of type jsonpatch.Patch`);
}

function patched(before: unknown, operations: Json): unknown {
  try {
    // A decoded object is JSON; its static type only says more of its metadata.
    return applyJsonPatch(before as Json, operations);
  } catch (error) {
    throw internalError(error instanceof Error ? error.message : String(error));
  }
}
