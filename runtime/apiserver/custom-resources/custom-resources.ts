import type { FieldTypes } from '../../api/apply/field-types.ts';
import { approvalCondition } from '../../api/custom-resources/approval.ts';
import { cleanupFinalizer, isConditionTrue, withCondition } from '../../api/custom-resources/definition.ts';
import { nonStructuralCondition } from '../../api/custom-resources/non-structural.ts';
import { customDefinitions } from '../../api/custom-resources/openapi.ts';
import type { CustomResourceDefinition, CustomResourceDefinitionStatus } from '../../api/generated/types/apiextensions/v1.ts';
import type { Schema } from '../../api/kinds/schema.ts';
import { notFound, StatusError } from '../../api/status.ts';
import { type ApiObject, copyJson, jsonEqual } from '../registry/api-object.ts';
import type { Core, WriteOptions } from '../registry/core.ts';
import { deleteObject } from '../registry/delete.ts';
import { managedChange, trackFields } from '../registry/managed-fields.ts';
import type { Resource } from '../registry/resource.ts';
import { updateObject } from '../registry/update.ts';
import type { WebhookClient } from '../webhooks/client.ts';
import { customPrefix, customResource, uncreatableOf } from './custom-resource.ts';
import { asDefinition } from './definition-strategy.ts';
import { acceptNames } from './names.ts';
import type { ConverterParts } from './webhook-converter.ts';

/** How often the objects of a deleted definition are looked for again while some are held. */
const recheckMs = 5000;

const writer: WriteOptions = {
  user: { name: 'system:apiserver', groups: ['system:masters'] },
  dryRun: false,
  fieldManager: 'kube-apiserver',
  warn: () => {},
};

interface Served {
  readonly resource: Resource;
  /** What the resource was made of; another one is made only when this changes, and what goes on with it ends. */
  readonly made: string;
  /** Whether its definition is being deleted, and how far: another resource is made for it, but what goes on is not disturbed. */
  readonly state: string;
  readonly definitions: ReadonlyMap<string, Schema>;
}

/** What becomes of a definition's status; `done` when nothing keeps the definition any longer. `now` is RFC 3339. */
type Change = (
  definition: CustomResourceDefinition,
  now: string,
) => { readonly status: CustomResourceDefinitionStatus; readonly done?: boolean };

/**
 * Serves the kinds that CustomResourceDefinitions define. Whenever one of them changes, all are looked at: names are accepted, established versions
 * get into the table of resources and others out of it, and the objects of deleted ones are deleted. Follows `k8s.io/apiextensions-apiserver`.
 */
export class CustomResources {
  private readonly core: Core;
  private readonly log: (text: string) => void;
  private readonly converterParts: ConverterParts;
  private readonly served = new Map<string, Served>();
  private readonly schemas = new Map<string, Schema>();
  private running = false;
  private again = false;

  constructor(core: Core, webhooks: WebhookClient, log: (text: string) => void) {
    this.core = core;
    this.converterParts = { webhooks, random: core.random };
    this.log = log;
  }

  /** Serves what is established already, and follows the definitions from now on. */
  start(): void {
    const { store } = this.core;
    this.serve();
    store
      .watch(this.kind.prefix, store.revision, () => this.schedule())
      .catch((error: unknown) => this.log(`custom resources cannot be followed: ${String(error)}`));
    if (this.definitions().length > 0) this.schedule();
  }

  /** The OpenAPI definition of a custom kind or its list. */
  schemaOf(name: string): Schema | undefined {
    return this.schemas.get(name);
  }

  private get kind(): Resource {
    const resource = this.core.resources.findAnyVersion('apiextensions.k8s.io', 'customresourcedefinitions');
    if (resource === undefined) throw new Error('CustomResourceDefinitions are not served');
    return resource;
  }

  private definitions(): readonly CustomResourceDefinition[] {
    return this.core.reader.list('apiextensions.k8s.io', 'customresourcedefinitions').map(asDefinition);
  }

  private schedule(): void {
    // Definitions that are established already change what is served before anything else happens.
    this.serve();
    this.again = true;
    if (this.running) return;
    this.running = true;
    queueMicrotask(() => void this.run());
  }

