import { goStructJson } from '../../../api/go-json.ts';
import type { Json } from '../../../api/object.ts';
import { isMap } from '../../../api/patches/json-tree.ts';
import type { Attributes } from '../admission.ts';
import type { Hook } from './hooks.ts';

/** What the audit log is told of one call of a mutating webhook. Upstream: `webhookAnnotator`. */
export class MutationNotes {
  /** The key under which it is noted that the webhook failed and was passed over. */
  readonly failedOpen: string;
  readonly #attributes: Attributes;
  readonly #place: string;
  readonly #of: { readonly configuration: string; readonly webhook: string };

  /** @param index the webhook's place among all, called or not */
  constructor(attributes: Attributes, { configuration, webhook }: Hook, round: number, index: number) {
    this.#attributes = attributes;
    this.#place = `webhook.admission.k8s.io/round_${round}_index_${index}`;
    this.#of = { configuration, webhook: webhook.name };
    this.failedOpen = `failed-open.mutation.${this.#place}`;
  }

  /** The webhook was asked, or should have been. */
  asked(mutated: boolean): void {
    this.#attributes.annotate?.(`mutation.${this.#place}`, goStructJson({ ...this.#of, mutated }));
  }

  /** The webhook's patch was applied. */
  patched(operations: readonly Json[]): void {
    const patch = operations.map(inOrder);
    this.#attributes.annotate?.(`patch.${this.#place}`, goStructJson({ ...this.#of, patch, patchType: 'JSONPatch' }), 'Request');
  }
}

/** An operation as Go writes maps. */
function inOrder(operation: Json): Json {
  return isMap(operation) ? Object.fromEntries(Object.entries(operation).sort(([a], [b]) => (a < b ? -1 : 1))) : operation;
}