  private async run(): Promise<void> {
    try {
      while (this.again) {
        this.again = false;
        for (const definition of this.definitions()) await this.reconcile(definition);
      }
    } catch (error) {
      // Another change, or the deletion of the definition, came first; it calls again.
      if (!(error instanceof StatusError))
        this.log(`custom resources: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    } finally {
      this.running = false;
    }
  }

  private async reconcile(definition: CustomResourceDefinition): Promise<void> {
    const name = definition.metadata?.name ?? '';
    await this.writeStatus(name, definition, (now, time) => {
      const others = this.definitions().filter(({ spec, metadata }) => spec.group === now.spec.group && metadata?.name !== name);
      const named = acceptNames(now, others, time);
      const structural = nonStructuralCondition({ ...now, status: named }, time);
      return { status: approvalCondition({ ...now, status: structural }, time) };
    });
    if (definition.metadata?.deletionTimestamp !== undefined && definition.metadata.finalizers?.includes(cleanupFinalizer)) {
      await this.cleanUp(name, definition);
    }
  }

  private async cleanUp(name: string, definition: CustomResourceDefinition): Promise<void> {
    const terminating = (status: string, reason: string, message: string, done: boolean): Change => {
      return (now, time) => ({
        status: {
          ...now.status,
          conditions: withCondition(now.status?.conditions ?? [], { type: 'Terminating', status, reason, message }, time),
        },
        done,
      });
    };
    if (!isConditionTrue(definition, 'Established')) {
      await this.writeStatus(name, definition, terminating('False', 'NeverEstablished', 'resource was never established', true));
      return;
    }
    await this.writeStatus(
      name,
      definition,
      terminating('True', 'InstanceDeletionInProgress', 'CustomResource deletion is in progress', false),
    );
    await this.deleteObjects(definition);
    if (this.core.store.current(customPrefix(definition)).length > 0) {
      this.core.clock.after(recheckMs, () => this.schedule());
      return;
    }
    await this.writeStatus(name, definition, terminating('False', 'InstanceDeletionCompleted', 'removed all instances', true));
  }

  private async deleteObjects(definition: CustomResourceDefinition): Promise<void> {
    const version = definition.spec.versions.find((each) => each.storage) ?? definition.spec.versions[0];
    if (version === undefined) return;
    const resource = customResource(definition, version, this.converterParts);
    for (const entry of this.core.store.current(resource.prefix)) {
      const { name = '', namespace = '', deletionTimestamp } = this.core.cache.object(resource, entry).metadata;
      if (deletionTimestamp !== undefined) continue;
      try {
        await deleteObject(this.core, resource, namespace, name, {}, writer);
      } catch (error) {
        if (!(error instanceof StatusError && error.code === 404)) throw error;
      }
    }
  }

  /** Writes what `change` makes of a definition's status, and takes the finalizer away when it is done. Writes nothing when nothing changes. */
  private async writeStatus(name: string, definition: CustomResourceDefinition, change: Change): Promise<void> {
    const { kind: resource, core } = this;
    const first = change(definition, core.now());
    if (!first.done && jsonEqual(first.status, definition.status)) return;
    try {
      await updateObject(
        core,
        resource,
        '',
        name,
        (live) => {
          if (live === undefined) throw notFound(resource.subject, name);
          const object: ApiObject = copyJson(live);
          const { status, done } = change(asDefinition(object), core.now());
          object.status = status;
          if (done) {
            const finalizers = (object.metadata.finalizers ?? []).filter((finalizer) => finalizer !== cleanupFinalizer);
            if (finalizers.length > 0) object.metadata.finalizers = finalizers;
            else delete object.metadata.finalizers;
          }
          trackFields(core.fieldTypes, resource, live, object, managedChange(resource, writer.fieldManager, 'status', core.now()));
          return object;
        },
        { ...writer, subresource: 'status' },
      );
    } catch (error) {
      if (!(error instanceof StatusError && (error.code === 404 || error.code === 409))) throw error;
    }
  }

  /** Brings the table of resources in line with the definitions. */
  private serve(): void {
    const wanted = new Map<string, () => Served>();
    for (const definition of this.definitions()) {
      if (!isConditionTrue(definition, 'Established')) continue;
      const { spec, status } = definition;
      const { plural, kind } = status?.acceptedNames ?? spec.names;
      // Nothing has a name that whoever writes the status took away.
      if (!plural || !kind) continue;
      // As upstream has it, whatever changes in a definition ends the watches of all its versions.
      const made = JSON.stringify([spec, status?.acceptedNames]);
      for (const version of spec.versions) {
        if (!version.served) continue;
        const state = JSON.stringify([isConditionTrue(definition, 'Terminating'), uncreatableOf(definition)]);
        const key = `${spec.group}/${version.name}/${plural}`;
        const known = this.served.get(key);
        wanted.set(key, () =>
          known?.made === made && known.state === state
            ? known
            : {
                made,
                state,
                resource: customResource(definition, version, this.converterParts),
                definitions: customDefinitions(definition, version),
              },
        );
      }
    }
    for (const [key, { resource, definitions }] of this.served) {
      if (wanted.has(key)) continue;
      this.served.delete(key);
      this.forget(definitions);
      this.core.resources.remove([resource]);
    }
    for (const [key, make] of wanted) this.put(key, make);
  }

  private put(key: string, make: () => Served): void {
    const { resources } = this.core;
    const known = this.served.get(key);
    const next = this.attempt(key, make);
    if (next === undefined || next === known) return;
    const { group, version, plural } = next.resource.kind;
    // Built-in kinds cannot be replaced.
    if (known === undefined && resources.find(group, version, plural) !== undefined) return;
    if (known?.made === next.made) next.resource.succeed(known.resource);
    if (known !== undefined) this.forget(known.definitions);
    this.forget(next.definitions);
    for (const [name, schema] of next.definitions) this.schemas.set(name, schema);
    this.served.set(key, next);
    resources.add([next.resource]);
  }

  private attempt(key: string, make: () => Served): Served | undefined {
    try {
      return make();
    } catch (error) {
      this.log(`${key} cannot be served: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }

  private forget(definitions: ReadonlyMap<string, Schema>): void {
    const types: FieldTypes = this.core.fieldTypes;
    for (const name of definitions.keys()) {
      this.schemas.delete(name);
      types.forget(name);
    }
  }
}
